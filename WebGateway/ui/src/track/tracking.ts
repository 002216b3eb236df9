import { isFinal, showsOperator, watchRequest, type RequestStatus, type RequestWatch } from '@artmqtt/client';
import { Actions } from './actions';
import { formatTime } from './formats';
import { fetchMapConfig, fetchRequest, fetchRoute, noMapConfig, type MapConfig } from './gateway';
import type { TrackingLink } from './link';
import { LiveMap } from './liveMap';
import { isSharing, LocationSharing } from './locationSharing';
import { News } from './news';
import { Notifier } from './notifier';
import type { Page } from './page';
import { serverNow } from './serverClock';
import { SharePanel } from './sharePanel';
import { fill, words } from './words';

const retryMs = 5_000;
/** How often it is looked whether it will not be long; hidden pages draw no frames. */
const newsMs = 5_000;

/** Brings together what is known of a request with what the customer sees. */
export class Tracking {
  private readonly watch: RequestWatch;
  private readonly map: LiveMap;
  private status: { status: RequestStatus; at: number } | null = null;
  private isOver = false;
  private hasGap = false;
  /** Places of the customer up to this time are not shown: they no longer share them. */
  private hiddenUntil = 0;
  private readonly sharing: LocationSharing;
  private readonly sharePanel: SharePanel;
  private readonly actions: Actions;
  private readonly news: News;
  private newsTimer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly link: TrackingLink, private readonly page: Page) {
    this.map = new LiveMap(page);
    this.watch = watchRequest(location.origin, link.requestId, link.token);
    this.sharing = new LocationSharing({
      geolocation: navigator.geolocation,
      isSecure: isSecureContext,
      send: position => this.watch.sendCustomerLocation(position),
      onState: state => this.sharePanel.show(state),
      onPlace: place => {
        this.hiddenUntil = serverNow();
        this.map.showCustomer(place);
      },
    });
    this.sharePanel = new SharePanel(() => isSharing(this.sharing.state) ? this.sharing.stop() : this.sharing.start());
    const notifier = new Notifier(link.requestId);
    this.actions = new Actions(notifier, !link.isViewer);
    this.news = new News({
      announce: text => page.announce(text),
      notify: (title, body) => void notifier.show(title, body),
      isHidden: () => document.visibilityState === 'hidden',
    });
  }

  start(): void {
    this.watch.on('operator:location', position => this.map.see(position));
    this.watch.on('customer:location', position => {
      if (position.timestamp > this.hiddenUntil) {
        this.map.showCustomer(position);
      }
    });
    this.watch.on('request:eta', eta => {
      this.map.expect(eta);
      this.tellEta();
    });
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
          this.page.showHeadline(words.loading, words.offlineDetail);
        }
      }
    });
    this.newsTimer = setInterval(() => this.tellEta(), newsMs);
    // A page that comes back from the browser's memory was away: sharing takes a new yes.
    addEventListener('pagehide', () => this.sharing.stop());
    const config = fetchMapConfig();
    this.map.start(config.then(known => known ?? noMapConfig));
    void this.loadContact(config);
    void this.load();
  }

  private tellEta(): void {
    this.news.tellEta(this.watch.getSnapshot().eta, serverNow());
  }

  private async loadContact(first: Promise<MapConfig | null>): Promise<void> {
    let config = await first;
    while (config === null && !this.isOver) {
      await new Promise(resolve => setTimeout(resolve, retryMs));
      config = await fetchMapConfig();
    }
    this.actions.showContact(config?.contact ?? null);
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
    const since = isRunning ? `${fill(words.since, { time: formatTime(at) })} ` : '';
    const [headline, detail] = this.link.isViewer
      ? [words.viewerHeadlines[status], words.viewerDetails[status]] : [words.headlines[status], words.details[status]];
    this.page.showHeadline(headline, since + detail);
    this.news.tellStatus(status, headline, detail);
    this.sharePanel.offer(!this.link.isViewer && showsOperator(status));
    this.actions.offer(!isFinal(status));
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
    clearInterval(this.newsTimer);
    this.sharing.stop();
    this.sharePanel.offer(false);
    this.actions.offer(false);
    this.watch.close();
    this.map.end();
  }
}
