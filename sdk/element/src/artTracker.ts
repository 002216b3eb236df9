import {
  isFinal, TrackingClient, type PositionToSend, type TrackingSnapshot,
} from '@artmqtt/client';
import { fetchPlaces } from './places.js';
import { style } from './style.js';
import { english, type Texts } from './texts.js';
import { TrackerMap } from './trackerMap.js';
import { TrackerWords } from './trackerWords.js';

// A server that renders pages has no elements; it may import this all the same.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;
const tickMs = 1_000;

/**
 * `<art-tracker request="…" token="…">`: a request live, with a map of its own. Attributes: `request` and `token` as in the
 * customer's link, `server` (default: where the script came from). Events: `change` after each change of `snapshot`.
 */
export class ArtTracker extends Base {
  static readonly observedAttributes = ['server', 'request', 'token'];

  private words: TrackerWords | null = null;
  private map: TrackerMap | null = null;
  private client: TrackingClient | null = null;
  private known: TrackingSnapshot | null = null;
  private end: () => void = () => undefined;
  private said: Texts = english;
  private isOpening = false;

  /** Everything known of the request; null before the first answer. */
  get snapshot(): TrackingSnapshot | null {
    return this.known;
  }

  /** What it says, for another language. */
  get texts(): Texts {
    return this.said;
  }

  set texts(texts: Texts) {
    this.said = texts;
    this.show();
  }

  /**
   * Sends a position of the customer; resolves when it is durable.
   * @throws SendError when it is refused, or nobody could be reached.
   */
  async sendCustomerLocation(position: PositionToSend): Promise<void> {
    if (this.client === null) {
      throw new Error('<art-tracker> watches nothing: it has no request or token, is not on the page, or the request has ended.');
    }
    await this.client.sendCustomerLocation(this.requestId, position);
  }

  connectedCallback(): void {
    if (this.words === null) {
      const shadow = this.attachShadow({ mode: 'open' });
      // Not a <style> element: a strict content security policy would leave it out.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      shadow.adoptedStyleSheets = [sheet];
      this.words = new TrackerWords(shadow);
      this.map = new TrackerMap(shadow);
    }
    this.open();
  }

  disconnectedCallback(): void {
    this.close();
  }

  attributeChangedCallback(): void {
    // All that are set in one go make one change.
    if (this.words !== null && !this.isOpening) {
      this.isOpening = true;
      queueMicrotask(() => {
        this.isOpening = false;
        this.close();
        if (this.isConnected) {
          this.open();
        }
      });
    }
  }

  private get requestId(): string {
    return this.getAttribute('request') ?? '';
  }

  private open(): void {
    const token = this.getAttribute('token') ?? '';
    const server = new URL(this.getAttribute('server') ?? '/', import.meta.url).href;
    const requestId = this.requestId;
    this.show();
    if (requestId === '' || token === '') {
      return;
    }
    const client = new TrackingClient(server, token);
    const unsubscribe = client.subscribe(requestId, () => {
      this.known = client.getSnapshot(requestId);
      this.show();
      this.dispatchEvent(new CustomEvent('change', { detail: this.known }));
      if (this.known.connection === 'denied' || (this.known.status !== null && isFinal(this.known.status.status))) {
        this.end();
      }
    });
    const timer = setInterval(() => this.show(), tickMs);
    const abort = new AbortController();
    this.client = client;
    this.end = () => {
      this.end = () => undefined;
      this.client = null;
      abort.abort();
      clearInterval(timer);
      unsubscribe();
      client.close();
    };
    void fetchPlaces(server, requestId, token, abort.signal).then(places => {
      if (!abort.signal.aborted) {
        this.map?.start(places);
      }
    });
  }

  private close(): void {
    this.end();
    this.known = null;
    this.map?.reset();
  }

  private show(): void {
    const { words, map, known } = this;
    if (words === null || map === null) {
      return;
    }
    map.show(known);
    words.show(this.said, language(this), known, map);
    this.dataset.connection = known?.connection ?? '';
    this.dataset.status = known?.status?.status ?? '';
  }
}

const language = (element: Element): string =>
  element.closest('[lang]')?.getAttribute('lang') || globalThis.navigator?.language || 'en';
