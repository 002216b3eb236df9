import { isFinal, showsOperator, watchRequest, type RequestStatus, type RequestWatch } from '@artmqtt/client';
import { fetchRequest, fetchRoute } from './gateway';
import type { TrackingLink } from './link';
import { LiveMap } from './liveMap';
import type { Page } from './page';
import { details, formatTime, headlines, texts, viewerDetails, viewerHeadlines } from './texts';

const retryMs = 5_000;

/** Brings together what is known of a request with what the customer sees. */
export class Tracking {
  private readonly watch: RequestWatch;
  private readonly map: LiveMap;
  private status: { status: RequestStatus; at: number } | null = null;
  private isOver = false;
  private hasGap = false;

  constructor(private readonly link: TrackingLink, private readonly page: Page) {
    this.map = new LiveMap(page);
    this.watch = watchRequest(location.origin, link.requestId, link.token);
  }

  start(): void {
    this.watch.on('operator:location', position => this.map.see(position));
    this.watch.on('customer:location', position => this.map.showCustomer(position));
    this.watch.on('request:status:updated', ({ status, at }) => this.showStatus(status, at));
    this.watch.on('connection', connection => {
      if (connection === 'denied') {
        void this.load();
      } else {
        const isFed = connection === 'live' || connection === 'polling';
        this.page.showConnection(connection);
        this.map.showConnection(isFed);
        if (isFed && this.hasGap) {
          void this.loadRoute();
        }
        this.hasGap = !isFed;
        if (connection === 'offline' && this.status === null) {
          this.page.showHeadline(texts.loading, texts.offlineDetail);
        }
      }
    });
    this.map.start();
    void this.load();
  }

  /** Gets what the live stream does not tell: the pickup point, the way so far, and whether the link is good. */
  private async load(): Promise<void> {
    const request = await fetchRequest(this.link);
    if (this.isOver) {
      return;
    }
    if (request === 'unavailable') {
      setTimeout(() => void this.load(), retryMs);
      return;
    }

    const { connection, reason } = this.watch.getSnapshot();
    const denied = 'denied' in request ? request.denied
      : connection === 'denied' && !isFinal(request.status) ? reason : null;
    if ('denied' in request || denied !== null) {
      this.end();
      this.page.showDenied(denied);
      return;
    }

    if (request.pickup) {
      this.map.showPickup(request.pickup);
    }
    // The stream may have told of a later status meanwhile.
    if (this.status === null || isFinal(request.status)) {
      this.showStatus(request.status, request.updatedAt);
    }
  }

  /** Gets the way so far: when it may be seen first, and after each break for what was missed. */
  private async loadRoute(): Promise<void> {
    if (this.status !== null && showsOperator(this.status.status)) {
      const route = await fetchRoute(this.link);
      if (!this.isOver) {
        this.map.showHistory(route);
      }
    }
  }

  private showStatus(status: RequestStatus, at: number): void {
    if (this.isOver) {
      return;
    }
    const wasShown = this.status !== null && showsOperator(this.status.status);
    this.status = { status, at };
    const isRunning = status !== 'pending' && !isFinal(status);
    this.page.showStatus(status);
    const since = isRunning ? `${texts.since(formatTime(at))}. ` : '';
    const [headline, detail] = this.link.isViewer
      ? [viewerHeadlines[status], viewerDetails[status]] : [headlines[status], details[status]];
    this.page.showHeadline(headline, since + detail);
    this.map.showStatus(status);
    if (!wasShown) {
      void this.loadRoute();
    }
    if (isFinal(status)) {
      this.end();
      this.page.showConnection('ended');
    }
  }

  private end(): void {
    this.isOver = true;
    this.watch.close();
    this.map.end();
  }
}
