import type { Place } from '@artmqtt/client';
import { palette, type MapView } from '@artmqtt/element/map';
import { css, type Rgb, type RouteColours } from './colours';
import { cameraOf } from './camera';
import { brightness, type Heat } from './heat';
import type { Stop } from './past';
import type { Pose } from './track';

/** A vehicle at a moment. */
export interface Marker {
  readonly pose: Pose;
  readonly label: string;
  readonly colour: Rgb;
}

/** What lies on the map besides the routes. */
export interface Scene {
  readonly markers: readonly Marker[];
  readonly hovered: Pose | null;
  readonly stops: readonly Stop[];
  readonly area: readonly Place[];
}

const stopsFromZoom = 10;

/** Draws vehicles, stops and the area on a canvas above the map. */
export class Overlay {
  private readonly canvas = document.createElement('canvas');

  constructor(container: HTMLElement, private readonly view: MapView) {
    this.canvas.className = 'history-layer';
    container.append(this.canvas);
  }

  draw({ markers, hovered, stops, area }: Scene, colours: RouteColours): void {
    const context = prepare(this.canvas, this.view);
    this.drawArea(context, area, colours);
    if (this.view.zoom() >= stopsFromZoom) {
      stops.forEach(stop => this.drawStop(context, stop));
    }
    markers.forEach(marker => this.drawMarker(context, marker));
    if (hovered) {
      const { x, y } = this.view.project(hovered);
      circle(context, x, y, 7);
      context.lineWidth = 3;
      context.strokeStyle = palette().label;
      context.stroke();
      context.fillStyle = palette().halo;
      context.fill();
    }
  }

  private drawArea(context: CanvasRenderingContext2D, area: readonly Place[], { accent }: RouteColours): void {
    if (area.length === 0) {
      return;
    }
    context.beginPath();
    for (const place of area) {
      const { x, y } = this.view.project(place);
      context.lineTo(x, y);
    }
    context.closePath();
    context.globalAlpha = 0.15;
    context.fillStyle = accent;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.strokeStyle = accent;
    context.stroke();
  }

  private drawStop(context: CanvasRenderingContext2D, stop: Stop): void {
    const { x, y } = this.view.project(stop);
    const { halo, label } = palette();
    context.fillStyle = halo;
    context.strokeStyle = label;
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(x - 7, y - 7, 14, 14, 4);
    context.fill();
    context.stroke();
    context.fillStyle = label;
    context.fillRect(x - 3, y - 3, 2.2, 6);
    context.fillRect(x + 0.8, y - 3, 2.2, 6);
  }

  private drawMarker(context: CanvasRenderingContext2D, { pose, label, colour }: Marker): void {
    const { x, y } = this.view.project(pose);
    const { halo, label: ink } = palette();
    context.save();
    context.translate(x, y);
    circle(context, 0, 0, 12);
    context.fillStyle = css(colour);
    context.fill();
    context.lineWidth = 3;
    context.strokeStyle = halo;
    context.stroke();
    context.fillStyle = halo;
    if (pose.heading === null) {
      circle(context, 0, 0, 4);
    } else {
      context.rotate(pose.heading * Math.PI / 180);
      context.beginPath();
      context.moveTo(0, -7);
      context.lineTo(5, 5);
      context.lineTo(0, 2.5);
      context.lineTo(-5, 5);
      context.closePath();
    }
    context.fill();
    context.restore();
    context.textAlign = 'center';
    context.lineJoin = 'round';
    context.lineWidth = 3;
    context.strokeStyle = halo;
    context.strokeText(label, x, y + 27);
    context.fillStyle = ink;
    context.fillText(label, x, y + 27);
  }
}

/** Draws the heat on a canvas of its own, below the routes. */
export class HeatLayer {
  private readonly canvas = document.createElement('canvas');

  constructor(container: HTMLElement, private readonly view: MapView) {
    this.canvas.className = 'history-layer';
    container.append(this.canvas);
  }

  draw(heat: Heat | null, colours: RouteColours): void {
    const context = prepare(this.canvas, this.view);
    if (heat === null) {
      return;
    }
    const camera = cameraOf(this.view);
    const across = 2 ** heat.zoom;
    const side = camera.scale / across;
    for (const { x, y, positions } of heat.cells) {
      const west = x / across;
      const turns = Math.round(camera.x - west);
      const share = brightness(positions, heat.most);
      context.fillStyle = css(colours.ofHeat(share), 0.35 + 0.5 * share);
      context.fillRect(
        (west + turns - camera.x) * camera.scale + camera.width / 2, (y / across - camera.y) * camera.scale + camera.height / 2,
        side + 0.5, side + 0.5);
    }
  }
}

function prepare(canvas: HTMLCanvasElement, view: MapView): CanvasRenderingContext2D {
  const { width, height } = view.size();
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  context.font = `600 12px ${getComputedStyle(canvas).fontFamily}`;
  return context;
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
