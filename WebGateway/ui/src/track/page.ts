import type { ConnectionState, RequestStatus } from '@artmqtt/client';
import { connections, denials, steps, texts } from './texts';

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

/** A copy of a template's only element. */
export function cloneTemplate(id: string): HTMLElement {
  const { content } = element<HTMLTemplateElement>(id);
  return content.firstElementChild!.cloneNode(true) as HTMLElement;
}

/** Everything on the page but the map. Only writes what has changed. */
export class Page {
  readonly map = element('map');
  readonly card = element('card');
  readonly recentre = element<HTMLButtonElement>('recentre');
  readonly scale = element('scale');
  private readonly steps = element('steps');
  private connection: ConnectionState | 'ended' = 'connecting';
  private isSilent = false;

  constructor() {
    this.map.setAttribute('aria-label', texts.map);
    this.recentre.querySelector('span')!.textContent = texts.recentre;
    this.steps.append(...steps.map(({ label }) => {
      const item = document.createElement('li');
      item.append(Object.assign(document.createElement('span'), { textContent: label }));
      return item;
    }));
  }

  showHeadline(headline: string, detail: string): void {
    setText('headline', headline);
    setText('detail', detail);
    document.title = texts.title(headline);
  }

  showStatus(status: RequestStatus): void {
    document.body.dataset.status = status;
    const current = steps.findIndex(step => step.status === status);
    this.steps.hidden = current < 0;
    [...this.steps.children].forEach((item, i) => {
      item.className = i < current || status === 'completed' ? 'done' : i === current ? 'current' : '';
      item.toggleAttribute('aria-current', i === current);
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
      setText('distance-unit', texts.away);
      setText('seen', facts.seen);
      element('seen').classList.toggle('is-stale', facts.isStale);
    }
  }

  /** Nothing to track: says why, without map or progress. */
  showProblem(headline: string, detail: string): void {
    document.body.classList.add('has-problem');
    this.steps.hidden = true;
    this.recentre.hidden = true;
    this.showFacts(null);
    this.showConnection('denied');
    this.showHeadline(headline, detail);
  }

  /** The link opens nothing (any more); the code says why. */
  showDenied(code: string | null): void {
    const { headline, detail } = denials[code ?? ''] ?? { headline: texts.deniedLink, detail: texts.deniedLinkDetail };
    this.showProblem(headline, detail);
  }

  // "Live" is said of what one sees: an old position over a good connection is not live.
  private showPill(): void {
    const isSilent = this.isSilent && (this.connection === 'live' || this.connection === 'polling');
    document.body.classList.toggle('is-silent', isSilent);
    setText('connection-text', isSilent ? texts.noSignal
      : this.connection === 'ended' ? texts.ended : connections[this.connection]);
  }

  showAttribution(text: string): void {
    setText('attribution', text);
  }
}

function setText(id: string, text: string): void {
  const target = element(id);
  if (target.textContent !== text) {
    target.textContent = text;
  }
}
