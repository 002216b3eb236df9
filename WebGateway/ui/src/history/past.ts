import { ApiError, type Api } from '../admin/api';
import { bucketSeconds, gapMs, loadRoute, mostPositions, pathOf, periodOf } from './routeLoader';
import { DetailLevels } from './detailLevels';
import { Track } from './track';
import { keyOf, type Subject, type Wish } from './wish';

/** A trip of REST, times in ms. */
export interface Trip {
  readonly from: number;
  readonly to: number;
  readonly distance: number;
  /** m/s, waiting included. */
  readonly average: number;
}

/** A stop of REST, times in ms. */
export interface Stop {
  readonly from: number;
  readonly to: number;
  readonly lat: number;
  readonly lng: number;
}

/** A subject's route, as far as it is there. */
export interface LoadedRoute {
  readonly subject: Subject;
  readonly key: string;
  /** Its colour. */
  readonly index: number;
  readonly track: Track;
  readonly levels: DetailLevels;
  readonly trips: readonly Trip[];
  readonly stops: readonly Stop[];
  /** Why it could not be had. */
  readonly problem: string | null;
}

/** What was loaded of the past, and what is going on. */
export interface PastState {
  readonly routes: readonly LoadedRoute[];
  /** 0 to 1 while it loads. */
  readonly progress: number | null;
  readonly positions: number;
  /** Only the first position of so many seconds; 0: every one. */
  readonly bucket: number;
  /** Whether something is missing: it was cancelled, or is more than the page takes. */
  readonly isCut: 'cancelled' | 'full' | null;
}

interface TripView { readonly start: { readonly time: string }; readonly end: { readonly time: string }; readonly distanceMeters: number; readonly averageSpeed: number }
interface StopView { readonly from: string; readonly to: string; readonly lat: number; readonly lng: number }

const loadsAtOnce = 2;
const longestTrips = 31 * 86_400_000;

/** Loads the routes of a wish. Framework-free: the page shows its state. */
export class Past {
  private readonly listeners = new Set<() => void>();
  private controller: AbortController | null = null;
  private state: PastState = { routes: [], progress: null, positions: 0, bucket: 0, isCut: null };

  constructor(private readonly api: Api) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly getSnapshot = (): PastState => this.state;

  /** Loads anew; what is still loading is given up. */
  async load({ subjects, from, to, detail }: Wish): Promise<void> {
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    const bucket = bucketSeconds(detail, from, to, subjects.length);
    const reached = subjects.map(() => from);
    this.set({
      bucket, positions: 0, isCut: null, progress: subjects.length === 0 ? null : 0,
      routes: subjects.map((subject, index) => {
        const track = new Track(gapMs(bucket));
        return { subject, key: keyOf(subject), index, track, levels: new DetailLevels(track), trips: [], stops: [], problem: null };
      }),
    });
    const waiting = [...this.state.routes.keys()];
    const work = async (): Promise<void> => {
      for (let i = waiting.shift(); i !== undefined && !controller.signal.aborted; i = waiting.shift()) {
        await this.loadOne(i, { from, to }, bucket, controller.signal, upTo => {
          reached[i!] = upTo;
          const share = reached.reduce((sum, each) => sum + (each - from), 0) / (reached.length * Math.max(1, to - from));
          this.set({ progress: share, positions: this.state.routes.reduce((sum, { track }) => sum + track.length, 0) });
        });
      }
    };
    await Promise.all(Array.from({ length: loadsAtOnce }, work));
    if (this.controller === controller) {
      this.set({ progress: null });
    }
  }

  /** Gives up what is still loading; what is there stays. */
  cancel(): void {
    if (this.state.progress !== null) {
      this.controller?.abort();
      this.controller = null;
      this.set({ progress: null, isCut: 'cancelled' });
    }
  }

  close(): void {
    this.controller?.abort();
    this.listeners.clear();
  }

  private async loadOne(
    index: number, { from, to }: { from: number; to: number }, bucket: number, signal: AbortSignal, onPage: (upTo: number) => void,
  ): Promise<void> {
    const { subject, track, levels } = this.state.routes[index]!;
    try {
      const parts = this.loadParts(subject, from, to, signal);
      const isWhole = await loadRoute(this.api, subject, from, to, bucket, track, signal, upTo => {
        levels.grow();
        onPage(upTo);
        return this.state.positions < mostPositions;
      });
      if (!isWhole) {
        this.set({ isCut: 'full' });
      }
      this.change(index, signal, await parts);
    } catch (error) {
      if (!signal.aborted) {
        this.change(index, signal, { problem: error instanceof ApiError ? error.message : String(error) });
        onPage(to);
      }
    }
  }

  private async loadParts(subject: Subject, from: number, to: number, signal: AbortSignal): Promise<Pick<LoadedRoute, 'trips' | 'stops'>> {
    if (to - from > longestTrips) {
      return { trips: [], stops: [] };
    }
    const ask = <T>(what: string): Promise<T> => this.api.call<T>(`${pathOf(subject)}/${what}?${periodOf(from, to)}`, { signal });
    // Without trips the route is still worth showing.
    const [trips, stops] = await Promise.all([
      ask<TripView[]>('trips').catch(() => []), ask<StopView[]>('stops').catch(() => []),
    ]);
    return {
      trips: trips.map(({ start, end, distanceMeters, averageSpeed }) => ({
        from: Date.parse(start.time), to: Date.parse(end.time), distance: distanceMeters, average: averageSpeed,
      })),
      stops: stops.map(stop => ({ ...stop, from: Date.parse(stop.from), to: Date.parse(stop.to) })),
    };
  }

  private change(index: number, signal: AbortSignal, change: Partial<LoadedRoute>): void {
    if (!signal.aborted) {
      this.set({ routes: this.state.routes.map(route => route.index === index ? { ...route, ...change } : route) });
    }
  }

  private set(change: Partial<PastState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}
