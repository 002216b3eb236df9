import { metresPerPixel, type MapMarker, type MapView } from '@artmqtt/element/map';
import type { Pose } from '@artmqtt/client';
import { cloneTemplate } from '../elements';

/** Circles smaller than the vehicle itself say nothing, px. */
const smallestCircle = 30;

/** The vehicle: an arrow that turns with the heading, a circle of accuracy, grey when its position is old. */
export class OperatorMarker {
  private readonly element = cloneTemplate('operator-template');
  private readonly vehicle = this.element.querySelector<SVGElement>('.operator-vehicle')!;
  private readonly circle = this.element.querySelector<HTMLElement>('.operator-accuracy')!;
  private marker: MapMarker | null = null;

  constructor(private readonly view: MapView) {}

  show(pose: Pose, accuracy: number | undefined, isStale: boolean, shownFix: number): void {
    if (this.marker) {
      this.marker.moveTo(pose);
    } else {
      this.marker = this.view.addMarker(this.element, 'center', pose);
    }
    this.vehicle.style.transform = `rotate(${pose.heading.toFixed(1)}deg)`;
    this.showAccuracy(accuracy, pose.lat);

    const { dataset } = this.element;
    dataset.lat = pose.lat.toFixed(7);
    dataset.lng = pose.lng.toFixed(7);
    dataset.heading = pose.heading.toFixed(1);
    dataset.stale = String(isStale);
    dataset.shownFix = String(shownFix);
  }

  remove(): void {
    this.marker?.remove();
    this.marker = null;
  }

  private showAccuracy(accuracy: number | undefined, lat: number): void {
    const pixels = accuracy === undefined ? 0 : Math.round(2 * accuracy / metresPerPixel(lat, this.view.zoom()));
    this.circle.hidden = pixels < smallestCircle;
    if (!this.circle.hidden) {
      this.circle.style.width = this.circle.style.height = `${pixels}px`;
    }
  }
}
