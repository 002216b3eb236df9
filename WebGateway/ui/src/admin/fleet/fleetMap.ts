import type { Place } from '@artmqtt/client';
import { CanvasView, Mercator, type MapView, type Point } from '@artmqtt/element/map';
import { fetchMapConfig, noMapConfig } from '../../track/gateway';
import { texts } from './texts';
import { clustersOf, type Cluster } from './clusters';
import { Fleet, shownAt, type Vehicle } from './fleet';
import { FleetLink, type FleetConnection, type VehicleInfo } from './fleetLink';
import { Overlay, radiusOf, type Label } from './overlay';
import { redrawMs } from './redraw';
import { readView, writeView } from './viewAddress';
import { stateOf, StateColours, vehicleStates, type VehicleState } from './vehicleState';
import { VehicleLayer } from './vehicleLayer';

/** What the panel beside the map shows. */
export interface FleetSnapshot {
  readonly connection: FleetConnection;
  /** Vehicles in view, by what they do. */
  readonly counts: Readonly<Record<VehicleState, number>>;
  readonly selected: { readonly vehicle: Vehicle; readonly info: VehicleInfo | null } | null;
  readonly isFollowing: boolean;
  /** The vehicles in view by their names, when they are few. */
  readonly few: readonly VehicleInfo[];
}

/** Farther away than this zoom, vehicles are gathered where they are crowded. */
const clusterBelowZoom = 12;
const clusterFrom = 300;
const cell = 72;
/** So few vehicles have their names beside them. */
const mostLabels = 60;
const mostListed = 12;
const labelsFromZoom = 12;
/** What is loaded around the view, as a share of it: a short drag finds vehicles there already. */
const margin = 0.25;
const lookAfterMs = 250;
const noInsets = { top: 0, right: 0, bottom: 0, left: 0 };
const slowTickMs = 250;
const clickRadius = 22;
const clickSlop = 6;

/** The fleet on a map. Framework-free: the page shows its snapshot and tells it what was clicked. */
export class FleetMap {
  private readonly fleet = new Fleet();
  private readonly infos = new Map<number, VehicleInfo>();
  private readonly asked = new Set<number>();
  private readonly listeners = new Set<() => void>();
  private readonly colours = new StateColours();
  private readonly link: FleetLink;
  private view: MapView | null = null;
  private layer: VehicleLayer | null = null;
  private overlay: Overlay | null = null;
  private clusters: readonly Cluster[] = [];
  private connection: FleetConnection = 'connecting';
  private selected: number | null = null;
  private isFollowing = false;
  private isOver = false;
  private lastSlow = 0;
  private lastDraw = 0;
  private isDirty = true;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private snapshot: FleetSnapshot = this.newSnapshot();

  constructor(private readonly container: HTMLElement, token: string) {
    this.link = new FleetLink(
      token,
      frame => {
        this.fleet.take(frame, performance.now(), place => this.isNear(place));
        // Another job: what is known of it is of the one before.
        frame.vehicles.filter(({ key, status }) => this.infos.has(key) && this.infos.get(key)!.status !== status)
          .forEach(({ key }) => this.asked.delete(key));
        this.refresh();
      },
      connection => {
        this.connection = connection;
        this.tell();
      });
    void this.start();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly getSnapshot = (): FleetSnapshot => this.snapshot;

  select(key: number | null): void {
    this.selected = key;
    this.isFollowing = false;
    this.tell();
  }

  follow(isFollowing: boolean): void {
    this.isFollowing = isFollowing && this.selected !== null;
    this.tell();
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.looking);
    this.link.close();
    this.listeners.clear();
    this.container.replaceChildren();
  }

