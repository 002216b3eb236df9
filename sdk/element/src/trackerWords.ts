import { isFinal, type TrackingSnapshot } from '@artmqtt/client';
import { Amounts, type Texts } from './texts.js';
import type { TrackerMap } from './trackerMap.js';

const good = new Set(['live', 'polling']);
const warn = new Set(['connecting', 'catching-up']);
/** Up to this age, s, a position needs no remark. */
const freshFor = 10;

/** The words above the map: how far the request has come, whether that is live, when the operator arrives. */
export class TrackerWords {
  private readonly headline = document.createElement('p');
  private readonly state = document.createElement('p');
  private readonly facts = document.createElement('p');

  constructor(shadow: ShadowRoot) {
    const words = document.createElement('div');
    words.className = 'words';
    for (const [name, part] of Object.entries({ headline: this.headline, state: this.state, facts: this.facts })) {
      part.className = name;
      part.setAttribute('part', name);
      words.append(part);
    }
    this.headline.setAttribute('role', 'status');
    shadow.append(words);
  }

  show(texts: Texts, language: string, known: TrackingSnapshot | null, map: TrackerMap): void {
    const { connection = 'connecting', status = null } = known ?? {};
    set(this.headline, connection === 'denied' ? texts.notFound : status ? texts.status[status.status] : texts.loading);
    const isOver = connection === 'denied' || (status !== null && isFinal(status.status));
    this.state.hidden = isOver && connection !== 'denied';
    set(this.state, texts.connection[connection]);
    this.state.classList.toggle('is-good', good.has(connection));
    this.state.classList.toggle('is-warn', warn.has(connection));
    this.state.classList.toggle('is-bad', !good.has(connection) && !warn.has(connection));
    set(this.facts, isOver ? '' : facts(texts, new Amounts(language), known, map).join(' · '));
    map.container.setAttribute('aria-label', texts.map);
    map.container.hidden = connection === 'denied';
  }
}

function facts(texts: Texts, amounts: Amounts, known: TrackingSnapshot | null, { distance, age }: TrackerMap): string[] {
  if (!known?.operator) {
    return known?.status && known.status.status !== 'pending' ? [texts.waiting] : [];
  }
  const left = known.eta ? (known.eta.etaAt - Date.now()) / 1_000 : null;
  return [
    left === null ? null : texts.arrives.replace('{time}', amounts.time(Math.max(60, left))),
    distance === null ? null : texts.away.replace('{distance}', amounts.distance(distance)),
    age === null || age < freshFor ? null : texts.lastSeen.replace('{age}', amounts.time(age)),
  ].filter(text => text !== null);
}

function set(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
