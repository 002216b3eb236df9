import type { ConnectionState, Place, RequestStatus } from '@artmqtt/client';
import { element, setText } from './elements';
import type { EtaLine } from './eta';
import { formatPlace } from './formats';
import { productName, words } from './words';

/** Everything on the page but the map and what can be tapped. Only writes what has changed. */
export class Page {
  readonly map = element('map');
  readonly card = element('card');
  readonly recentre = element<HTMLButtonElement>('recentre');
  readonly scale = element('scale');
  private readonly steps = element('steps');
  private connection: ConnectionState | 'ended' = 'connecting';
  private isSilent = false;

  constructor() {
    translate(document);
    document.querySelectorAll('template').forEach(({ content }) => translate(content));
    this.steps.append(...Object.values(words.steps).map(label => {
      const item = document.createElement('li');
      item.append(Object.assign(document.createElement('span'), { textContent: label }));
      return item;
    }));
    this.showHeadline(words.loading, words.loadingDetail);
    this.showPill();
    document.body.classList.remove('is-starting');
  }

  showHeadline(headline: string, detail: string): void {
    setText('headline', headline);
    setText('detail', detail);
    document.title = `${headline} · ${productName}`;
  }

  /** Is read out by screen readers. */
  announce(text: string): void {
    setText('announcement', text);
  }

  showStatus(status: RequestStatus): void {
    document.body.dataset.status = status;
    const current = Object.keys(words.steps).indexOf(status);
    this.steps.hidden = current < 0;
    [...this.steps.children].forEach((item, i) => {
      item.className = i < current || status === 'completed' ? 'done' : i === current ? 'current' : '';
      if (i === current) {
        item.setAttribute('aria-current', 'step');
      } else {
        item.removeAttribute('aria-current');
      }
    });
  }

  showConnection(connection: ConnectionState | 'ended'): void {
    this.connection = connection;
    document.body.dataset.connection = connection;
    this.showPill();
  }

  /** How far away the operator is and how old that is; null hides both. */
  showFacts(facts: { distance: string | null; seen: string; isStale: boolean } | null): void {
    element('facts').hidden = facts === null;
    const isSilent = facts?.isStale ?? false;
    if (this.isSilent !== isSilent) {
      this.isSilent = isSilent;
      this.showPill();
    }
    if (facts) {
      element('distance').hidden = facts.distance === null;
      setText('distance-value', facts.distance ?? '');
      setText('seen', facts.seen);
      element('seen').classList.toggle('is-stale', facts.isStale);
    }
  }

  /** When the operator arrives; null hides it. */
  showEta(line: EtaLine | null): void {
    element('eta').hidden = line === null;
    element('facts').classList.toggle('has-eta', line !== null);
    setText('eta-value', line?.value ?? '');
    setText('eta-detail', line?.detail ?? '');
    element('eta').classList.toggle('is-stale', line?.isStale ?? false);
    element('late').hidden = (line?.late ?? null) === null;
    setText('late', line?.late ?? '');
  }

  /** There is no map on this device: from now on its places are written on the card. */
  showNoMap(): void {
    document.body.classList.add('has-no-map');
    element('places').hidden = false;
  }

  /** The places of the map, in text; null is not known, or not shown any more. */
  showPlaces(operator: Place | null, pickup: Place | null): void {
    for (const [name, place] of [['operator', operator], ['pickup', pickup]] as const) {
      element(`${name}-row`).hidden = place === null;
      setText(`${name}-place`, place === null ? '' : formatPlace(place));
    }
  }

  /** Nothing to track: says why, without map or progress. */
  showProblem(headline: string, detail: string): void {
    document.body.classList.add('has-problem');
    this.steps.hidden = true;
    this.recentre.hidden = true;
    this.showFacts(null);
    this.showEta(null);
    this.showConnection('denied');
    this.showHeadline(headline, detail);
    this.announce(`${headline}. ${detail}`);
  }

  /** The link opens nothing (any more); the code says why. */
  showDenied(code: string | null): void {
    const { headline, detail } = isDenial(code) ? words.denials[code]
      : { headline: words.deniedLink, detail: words.deniedLinkDetail };
    this.showProblem(headline, detail);
  }

  showAttribution(text: string): void {
    setText('attribution', text);
  }

  // "Live" is said of what one sees: an old position over a good connection is not live.
  private showPill(): void {
    const isSilent = this.isSilent && (this.connection === 'live' || this.connection === 'polling');
    document.body.classList.toggle('is-silent', isSilent);
    setText('connection-text', words.connections[isSilent ? 'silent' : this.connection]);
  }
}

const isDenial = (code: string | null): code is keyof typeof words.denials => code !== null && Object.hasOwn(words.denials, code);

type PlainWord = { [K in keyof typeof words]: (typeof words)[K] extends string ? K : never }[keyof typeof words];

/** Puts the words of the visitor's language where the page names them. */
function translate(root: ParentNode): void {
  for (const target of root.querySelectorAll<HTMLElement>('[data-word]')) {
    target.textContent = words[target.dataset.word as PlainWord];
  }
  for (const target of root.querySelectorAll('[data-label]')) {
    target.setAttribute('aria-label', words[target.getAttribute('data-label') as PlainWord]);
  }
}
