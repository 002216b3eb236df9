import { systemClock, type Clock } from './clock.js';
import { showsOperator } from './events.js';
import { signalRLink, type TokenSource } from './hubLink.js';
import type { RequestWatch, WatchParts, WatchSnapshot } from './requestWatch.js';
import { httpRoute, type RouteSource } from './route.js';
import type { PositionToSend } from './send.js';
import { shareLinks } from './sharedLink.js';
import { Trail, type TimedPlace } from './trail.js';
import { requestUrl, watchRequest } from './watchRequest.js';

/** Everything known of a request. A new object after each change, the same one in between. */
export interface TrackingSnapshot extends WatchSnapshot {
  /** Where the operator has been for this request, oldest first; at most 2,000 places, thinned. */
  readonly trail: readonly TimedPlace[];
}

interface Entry {
  readonly watch: RequestWatch;
  readonly trail: Trail;
  readonly listeners: Set<() => void>;
  snapshot: TrackingSnapshot;
  users: number;
  ending: unknown;
}

/** What a client stands on. */
export interface TrackingParts extends WatchParts {
  /** Where the trail before the watch, and in its gaps, comes from; null for none, for who watches hundreds. */
  readonly route: RouteSource | null;
}

const nothingYet: TrackingSnapshot = Object.freeze({
  connection: 'connecting', reason: null, status: null, operator: null, customer: null, presence: null, eta: null,
  trail: Object.freeze([]) as readonly TimedPlace[],
});
const lingerMs = 1_000;

/**
 * Watches any number of requests on one connection; who asks for the same request shares its watch. A watch ends a
 * second after the last who asked for it has gone, so that a component that is mounted again finds it running.
 */
export class TrackingClient {
  private readonly entries = new Map<string, Entry>();
  private readonly parts: Partial<WatchParts>;
  private readonly clock: Clock;
  private readonly route: RouteSource | null;

  /**
   * @param baseUrl Where the gateway is, for example `https://tracking.example.com`.
   * @param token Access token, or a function that gets a fresh one; asked on every connect.
   * @param parts Parts to replace.
   */
  constructor(private readonly baseUrl: string, private readonly token: TokenSource, parts: Partial<TrackingParts> = {}) {
    this.route = parts.route === undefined ? httpRoute : parts.route;
    this.clock = parts.clock ?? systemClock;
    this.parts = { ...parts, createLink: shareLinks(parts.createLink ?? signalRLink) };
  }

  /** Calls the listener after each change of the request's snapshot. Returns what ends it. */
  subscribe(requestId: string, listener: () => void): () => void {
    const entry = this.acquire(requestId);
    entry.listeners.add(listener);
    let isOver = false;
    return () => {
      if (!isOver) {
        isOver = true;
        entry.listeners.delete(listener);
        this.release(requestId, entry);
      }
    };
  }

  /** What is known of the request now; nothing while nobody has subscribed. */
  getSnapshot(requestId: string): TrackingSnapshot {
    return this.entries.get(requestId)?.snapshot ?? nothingYet;
  }

  /**
   * Sends a position of the customer; resolves when it is durable.
   * @throws SendError when it is refused, or nobody could be reached.
   */
  async sendCustomerLocation(requestId: string, position: PositionToSend): Promise<void> {
    const entry = this.acquire(requestId);
    try {
      await entry.watch.sendCustomerLocation(position);
    } finally {
      this.release(requestId, entry);
    }
  }

  /** Ends all watches. */
  close(): void {
    for (const [requestId, entry] of this.entries) {
      this.end(requestId, entry);
    }
  }

  private acquire(requestId: string): Entry {
    const entry = this.entries.get(requestId) ?? this.open(requestId);
    this.clock.clearTimeout(entry.ending);
    entry.users++;
    return entry;
  }

  private open(requestId: string): Entry {
    const watch = watchRequest(this.baseUrl, requestId, this.token, this.parts);
    const entry: Entry = {
      watch, trail: new Trail(), listeners: new Set(), snapshot: nothingYet, users: 0, ending: undefined,
    };
    watch.on('operator:location', place => entry.trail.add(place));
    watch.subscribe(() => {
      const now = watch.getSnapshot();
      const isBack = isFed(now) && !isFed(entry.snapshot);
      if (!showsPlaces(now)) {
        entry.trail.clear();
      }
      this.tell(entry);
      if (isBack && showsPlaces(now)) {
        void this.loadRoute(requestId, entry);
      }
    });
    this.entries.set(requestId, entry);
    return entry;
  }

  private async loadRoute(requestId: string, entry: Entry): Promise<void> {
    const route = await this.route?.(requestUrl(this.baseUrl, requestId), this.token) ?? [];
    if (route.length > 0 && this.entries.get(requestId) === entry && showsPlaces(entry.snapshot)) {
      entry.trail.addHistory(route);
      this.tell(entry);
    }
  }

  private tell(entry: Entry): void {
    entry.snapshot = Object.freeze({ ...entry.watch.getSnapshot(), trail: entry.trail.all });
    for (const listener of [...entry.listeners]) {
      listener();
    }
  }

  private release(requestId: string, entry: Entry): void {
    if (--entry.users === 0 && this.entries.get(requestId) === entry) {
      entry.ending = this.clock.setTimeout(() => this.end(requestId, entry), lingerMs);
    }
  }

  private end(requestId: string, entry: Entry): void {
    if (this.entries.get(requestId) === entry) {
      this.entries.delete(requestId);
      entry.watch.close();
    }
  }
}

const isFed = ({ connection }: WatchSnapshot): boolean => connection === 'live' || connection === 'polling';
const showsPlaces = ({ connection, status }: WatchSnapshot): boolean =>
  connection !== 'denied' && status !== null && showsOperator(status.status);