  private async start(): Promise<void> {
    const config = await fetchMapConfig() ?? noMapConfig;
    let view: MapView;
    try {
      const { createMapLibreView } = await import('../../track/map/mapLibreView');
      view = await createMapLibreView(this.container, config, texts.map);
    } catch {
      this.container.replaceChildren();
      view = new CanvasView(this.container, config, texts.map);
    }
    if (this.isOver) {
      return;
    }
    this.view = view;
    try {
      this.layer = new VehicleLayer(this.container, view, this.colours);
    } catch {
      this.layer = null; // no WebGL 2: they are drawn as clusters of one
    }
    this.overlay = new Overlay(this.container, view);
    const shown = readView(location.hash);
    if (shown) {
      view.fit([shown], noInsets, shown.zoom, false);
    }
    view.onMove(() => this.moved());
    view.onUserMove(() => this.isFollowing && this.follow(false));
    this.listenForClicks();
    this.look();
    this.link.start();
    requestAnimationFrame(this.onFrame);
  }

  private readonly onFrame = (now: number): void => {
    if (this.isOver) {
      return;
    }
    requestAnimationFrame(this.onFrame);
    if (now - this.lastSlow > slowTickMs) {
      this.lastSlow = now;
      this.gather(now);
      this.followSelected(now);
    }
    if (this.isDirty || now - this.lastDraw >= Math.min(slowTickMs, redrawMs(this.view!.zoom(), this.view!.centre().lat))) {
      [this.isDirty, this.lastDraw] = [false, now];
      this.layer?.draw(now);
      this.overlay?.draw(this.clusters, this.labels(now), this.selectedPoint(now), getComputedStyle(this.container).getPropertyValue('--vehicle'));
    }
  };

  private moved(): void {
    this.isDirty = true;
    clearTimeout(this.looking);
    this.looking = setTimeout(() => {
      this.look();
      history.replaceState(null, '', writeView({ ...this.view!.centre(), zoom: this.view!.zoom() }));
    }, lookAfterMs);
    this.gather(performance.now());
  }

  private look(): void {
    const { view } = this;
    if (view) {
      const [width, height] = [view.size().width, view.size().height];
      const camera = new Mercator(view.centre(), view.zoom());
      const northWest = camera.unproject({ x: -width * margin, y: -height * margin }, view.size());
      const southEast = camera.unproject({ x: width * (1 + margin), y: height * (1 + margin) }, view.size());
      const isWorld = southEast.lng - northWest.lng >= 360;
      this.link.look({
        west: isWorld ? -180 : wrapped(northWest.lng), east: isWorld ? 180 : wrapped(southEast.lng),
        south: Math.max(-90, southEast.lat), north: Math.min(90, northWest.lat),
      });
    }
  }

  private isNear(place: Place): boolean {
    const size = this.view?.size();
    if (!this.view || !size) {
      return true;
    }
    const { x, y } = this.view.project(place);
    return this.view.zoom() < 3 || (x > -size.width && x < 2 * size.width && y > -size.height && y < 2 * size.height);
  }

  // Which vehicles stand alone and which in clusters; only when something has changed.
  private gather(now: number): void {
    if (!this.view) {
      return;
    }
    const crowded = this.layer === null || (this.view.zoom() < clusterBelowZoom && this.fleet.size > clusterFrom);
    if (!crowded) {
      this.clusters = [];
      this.layer?.set([...this.fleet.all], now);
      return;
    }
    const all = [...this.fleet.all].map(vehicle => ({ vehicle, ...this.view!.project(shownAt(vehicle, now)) }));
    const clusters = clustersOf(all, cell);
    this.clusters = clusters.filter(({ count }) => count > 1 || this.layer === null);
    // The others are drawn one by one: a cell with a single vehicle stands where it stands.
    const alone = new Set(clusters.filter(({ count }) => count === 1).map(({ x, y }) => `${x}:${y}`));
    this.layer?.set(all.filter(({ x, y }) => alone.has(`${x}:${y}`)).map(({ vehicle }) => vehicle), now);
  }

  private refresh(): void {
    this.gather(performance.now());
    void this.askForNames();
    this.tell();
  }

  private async askForNames(): Promise<void> {
    const isLabelled = this.fleet.size <= mostLabels * 5;
    const keys = [...this.fleet.all].map(({ now }) => now.key)
      .filter(key => (isLabelled || key === this.selected) && !this.asked.has(key));
    keys.forEach(key => this.asked.add(key));
    for (const info of await this.link.describe(keys)) {
      this.infos.set(info.key, info);
    }
    if (keys.length > 0) {
      this.tell();
    }
  }

