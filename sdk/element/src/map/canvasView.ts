import type { Place } from '@artmqtt/client';
import { gridLines } from './grid.js';
import type { Insets, MapMarker, MapView, Point } from './mapView.js';
import { Mercator } from './mercator.js';
import { onPaletteChange, palette } from './palette.js';

/** Streets to draw: a GeoJSON collection of lines, with a `class` from 0 (motorway) to 2; and who made them. */
export interface Streets {
  readonly streetsUrl: string | null;
  readonly attribution: string | null;
}

interface StreetCollection {
  readonly features: readonly {
    readonly geometry: { readonly type: string; readonly coordinates: readonly (readonly number[])[] };
    readonly properties: { readonly class?: unknown } | null;
  }[];
}

type Street = { readonly line: readonly Place[]; readonly width: number };

const keyStep = 80;

/** A plain map for browsers without WebGL 2 (throws where there is no canvas either): grid, streets where there are any, the trail and the markers. */
export class CanvasView implements MapView {
  readonly attribution: string;
  private readonly canvas = document.createElement('canvas');
  private readonly context: CanvasRenderingContext2D;
  private readonly markers = new Set<() => void>();
  private readonly moveHandlers: (() => void)[] = [];
  private readonly userHandlers: (() => void)[] = [];
  private readonly pointers = new Map<number, Point>();
  private camera = new Mercator({ lat: 30, lng: 10 }, 1);
  private trail: readonly Place[] = [];
  private streets: readonly Street[] = [];
  private isDrawing = false;

  /** @param label Says what is on the map; with it the map is reached and moved by keyboard too. */
  constructor(private readonly container: HTMLElement, config: Streets, label?: string) {
    this.attribution = config.streetsUrl ? config.attribution ?? '' : '';
    const context = this.canvas.getContext('2d');
    if (context === null) {
      throw new Error('This browser has no canvas.');
    }
    this.context = context;
    this.canvas.className = 'plain-map';
    if (label !== undefined) {
      this.canvas.tabIndex = 0;
      this.canvas.setAttribute('role', 'region');
      this.canvas.setAttribute('aria-label', label);
    }
    container.append(this.canvas);
    new ResizeObserver(() => this.changed()).observe(container);
    onPaletteChange(() => this.changed());
    this.listen();
    if (config.streetsUrl) {
      void this.loadStreets(config.streetsUrl);
    }
  }

  addMarker(element: HTMLElement, anchor: 'center' | 'bottom', place: Place): MapMarker {
    let at = place;
    const shift = anchor === 'center' ? '-50%, -50%' : '-50%, -100%';
    const draw = (): void => {
      const { x, y } = this.project(at);
      element.style.transform = `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px) translate(${shift})`;
    };
    element.classList.add('plain-marker');
    this.container.append(element);
    this.markers.add(draw);
    draw();
    return {
      moveTo: to => {
        at = to;
        draw();
      },
      remove: () => {
        this.markers.delete(draw);
        element.remove();
      },
    };
  }

  setTrail(line: readonly Place[]): void {
    this.trail = line;
    this.changed();
  }

  fit(places: readonly Place[], insets: Insets, maxZoom: number): void {
    this.camera = Mercator.fitting(places, this.size(), insets, maxZoom);
    this.changed();
  }

  project(place: Place): Point {
    return this.camera.project(place, this.size());
  }

  size() {
    return { width: this.container.clientWidth, height: this.container.clientHeight };
  }

  centre(): Place {
    return this.camera.centre;
  }

  zoom(): number {
    return this.camera.zoom;
  }

  onUserMove(handler: () => void): void {
    this.userHandlers.push(handler);
  }

  onMove(handler: () => void): void {
    this.moveHandlers.push(handler);
  }

  private changed(): void {
    if (!this.isDrawing) {
      this.isDrawing = true;
      requestAnimationFrame(() => {
        this.isDrawing = false;
        this.draw();
      });
    }
  }

