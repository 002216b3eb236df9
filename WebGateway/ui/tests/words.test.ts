import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatAge, formatDistance, formatMinutes, formatPlace, formatTimes } from '../src/track/formats';
import { chooseLocale, fill, loadWords, words, type Words } from '../src/track/words';
import ar from '../src/track/words/ar';
import de from '../src/track/words/de';
import en from '../src/track/words/en';
import es from '../src/track/words/es';

/** All texts by the path of their keys. */
function flat(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, text]: [string, string | object]) =>
    typeof text === 'string' ? [[`${path}${key}`, text]] : flat(text, `${path}${key}.`));
}
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(match => match[0]).sort();

afterEach(() => vi.unstubAllGlobals());

describe.each([['es', es], ['de', de], ['ar', ar]] as [string, Words][])('%s', (_, translated) => {
  const texts = new Map(flat(translated));

  it('has the keys and placeholders of English, in the same order', () => {
    expect([...texts.keys()]).toEqual(flat(en).map(([key]) => key));
    for (const [key, text] of flat(en)) {
      expect([key, placeholders(texts.get(key)!)]).toEqual([key, placeholders(text)]);
    }
  });

  it('leaves nothing untranslated or empty', () => {
    // Some words are the same in German.
    const same = flat(en).filter(([key, text]) => texts.get(key) === text).map(([key]) => key);
    expect(same.filter(key => !['connections.live', 'connections.offline'].includes(key))).toEqual([]);
    expect([...texts.values()].filter(text => text.trim() !== text || text === '')).toEqual([]);
  });
});

describe('chooseLocale', () => {
  it.each([
    [['de-AT', 'en'], 'de', 'de-AT'], [['fr-FR', 'es-MX', 'en'], 'es', 'es-MX'], [['fr'], 'en', 'en'], [[], 'en', 'en'],
    [['AR'], 'ar', 'AR'], [['de-!', 'es'], 'es', 'es'], [['constructor'], 'en', 'en'],
  ])('%j → %s', (wishes, language, locale) => expect(chooseLocale(wishes)).toEqual({ language, locale }));
});

it('writes numbers and times as the region does, and turns the page for Arabic', async () => {
  const documentElement = { lang: '', dir: '' };
  vi.stubGlobal('document', { documentElement });

  await loadWords(['ar-EG']);
  expect(documentElement).toEqual({ lang: 'ar-EG', dir: 'rtl' });
  expect(words).toBe(ar);
  expect([formatDistance(1_240), formatMinutes(12), formatAge(40)]).toEqual(['١٫٢ كم', '١٢ د', 'قبل ٤٠ ثانية']);
  expect(formatPlace({ lat: 52.5, lng: 13.4 })).toBe('52.50000, 13.40000');

  await loadWords(['de']);
  expect(documentElement).toEqual({ lang: 'de', dir: 'ltr' });
  expect([formatDistance(1_240), formatMinutes(65)]).toEqual(['1,2 km', '1 Std. 5 Min.']);
  const afternoon = new Date(2026, 2, 2, 14, 10).getTime();
  expect(formatTimes(afternoon, afternoon + 420_000)).toBe('14:10–14:17 Uhr');
});

it('fills in what it is given and leaves the rest', () => {
  expect(fill('{a} and {b}', { a: '1' })).toBe('1 and {b}');
});
