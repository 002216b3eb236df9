import { distance, Freshness, Trail } from '@artmqtt/client';
import { gridLines, Mercator, needsFit, roundStep } from '@artmqtt/element/map';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { etaLine } from '../src/track/eta';
import { readLink, readShareToken } from '../src/track/link';
import { formatAge, formatDistance, formatLength, formatMinutes } from '../src/track/formats';
import { loadWords } from '../src/track/words';

const id = '6f1c2a34-8b1d-4f6e-9a53-0d2e7c4b1a90';

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  await loadWords(['en-GB']);
});

const noInsets = { top: 0, right: 0, bottom: 0, left: 0 };

describe('readLink', () => {
  it.each(['t', 'track'])('reads the request and the token behind /%s/', folder => {
    expect(readLink(`/${folder}/${id}`, '#c.x.y')).toEqual({ requestId: id, token: 'c.x.y' });
  });

  it.each([[`/t/${id}`, ''], [`/t/${id}`, '#'], ['/t/', '#t'], ['/track/../api', '#t'], [`/tr/${id}`, '#t']])(
    'refuses %s%s', (path, fragment) => expect(readLink(path, fragment)).toBeNull());
});

describe('readShareToken', () => {
  it('reads what stands behind /s#', () => {
    expect(readShareToken('/s', '#0123456789ABCDEFabc')).toBe('s.0123456789ABCDEFabc');
  });

  it.each([['/s', ''], ['/s', '#0123456789ABCDEFab'], ['/s', '#0123456789ABCDEFab_'], ['/track/s', '#0123456789ABCDEFabc']])(
    'refuses %s%s', (path, fragment) => expect(readShareToken(path, fragment)).toBeNull());
});

describe('Trail', () => {
  const point = (s: number) => ({ lat: 50 + s / 5_000, lng: 8, timestamp: s * 1000 });

  it('puts stored history in front of what came live and into its gaps, once', () => {
    const trail = new Trail();
    [5, 9].forEach(s => trail.add(point(s)));
    trail.addHistory([point(1), point(3), point(5), point(7)]);
    trail.addHistory([point(1), point(3), point(5)]);

    expect(trail.until(9_000, point(10)).map(p => Math.round((p.lat - 50) * 5_000))).toEqual([1, 3, 5, 7, 9, 10]);
  });

  it('shows only what the marker has passed', () => {
    const trail = new Trail();
    [1, 2, 3].forEach(s => trail.add(point(s)));

    expect(trail.until(2_000, point(2.5))).toHaveLength(3);
    expect(trail.until(500, point(0))).toEqual([]);
  });

  it('stays bounded and keeps both ends', () => {
    const trail = new Trail();
    for (let s = 1; s <= 20_000; s++) {
      trail.add(point(s));
    }
    const line = trail.until(Number.POSITIVE_INFINITY, point(20_000));

    expect(line.length).toBeLessThanOrEqual(2_001);
    expect(line[0]).toEqual(point(1));
    expect(line.at(-2)).toEqual(point(20_000));
  });
});

describe('Freshness', () => {
  it('is stale 20 s after the last position, later for a standing vehicle', () => {
    const freshness = new Freshness();
    freshness.see({ timestamp: 100_000, speed: 9 }, 101_000);
    expect([freshness.isStale(120_000), freshness.isStale(121_001)]).toEqual([false, true]);
    expect(freshness.age(121_000)).toBe(20_000);

    freshness.see({ timestamp: 130_000, speed: 0 }, 131_000);
    expect([freshness.isStale(160_000), freshness.isStale(210_000)]).toEqual([false, true]);
  });

  it('says how old a position is that was old when it came', () => {
    const freshness = new Freshness();
    freshness.see({ timestamp: 0 }, 600_000);

    expect([freshness.age(600_000), freshness.isStale(600_000)]).toEqual([600_000, true]);
  });

  it('does not blame a position for a clock that is a little off', () => {
    const freshness = new Freshness();
    freshness.see({ timestamp: 0 }, 15_000);

    expect(freshness.age(15_000)).toBe(0);
  });
});