  private draw(): void {
    const size = this.size();
    const scale = devicePixelRatio;
    this.canvas.width = size.width * scale;
    this.canvas.height = size.height * scale;
    const { context } = this;
    context.scale(scale, scale);
    const colors = palette();
    context.fillStyle = colors.land;
    context.fillRect(0, 0, size.width, size.height);
    context.lineCap = context.lineJoin = 'round';

    const southWest = this.camera.unproject({ x: 0, y: size.height }, size);
    const northEast = this.camera.unproject({ x: size.width, y: 0 }, size);
    gridLines(southWest, northEast, this.camera.zoom).forEach(line => this.stroke(context, line, colors.grid, 1));
    const zoomed = 2 ** Math.min(0, this.camera.zoom - 16);
    this.streets.forEach(({ line, width }) => this.stroke(context, line, colors.roadEdge, width * zoomed + 1.6));
    this.streets.forEach(({ line, width }) => this.stroke(context, line, colors.road, width * zoomed + 0.4));
    this.stroke(context, this.trail, colors.trailEdge, 8);
    this.stroke(context, this.trail, colors.trail, 4.5);

    this.markers.forEach(drawMarker => drawMarker());
    this.moveHandlers.forEach(handler => handler());
  }

  private stroke(context: CanvasRenderingContext2D, line: readonly Place[], color: string, width: number): void {
    context.beginPath();
    for (const place of line) {
      const { x, y } = this.project(place);
      context.lineTo(x, y);
    }
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }

  private async loadStreets(url: string): Promise<void> {
    const response = await fetch(url).catch(() => null); // without streets the grid has to do
    if (!response?.ok) {
      return;
    }
    const { features } = await response.json() as StreetCollection;
    this.streets = features.flatMap(({ geometry, properties }) => geometry.type === 'LineString'
      ? [{
        line: geometry.coordinates.map(([lng, lat]) => ({ lat: lat!, lng: lng! })),
        width: 17 - 5 * Number(properties?.class ?? 2),
      }]
      : []);
    this.changed();
  }

  private listen(): void {
    const { canvas, pointers } = this;
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    });
    canvas.addEventListener('pointermove', event => this.drag(event));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(end, event => pointers.delete(event.pointerId));
    }
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      this.moveByUser(this.camera.zoomed(-event.deltaY / 300, { x: event.offsetX, y: event.offsetY }, this.size()));
    }, { passive: false });
    canvas.addEventListener('keydown', event => this.press(event));
  }

  private press(event: KeyboardEvent): void {
    const size = this.size();
    const middle = { x: size.width / 2, y: size.height / 2 };
    const moves: Record<string, () => Mercator> = {
      ArrowLeft: () => this.camera.moved({ x: -keyStep, y: 0 }, size),
      ArrowRight: () => this.camera.moved({ x: keyStep, y: 0 }, size),
      ArrowUp: () => this.camera.moved({ x: 0, y: -keyStep }, size),
      ArrowDown: () => this.camera.moved({ x: 0, y: keyStep }, size),
      '+': () => this.camera.zoomed(1, middle, size),
      '-': () => this.camera.zoomed(-1, middle, size),
    };
    const camera = moves[event.key]?.();
    if (camera) {
      event.preventDefault();
      this.moveByUser(camera);
    }
  }

  private drag(event: PointerEvent): void {
    const from = this.pointers.get(event.pointerId);
    if (!from) {
      return;
    }
    const to = { x: event.offsetX, y: event.offsetY };
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, to);
    if (other) {
      const reach = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      this.moveByUser(this.camera.zoomed(Math.log2(reach(to) / reach(from)), other, this.size()));
    } else {
      this.moveByUser(this.camera.moved({ x: from.x - to.x, y: from.y - to.y }, this.size()));
    }
  }

  private moveByUser(camera: Mercator): void {
    this.camera = camera;
    this.userHandlers.forEach(handler => handler());
    this.changed();
  }
}
