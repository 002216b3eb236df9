import {
  distance, Freshness, Glide, isFinal, showsOperator, Trail,
  type EtaUpdate, type LocationUpdate, type Place, type Pose, type RequestStatus, type TimedPlace,
} from '@artmqtt/client';
import { cloneTemplate } from './elements';
import { etaLine } from './eta';
import { formatAge, formatDistance } from './formats';
import type { MapConfig } from './gateway';
import { CanvasView, Follow, type Insets, type MapMarker, type MapView } from '@artmqtt/element/map';
import { OperatorMarker } from './map/operatorMarker';
import { showScale } from './map/scaleBar';
import type { Page } from './page';
import { serverNow } from './serverClock';
import { fill, words } from './words';

const slowTick = 250;
const trailTick = 500;
const calmTick = 1_000;
/** Up to this age, ms, a position counts as up to date. */
const updatedWithin = 10_000;

/** The map with the operator gliding on it, and the facts that follow from where they are. */
export class LiveMap {
  private readonly isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  private readonly trail = new Trail();
  private readonly freshness = new Freshness();
  private glide = new Glide();
  private newest: LocationUpdate | null = null;
  private eta: EtaUpdate | null = null;
  private status: RequestStatus | null = null;
  private pickup: Place | null = null;
  private customer: Place | null = null;
  private view: MapView | null = null;
  private follow: Follow | null = null;
  private operatorMarker: OperatorMarker | null = null;
  private readonly fixed = new Map<string, MapMarker>();
  private lastSlow = 0;
  private lastTrail = 0;
  private lastPose = 0;
  private isConnected = false;
  /** Whether it is decided how the map is drawn, if at all. */
  private isReady = false;
  private isOver = false;

  constructor(private readonly page: Page) {}

  /** Begins to draw; the map library comes after the first paint. */
  start(config: Promise<MapConfig>): void {
    requestAnimationFrame(() => setTimeout(() => void this.createView(config), 0));
    requestAnimationFrame(this.onFrame);
  }

  see(position: LocationUpdate): void {
    if (this.glide.push(position, performance.now())) {
      this.newest = position;
      this.freshness.see(position, serverNow());
      this.trail.add(position);
    }
  }

  expect(eta: EtaUpdate): void {
    this.eta = eta;
  }

  showConnection(isConnected: boolean): void {
    this.isConnected = isConnected;
  }

  showHistory(route: readonly TimedPlace[]): void {
    this.trail.addHistory(route);
  }

  showPickup(place: Place): void {
    this.pickup = place;
    this.placeFixed('pickup', place);
  }

  /** Where the customer is; null takes them off the map. */
  showCustomer(place: Place | null): void {
    this.customer = place;
    if (place === null) {
      this.fixed.get('customer')?.remove();
      this.fixed.delete('customer');
    } else {
      this.placeFixed('customer', place);
    }
  }

  showStatus(status: RequestStatus): void {
    this.status = status;
    if (status !== 'en_route') {
      this.eta = null;
    }
    if (!showsOperator(status)) {
      this.forgetOperator();
    }
    if (isFinal(status)) {
      this.showCustomer(null);
    }
  }

  /** Nothing moves any more; the map stays to look at. */
  end(): void {
    this.isOver = true;
    this.forgetOperator();
    this.page.showFacts(null);
    this.page.showEta(null);
    this.page.showPlaces(null, this.pickup);
  }

  private forgetOperator(): void {
    this.newest = null;
    this.glide = new Glide();
    this.freshness.clear();
    this.trail.clear();
    this.operatorMarker?.remove();
    this.view?.setTrail([]);
  }

