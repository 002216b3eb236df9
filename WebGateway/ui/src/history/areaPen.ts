import type { Place } from '@artmqtt/client';
import { Mercator, type MapView, type Point } from '@artmqtt/element/map';

export type AreaKind = 'box' | 'polygon';

const slop = 4;
const closing = 14;
const step = 16;
const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 },
};

/**
 * Draws a box by dragging, or a polygon by clicking its corners; Enter or its first corner closes it, Escape gives up. By
 * the keyboard: arrow keys move a cross (with Shift four times as far), Space sets a corner under it.
 */
export class AreaPen {
  private readonly sheet = document.createElement('div');
  private readonly mark = document.createElement('span');
  private readonly began = document.activeElement;
  private cross: Point | null = null;
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
    sheet.addEventListener('keydown', event => this.key(event));
    this.mark.className = 'history-cross';
    this.mark.hidden = true;
    sheet.append(this.mark);
    container.append(sheet);
    sheet.focus({ preventScroll: true });
  }

  /** Gives up, as Escape does. */
  cancel(): void {
    this.finish(null);
  }

  private key(event: KeyboardEvent): void {
    const direction = directions[event.key];
    if (event.key === 'Escape') {
      this.finish(null);
    } else if (direction) {
      this.moveCross(direction, event.shiftKey ? 4 * step : step);
    } else if (event.key === ' ') {
      this.set(this.cross ?? this.middle());
    } else if (event.key === 'Enter') {
      this.end();
    } else {
      return;
    }
    event.preventDefault();
  }

  private moveCross({ x, y }: Point, by: number): void {
    const { width, height } = this.view.size();
    const from = this.cross ?? this.middle();
    const cross = this.cross = { x: Math.min(width, Math.max(0, from.x + x * by)), y: Math.min(height, Math.max(0, from.y + y * by)) };
    this.mark.hidden = false;
    this.mark.style.transform = `translate(${cross.x}px, ${cross.y}px)`;
    this.sketch(cross);
  }

  /** A corner by the keyboard. */
  private set(corner: Point): void {
    this.points.push(corner);
    if (this.kind === 'box' && this.points.length === 2) {
      this.end();
    } else {
      this.sketch(corner);
    }
  }

  // Not before there is an area: nothing that was begun is lost by a key too early.
  private end(): void {
    const [from, to] = [this.points[0], this.points[1] ?? this.cross];
    if (this.kind === 'polygon') {
      if (this.points.length >= 3) {
        this.finish(this.points);
      }
    } else if (from && to && from.x !== to.x && from.y !== to.y) {
      this.finish(boxOf(from, to));
    } else {
      this.points.length = Math.min(1, this.points.length);
    }
  }

  private sketch(to: Point): void {
    const from = this.points[0];
    if (from) {
      this.onChange(this.places(this.kind === 'box' ? boxOf(from, to) : [...this.points, to]));
    }
  }

  private middle(): Point {
    const { width, height } = this.view.size();
    return { x: width / 2, y: height / 2 };
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
    const hadFocus = this.sheet === document.activeElement;
    this.sheet.remove();
    if (hadFocus && this.began instanceof HTMLElement) {
      this.began.focus({ preventScroll: true });
    }
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
