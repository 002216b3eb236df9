import type { Place } from '@artmqtt/client';
import { CanvasView, onPaletteChange, type MapView } from '@artmqtt/element/map';
import { readView, type ShownPart } from '../admin/fleet/viewAddress';
import { fetchMapConfig, noMapConfig } from '../track/gateway';
import { AreaPen, cornersOf, type AreaKind } from './areaPen';
import { cameraOf } from './camera';
import { RouteColours } from './colours';
import type { Heat } from './heat';
import { HeatLayer, Overlay } from './overlay';
import type { LoadedRoute } from './past';
import { pick, type Picked } from './pick';
import type { Replay } from './replay';
import type { RoutePainter } from './routePainter';
import { CanvasRoutes } from './canvasRoutes';
import { texts } from './texts';
import { WebglRoutes } from './webglRoutes';
import { nameOf, type Colouring } from './wish';

const pickReach = 14;
const clickSlop = 6;
const addressAfterMs = 250;
/** A followed vehicle this share of the view away from its middle moves the map. */
const followShare = 0.25;
const noInsets = { top: 0, right: 0, bottom: 0, left: 0 };
const edge = { top: 48, right: 48, bottom: 48, left: 48 };

/** What happens on the map. */
export interface MapEvents {
  readonly onReady: () => void;
  readonly onHover: (picked: Picked | null) => void;
  readonly onPick: (picked: Picked) => void;
  readonly onMoved: (view: ShownPart) => void;
  readonly onUserMove: () => void;
}

/** Routes, vehicles at a moment, heat and area on a map. Framework-free; draws when something has changed, the routes only when they or the view have. */
export class HistoryMap {
  private view: MapView | null = null;
  private painter: RoutePainter | null = null;
  private overlay: Overlay | null = null;
  private heatLayer: HeatLayer | null = null;
  private colours = new RouteColours(getComputedStyle(document.documentElement));
  private routes: readonly LoadedRoute[] = [];
  private colouring: Colouring = 'speed';
  private heat: Heat | null = null;
  private area: readonly Place[] = [];
  private hovered: Picked | null = null;
  private followed: string | null = null;
  private pen: AreaPen | null = null;
  private fitted: { readonly places: readonly Place[]; readonly size: string } | null = null;
  private isOver = false;
  private isAsked = false;
  private areRoutesOld = true;
  private moving: ReturnType<typeof setTimeout> | undefined;
  private readonly unsubscribe: () => void;

  constructor(private readonly container: HTMLElement, private readonly replay: Replay, private readonly events: MapEvents) {
    this.unsubscribe = replay.subscribe(() => this.ask(false));
    onPaletteChange(() => {
      this.colours = new RouteColours(getComputedStyle(document.documentElement));
      this.ask(true);
    });
    void this.start();
  }

  get isReady(): boolean {
    return this.view !== null;
  }

  setRoutes(routes: readonly LoadedRoute[], colouring: Colouring): void {
    this.painter?.forget(this.routes.filter(({ track }) => !routes.some(other => other.track === track)));
    [this.routes, this.colouring] = [routes, colouring];
    this.hovered = this.hovered && routes.some(({ track }) => track === this.hovered!.route.track) ? this.hovered : null;
    this.ask(true);
  }

  setHeat(heat: Heat | null): void {
    this.heat = heat;
    this.ask(true);
  }

  setArea(corners: readonly Place[]): void {
    this.area = corners;
    this.ask(false);
  }

  hover(picked: Picked | null): void {
    this.hovered = picked;
    this.ask(false);
  }

  follow(key: string | null): void {
    this.followed = key;
    this.ask(false);
  }

  /** Shows all of these places, also when the map gets another size, until the user moves it. */
  fit(places: readonly Place[]): void {
    if (places.length > 0 && this.view) {
      this.fitted = { places, size: sizeOf(this.view) };
      this.view.fit(places, edge, 16, false);
    }
  }

  corners(): readonly Place[] {
    return this.view ? cornersOf(this.view) : [];
  }

  zoom(): number {
    return this.view?.zoom() ?? 0;
  }

  /** Lets the user draw an area; calls with its corners, or null when it was given up. */
  draw(kind: AreaKind, onDone: (corners: readonly Place[] | null) => void): void {
    this.stopDrawing();
    if (this.view) {
      const before = this.area;
      this.pen = new AreaPen(
        this.container, this.view, kind, kind === 'box' ? texts.drawBox : texts.drawPolygon, corners => this.setArea(corners),
        corners => {
          this.pen = null;
          this.setArea(corners ?? before);
          onDone(corners);
        });
    }
  }