  private async createView(configured: Promise<MapConfig>): Promise<void> {
    const { recentre, scale, card } = this.page;
    // Both at once; whether the library came is looked at below.
    const library = import('./map/mapLibreView');
    library.catch(() => undefined);
    this.view = await this.tryView(async config => (await library).createMapLibreView(this.page.map, config, words.map), await configured)
      // No WebGL 2, or the library did not load: a plain map is better than none.
      ?? await this.tryView(config => new CanvasView(this.page.map, config, words.map), await configured);
    this.isReady = true;
    if (this.view === null) {
      this.page.showNoMap();
      return;
    }

    const { view } = this;
    this.operatorMarker = new OperatorMarker(view);
    this.follow = new Follow(view, this.insets, this.isCalm, isFollowing => { recentre.hidden = isFollowing; });
    recentre.addEventListener('click', () => this.follow?.recentre(this.placesInView(), performance.now()));
    new ResizeObserver(() => this.follow?.invalidate(performance.now())).observe(card);
    view.onMove(() => showScale(view, scale));
    showScale(view, scale);
    this.page.showAttribution(view.attribution);
    if (this.pickup) {
      this.placeFixed('pickup', this.pickup);
    }
    if (this.customer && !this.isOver) {
      this.placeFixed('customer', this.customer);
    }
    if (this.isOver) {
      this.follow.update(this.placesInView(), performance.now());
    }
  }

  private async tryView(create: (config: MapConfig) => MapView | Promise<MapView>, config: MapConfig): Promise<MapView | null> {
    try {
      return await create(config);
    } catch {
      this.page.map.replaceChildren();
      return null;
    }
  }

  private readonly onFrame = (now: number): void => {
    if (this.isOver && this.isReady) {
      return;
    }
    requestAnimationFrame(this.onFrame);
    const pose = this.glide.at(now);
    if (pose && this.newest && (!this.isCalm || now - this.lastPose >= calmTick)) {
      this.lastPose = now;
      this.operatorMarker?.show(pose, this.newest.accuracy, this.freshness.isStale(serverNow()), this.newest.timestamp);
    }
    if (now - this.lastSlow >= slowTick) {
      this.lastSlow = now;
      this.follow?.update(this.placesInView(pose), now);
      this.page.showPlaces(this.newest, this.pickup);
      this.showFacts(pose);
    }
    if (pose && this.view && now - this.lastTrail >= trailTick) {
      this.lastTrail = now;
      this.view.setTrail(this.trail.until(this.glide.playedTime, pose));
    }
  };

  private showFacts(pose: Pose | null): void {
    const age = this.freshness.age(serverNow());
    if (this.status === null || !showsOperator(this.status)) {
      this.page.showFacts(null);
      this.page.showEta(null);
      return;
    }
    this.page.showEta(this.eta && etaLine(this.eta, serverNow()));
    const isStale = this.freshness.isStale(serverNow());
    const isComing = this.status === 'assigned' || this.status === 'en_route';
    this.page.showFacts({
      distance: pose && this.pickup && isComing ? formatDistance(distance(pose, this.pickup)) : null,
      seen: age === null ? words.waitingForPosition
        : this.isConnected && (age < updatedWithin || (!isStale && this.newest?.speed === 0)) ? words.updatedNow
          : fill(words.lastSeen, { age: formatAge(age / 1_000) }),
      isStale,
    });
  }

  private placesInView(pose: Place | null = this.glide.at(performance.now())): Place[] {
    return [pose, this.pickup].filter(place => place !== null);
  }

  private placeFixed(name: 'pickup' | 'customer', place: Place): void {
    const marker = this.fixed.get(name);
    if (marker) {
      marker.moveTo(place);
    } else if (this.view) {
      const anchor = name === 'pickup' ? 'bottom' : 'center';
      this.fixed.set(name, this.view.addMarker(cloneTemplate(`${name}-template`), anchor, place));
    }
  }

  // The card covers the bottom of a phone, and a side of a desktop: the one where reading begins.
  private readonly insets = (): Insets => {
    const card = this.page.card.getBoundingClientRect();
    if (card.width > innerWidth * 0.7) {
      return { top: 72, right: 48, bottom: innerHeight - card.top + 44, left: 48 };
    }
    const isAtTheLeft = card.left < innerWidth - card.right;
    const [covered, free] = [(isAtTheLeft ? card.right : innerWidth - card.left) + 56, 72];
    return { top: 88, right: isAtTheLeft ? free : covered, bottom: 72, left: isAtTheLeft ? covered : free };
  };
}