  private labels(now: number): Label[] {
    const { view } = this;
    if (!view || this.clusters.length > 0 || view.zoom() < labelsFromZoom || this.fleet.size > mostLabels * 5) {
      return [];
    }
    const { width, height } = view.size();
    return [...this.fleet.all]
      .map(vehicle => ({ ...view.project(shownAt(vehicle, now)), text: this.infos.get(vehicle.now.key)?.deviceId ?? '' }))
      .filter(({ x, y }) => x > 0 && y > 0 && x < width && y < height)
      .slice(0, mostLabels);
  }

  private selectedPoint(now: number): Point | null {
    const vehicle = this.selected === null ? null : this.fleet.find(this.selected);
    return vehicle && this.view ? this.view.project(shownAt(vehicle, now)) : null;
  }

  private followSelected(now: number): void {
    const vehicle = this.isFollowing && this.selected !== null ? this.fleet.find(this.selected) : null;
    if (vehicle && this.view) {
      const { width, height } = this.view.size();
      const { x, y } = this.view.project(shownAt(vehicle, now));
      if (Math.abs(x - width / 2) > width / 5 || Math.abs(y - height / 2) > height / 5) {
        this.view.fit([vehicle.now], noInsets, Math.max(this.view.zoom(), 15), true);
      }
    }
  }

  private listenForClicks(): void {
    let down: Point | null = null;
    this.container.addEventListener('pointerdown', event => { down = { x: event.clientX, y: event.clientY }; });
    this.container.addEventListener('click', event => {
      if (down && Math.hypot(event.clientX - down.x, event.clientY - down.y) < clickSlop) {
        const box = this.container.getBoundingClientRect();
        this.clicked({ x: event.clientX - box.left, y: event.clientY - box.top });
      }
    });
  }

  private clicked(at: Point): void {
    const { view } = this;
    if (!view) {
      return;
    }
    const cluster = this.clusters.find(({ x, y, count }) => Math.hypot(x - at.x, y - at.y) <= radiusOf(count));
    if (cluster && this.layer) {
      const half = cell / 2;
      const camera = new Mercator(view.centre(), view.zoom());
      const corners = [{ x: cluster.x - half, y: cluster.y - half }, { x: cluster.x + half, y: cluster.y + half }];
      view.fit(corners.map(corner => camera.unproject(corner, view.size())), { top: 24, right: 24, bottom: 24, left: 24 }, 17, true);
      return;
    }
    const now = performance.now();
    const nearest = [...this.fleet.all]
      .map(vehicle => ({ key: vehicle.now.key, point: view.project(shownAt(vehicle, now)) }))
      .map(({ key, point }) => ({ key, away: Math.hypot(point.x - at.x, point.y - at.y) }))
      .reduce((best, each) => each.away < best.away ? each : best, { key: -1, away: Number.POSITIVE_INFINITY });
    this.select(nearest.away <= clickRadius ? nearest.key : null);
    void this.askForNames();
  }

  private tell(): void {
    this.isDirty = true;
    this.snapshot = this.newSnapshot();
    for (const listener of [...this.listeners]) {
      listener();
    }
  }

  private newSnapshot(): FleetSnapshot {
    const counts = Object.fromEntries(vehicleStates.map(state => [state, 0])) as Record<VehicleState, number>;
    const now = Date.now();
    for (const vehicle of this.fleet.all) {
      counts[stateOf(vehicle.now, now)]++;
    }
    const vehicle = this.selected === null ? null : this.fleet.find(this.selected);
    return {
      connection: this.connection,
      counts,
      selected: vehicle ? { vehicle, info: this.infos.get(vehicle.now.key) ?? null } : null,
      isFollowing: this.isFollowing,
      few: this.fleet.size > mostListed ? [] : [...this.fleet.all]
        .map(each => this.infos.get(each.now.key)).filter(info => info !== undefined)
        .sort((a, b) => a.deviceId.localeCompare(b.deviceId)),
    };
  }
}

const wrapped = (lng: number): number => ((lng + 540) % 360 + 360) % 360 - 180;
