import { describe, expect, it } from 'vitest';
import { Amounts } from '../src/texts.js';

describe('art-tracker', () => {
  it('can be imported where there is no browser', async () => {
    expect((await import('../src/index.js')).ArtTracker.observedAttributes).toEqual(['server', 'request', 'token']);
  });

  it.each([
    ['en', '40 sec', '3 min', '2 hr', '80 m', '1.2 km', '23 km'],
    ['de', '40 Sek.', '3 Min.', '2 Std.', '80 m', '1,2 km', '23 km'],
  ])('says amounts in %s with the unit that suits them', (language, seconds, minutes, hours, near, middle, far) => {
    const amounts = new Amounts(language);
    const plain = (text: string): string => text.replace(/\s/g, ' ');

    expect([40, 170, 7_000].map(s => plain(amounts.time(s)))).toEqual([seconds, minutes, hours]);
    expect([83, 1_240, 23_400].map(m => plain(amounts.distance(m)))).toEqual([near, middle, far]);
  });
});
