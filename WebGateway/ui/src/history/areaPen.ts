import type { Place } from '@artmqtt/client';
import { Mercator, type MapView, type Point } from '@artmqtt/element/map';

export type AreaKind = 'box' | 'polygon';

const slop = 4;
const closing = 14;

/** Draws a box by dragging, or a polygon by clicking its corners; Enter or its first corner closes it, Escape gives up. */
export class AreaPen {
  private readonly sheet = document.createElement('div');
  private points: Point[] = [];
  private dragged: Point | null = null;

  /**
   * @param onChange Gets the corners so far.
   * @param onDone Gets the corners, or null when it was given up.
   */
  constructor(
    container: HTMLElement, private readonly view: MapView, private readonly kind: AreaKind, label: string,
    private readonly onChange: (corners: readonly Place[]) => void, private readonly onDone: (corners: readonly Place[] | null) => void,
  ) {
    const { sheet } = this;
    sheet.className = 'history-pen';
    sheet.tabIndex = 0;
    sheet.setAttribute('role', 'application');
    sheet.setAttribute('aria-label', label);
    sheet.addEventListener('pointerdown', event => this.down(event));
    sheet.addEventListener('pointermove', event => this.move(event));
    sheet.addEventListener('pointerup', event => this.up(event));
    sheet.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        this.finish(null);
      } else if (event.key === 'Enter') {
        this.finish(this.points.length >= 3 ? this.points : null);
      }
    });
    container.append(sheet);
    sheet.focus({ preventScroll: true });
  }

  close(): void {
    this.sheet.remove();
  }

  private down(event: PointerEvent): void {
    this.sheet.setPointerCapture(event.pointerId);
    this.dragged = at(event);
  }

  private move(event: PointerEvent): void {
    if (this.kind === 'box' && this.dragged) {
      this.onChange(this.places(boxOf(this.dragged, at(event))));
    } else if (this.kind === 'polygon' && this.points.length > 0) {
      this.onChange(this.places([...this.points, at(event)]));
    }
  }

  private up(event: PointerEvent): void {
    const [from, to] = [this.dragged, at(event)];
    this.dragged = null;
    if (!from) {
      return;
    }
    if (this.kind === 'box') {
      this.finish(Math.abs(to.x - from.x) > slop && Math.abs(to.y - from.y) > slop ? boxOf(from, to) : null);
      return;
    }
    const first = this.points[0];
    if (first && this.points.length >= 3 && Math.hypot(to.x - first.x, to.y - first.y) < closing) {
      this.finish(this.points);
      return;
    }
    this.points.push(to);
    this.onChange(this.places(this.points));
  }

  private finish(points: readonly Point[] | null): void {
    this.close();
    this.onDone(points === null ? null : this.places(points));
  }

  private places(points: readonly Point[]): Place[] {
    const camera = new Mercator(this.view.centre(), this.view.zoom());
    return points.map(point => onEarth(camera.unproject(point, this.view.size())));
  }
}

/** The corners of what a map shows. */
export function cornersOf(view: MapView): Place[] {
  const camera = new Mercator(view.centre(), view.zoom());
  const { width, height } = view.size();
  return boxOf({ x: 0, y: 0 }, { x: width, y: height }).map(point => onEarth(camera.unproject(point, view.size())));
}

const at = ({ offsetX: x, offsetY: y }: PointerEvent): Point => ({ x, y });
const boxOf = (a: Point, b: Point): Point[] => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
const onEarth = ({ lat, lng }: Place): Place =>
  ({ lat: Math.min(85, Math.max(-85, lat)), lng: Math.min(180, Math.max(-180, lng)) });