describe('needsFit', () => {
  const size = { width: 400, height: 800 };

  it.each([
    ['inside and large', [{ x: 100, y: 100 }, { x: 300, y: 700 }], 3, false],
    ['outside', [{ x: 100, y: 100 }, { x: 399, y: 700 }], 3, true],
    ['small, with room to go closer', [{ x: 200, y: 400 }, { x: 220, y: 420 }], 3, true],
    ['small, at the closest', [{ x: 200, y: 400 }, { x: 220, y: 420 }], 0.2, false],
  ])('%s', (_, points, zoomLeft, expected) => {
    expect(needsFit(points, size, noInsets, zoomLeft)).toBe(expected);
  });
});

describe('Mercator', () => {
  const size = { width: 400, height: 800 };

  it('fits places between the insets', () => {
    const insets = { top: 50, right: 10, bottom: 300, left: 10 };
    const places = [{ lat: 52.5, lng: 13.3 }, { lat: 52.6, lng: 13.5 }];
    const camera = Mercator.fitting(places, size, insets, 18);

    for (const { x, y } of places.map(place => camera.project(place, size))) {
      expect(x).toBeGreaterThanOrEqual(9.99);
      expect(x).toBeLessThanOrEqual(390.01);
      expect(y).toBeGreaterThanOrEqual(49.99);
      expect(y).toBeLessThanOrEqual(500.01);
    }
  });

  it('keeps the place under the pointer when zooming', () => {
    const camera = new Mercator({ lat: 48, lng: 11 }, 12);
    const pointer = { x: 33, y: 700 };
    const after = camera.zoomed(1.5, pointer, size).unproject(pointer, size);

    expect(distance(after, camera.unproject(pointer, size))).toBeLessThan(0.01);
  });
});

describe('grid', () => {
  it.each([[1, 110, 100], [2.4, 100, 200], [0.3, 110, 20], [700, 100, 50_000]])(
    'takes round steps: %f m/px, %i px → %i m', (scale, pixels, step) => expect(roundStep(scale, pixels)).toBe(step));

  it('stays bounded for any area', () => {
    expect(gridLines({ lat: -85, lng: -180 }, { lat: 85, lng: 180 }, 18).length).toBeLessThanOrEqual(400);
  });
});

it('writes ages, distances and lengths the way people say them', () => {
  expect([7, 90, 7_300, 200_000].map(formatAge)).toEqual(['7 seconds ago', '1 minute ago', '2 hours ago', '2 days ago']);
  expect([4, 84, 1_240, 23_400].map(formatDistance)).toEqual(['0 m', '80 m', '1.2 km', '23 km']);
  expect([5, 500, 2_000].map(formatLength)).toEqual(['5 m', '500 m', '2 km']);
});

describe('etaLine', () => {
  const computedAt = new Date(2026, 2, 2, 14, 0).getTime();
  const eta = (etaSeconds: number, low: number, high: number, delayedSeconds?: number) => ({
    etaSeconds, etaAt: computedAt + etaSeconds * 1_000, distanceMeters: 1, low, high, source: 'history', computedAt,
    ...(delayedSeconds !== undefined && { delayedSeconds }),
  });

  it('says how long it takes and between which times', () => {
    expect(etaLine(eta(720, 600, 1_020), computedAt)).toEqual(
      { value: '12 mins', detail: 'arrives 14:10–14:17', late: null, isStale: false });
    expect(etaLine(eta(3_900, 3_880, 3_930), computedAt)).toMatchObject({ value: '1 hr 5 mins', detail: 'arrives about 15:05' });
  });

  it('only falls between two events, and ends as any moment', () => {
    const values = Array.from({ length: 800 }, (_, second) => etaLine(eta(720, 600, 1_020), computedAt + second * 1_000).value);
    expect([...new Set(values)]).toEqual([
      ...[12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map(minutes => `${minutes} mins`), '1 min', 'Any moment']);
  });

  it('says that it is late, and that it is old', () => {
    expect(etaLine(eta(720, 600, 1_020, 480), computedAt).late).toBe('About 8 mins later than first expected');
    expect(etaLine(eta(720, 600, 1_020), computedAt + 301_000)).toMatchObject({ detail: 'as expected at 14:00', isStale: true });
  });

  it.each([[1, '1 min'], [60, '1 hr'], [125, '2 hrs 5 mins']])('writes %d minutes as %s', (minutes, text) => {
    expect(formatMinutes(minutes)).toBe(text);
  });
});