  stopDrawing(): void {
    this.pen?.cancel();
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.moving);
    this.unsubscribe();
    this.container.replaceChildren();
  }

  private async start(): Promise<void> {
    const config = await fetchMapConfig() ?? noMapConfig;
    let view: MapView;
    try {
      const { createMapLibreView } = await import('../track/map/mapLibreView');
      view = await createMapLibreView(this.container, config, texts.map);
    } catch {
      this.container.replaceChildren();
      view = new CanvasView(this.container, config, texts.map);
    }
    if (this.isOver) {
      return;
    }
    this.view = view;
    this.heatLayer = new HeatLayer(this.container, view);
    try {
      this.painter = new WebglRoutes(this.container);
    } catch {
      this.painter = new CanvasRoutes(this.container);
    }
    this.overlay = new Overlay(this.container, view);
    const shown = readView(location.hash);
    if (shown) {
      view.fit([shown], noInsets, shown.zoom, false);
    }
    view.onMove(() => this.moved());
    view.onUserMove(() => {
      this.fitted = null;
      this.events.onUserMove();
    });
    this.listen();
    this.events.onReady();
    this.ask(true);
  }

  private moved(): void {
    if (this.fitted && this.fitted.size !== sizeOf(this.view!)) {
      this.fit(this.fitted.places);
    }
    clearTimeout(this.moving);
    this.moving = setTimeout(() => this.events.onMoved({ ...this.view!.centre(), zoom: this.view!.zoom() }), addressAfterMs);
    this.ask(true);
  }

  private ask(forRoutes: boolean): void {
    this.areRoutesOld ||= forRoutes;
    if (!this.isAsked && this.view) {
      this.isAsked = true;
      requestAnimationFrame(() => {
        this.isAsked = false;
        this.drawFrame();
      });
    }
  }

  private drawFrame(): void {
    const { view, overlay } = this;
    if (this.isOver || !view || !overlay) {
      return;
    }
    const { moment } = this.replay;
    const markers = this.routes.flatMap(({ key, subject, index, track }) => {
      const pose = track.poseAt(moment);
      return pose ? [{ key, pose, label: nameOf(subject), colour: this.colours.ofVehicle(index) }] : [];
    });
    const followed = markers.find(({ key }) => key === this.followed);
    if (followed) {
      this.keepInView(followed.pose);
    }
    if (this.areRoutesOld) {
      this.areRoutesOld = false;
      this.painter?.draw(cameraOf(view), this.routes, this.colouring, this.colours);
      this.heatLayer?.draw(this.heat, this.colours);
    }
    const { hovered } = this;
    overlay.draw({
      markers, area: this.area, stops: this.routes.flatMap(({ stops }) => stops),
      hovered: hovered ? hovered.route.track.poseAt(hovered.route.track.times[hovered.index]!) : null,
    }, this.colours);
  }

  private keepInView(place: Place): void {
    const { width, height } = this.view!.size();
    const { x, y } = this.view!.project(place);
    if (Math.abs(x - width / 2) > width * followShare || Math.abs(y - height / 2) > height * followShare) {
      this.fitted = null;
      this.view!.fit([place], noInsets, Math.max(this.view!.zoom(), 13), false);
    }
  }

  private listen(): void {
    let down: { x: number; y: number } | null = null;
    const at = (event: MouseEvent) => {
      const box = this.container.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const find = (event: MouseEvent): Picked | null =>
      this.view && this.pen === null ? pick(cameraOf(this.view), this.routes, at(event), pickReach) : null;
    let isLooking = false;
    this.container.addEventListener('pointermove', event => {
      // Once a frame: a mouse tells of itself more often.
      if (!isLooking && event.buttons === 0) {
        isLooking = true;
        requestAnimationFrame(() => {
          isLooking = false;
          this.events.onHover(find(event));
        });
      }
    });
    this.container.addEventListener('pointerleave', () => this.events.onHover(null));
    this.container.addEventListener('pointerdown', event => { down = at(event); });
    this.container.addEventListener('click', event => {
      const to = at(event);
      const picked = down && Math.hypot(to.x - down.x, to.y - down.y) < clickSlop ? find(event) : null;
      if (picked) {
        this.events.onPick(picked);
      }
    });
  }
}

const sizeOf = (view: MapView): string => `${view.size().width}x${view.size().height}`;
