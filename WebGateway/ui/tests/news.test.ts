import type { EtaUpdate } from '@artmqtt/client';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { News } from '../src/track/news';
import { loadWords } from '../src/track/words';

let isHidden: boolean;
let said: string[];
let notified: string[];
let news: News;

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  await loadWords(['en-US']);
});

beforeEach(() => {
  isHidden = true;
  said = [];
  notified = [];
  news = new News({
    announce: text => said.push(text), notify: (title, body) => notified.push(`${title}: ${body}`), isHidden: () => isHidden,
  });
});

const eta = (etaAt: number): EtaUpdate =>
  ({ etaAt, etaSeconds: 1, distanceMeters: 1, low: 1, high: 1, source: 'history', computedAt: 0 });

it('notifies of each change while nobody looks, not of what it opens with', () => {
  news.tellStatus('assigned', 'Assigned', 'Soon.');
  news.tellStatus('en_route', 'On the way', 'Look.');
  news.tellStatus('en_route', 'On the way', 'Look.');
  isHidden = false;
  news.tellStatus('arrived', 'Arrived', 'Meet them.');

  expect(notified).toEqual(['On the way: Look.']);
  expect(said).toEqual(['Assigned. Soon.', 'On the way. Look.', 'Arrived. Meet them.']);
});

it('says once that it will not be long, while somebody is on the way', () => {
  news.tellEta(eta(60_000), 0);
  news.tellStatus('en_route', 'On the way', 'Look.');
  news.tellEta(null, 0);
  news.tellEta(eta(500_000), 379_999);
  expect(notified).toEqual([]);

  news.tellEta(eta(500_000), 380_000);
  news.tellEta(eta(500_000), 450_000);
  expect(notified).toEqual(['Almost there: Expected in about 2 min.']);
});
