import { describe, expect, it } from 'vitest';
import { envelope, ticks, timeTicks } from '../src/history/chartScale';
import { stopOf } from '../src/history/colours';
import { deviation, partOf, sumsOf } from '../src/history/compare';
import { DetailLevels, floatsPerVertex, Level } from '../src/history/detailLevels';
import { Replay } from '../src/history/replay';
import { metresBetween, Track, type Row } from '../src/history/track';
import { firstWish, readWish, writeWish, type Wish } from '../src/history/wish';

const begin = Date.parse('2026-05-04T08:00:00Z');
const gapMs = 300_000;

/** A position each second from a place on, so many metres north and east a second. */
function drive(count: number, north: number, east: number, lat = 48, lng = 11, from = begin): Row[] {
  return Array.from({ length: count }, (_, s) => [
    from + s * 1_000, lat + s * north / 111_195, lng + s * east / (111_195 * Math.cos(48 * Math.PI / 180)), null, null, 500 + s,
  ]);
}

function trackOf(...rows: readonly Row[][]): Track {
  const track = new Track(gapMs);
  rows.forEach(each => track.append(each));
  return track;
}

describe('wish', () => {
  it('is the same after it was an address', () => {
    const wish: Wish = {
      subjects: [{ kind: 'device', id: 'van-1' }, { kind: 'request', id: '0b6e7f1c-0000-4000-8000-000000000001' }],
      from: begin, to: begin + 3_600_000, detail: 'minute', colouring: 'vehicle', moment: begin + 1_500, rate: 60,
      followed: 'device:van-1', hasHeat: true, area: [{ lat: 48, lng: 11 }, { lat: 48.5, lng: 11 }, { lat: 48, lng: 11.25 }],
      compared: [{ subject: { kind: 'device', id: 'van-1' }, from: begin, to: begin + 60_000 }],
    };
    expect(readWish(writeWish(wish), 0)).toEqual(wish);
    expect(writeWish(wish)).toContain('from=2026-05-04T08%3A00%3A00Z');
  });

  it('is the first where an address says nothing or nonsense', () => {
    const first = firstWish(begin);
    expect(first.to - first.from).toBe(86_400_000);
    for (const search of ['', '?from=soon&to=later&detail=x&rate=7&area=1,2;3,4&compare=device:a/x/y&at=', '?from=2026-05-04T00:00:00Z&to=2026-05-03T00:00:00Z']) {
      expect(readWish(search, begin)).toEqual(first);
    }
    expect(readWish('?device=a&device=a&device=', begin).subjects).toEqual([{ kind: 'device', id: 'a' }]);
  });
});

describe('Track', () => {
  it('knows where it was between two positions, and nothing in gaps and outside', () => {
    const track = trackOf(drive(11, 10, 0), drive(2, 10, 0, 48.1, 11, begin + 1_000_000));
    const pose = track.poseAt(begin + 4_500)!;
    expect(metresBetween(pose, { lat: 48 + 45 / 111_195, lng: 11 })).toBeLessThan(0.01);
    expect(pose.speed).toBeCloseTo(10, 2);
    expect(pose.heading).toBeCloseTo(0, 1);
    expect(pose.altitude).toBeCloseTo(504.5);
    expect(track.poseAt(begin)!.index).toBe(0);
    expect(track.poseAt(begin - 1)).toBeNull();
    expect(track.poseAt(begin + 10_000)).not.toBeNull();
    expect(track.poseAt(begin + 10_001)).toBeNull();
    expect(track.poseAt(begin + 1_001_000)).not.toBeNull();
    expect(track.poseAt(begin + 1_001_001)).toBeNull();
    expect(trackOf().poseAt(begin)).toBeNull();
  });

  it('goes on over the date line', () => {
    const track = trackOf([[begin, 0, 179.9, 5, null, null], [begin + 1_000, 0, -179.9, 5, null, null]]);
    expect(track.xs[1]! - track.xs[0]!).toBeCloseTo(0.2 / 360, 9);
    expect(Math.abs(track.poseAt(begin + 500)!.lng)).toBeCloseTo(180, 6);
    expect(track.distances[1]).toBeCloseTo(metresBetween({ lat: 0, lng: 0 }, { lat: 0, lng: 0.2 }), 3);
  });

  it('stays true while it grows to a hundred thousand positions', () => {
    const track = new Track(gapMs);
    const rows = drive(100_000, 1, 1);
    for (let at = 0; at < rows.length; at += 777) {
      track.append(rows.slice(at, at + 777));
    }
    expect(track.length).toBe(100_000);
    expect([0, 50_123, 99_999].map(i => track.indexAt(begin + i * 1_000))).toEqual([0, 50_123, 99_999]);
    expect(metresBetween(track.place(99_999), { lat: rows[99_999]![1], lng: rows[99_999]![2] })).toBeLessThan(0.001);
  });
});

describe('detail levels', () => {
  const tolerance = 1e-7;

  // A wild drive: curves, standing, turning back on the same line, noise.
  function wild(): Track {
    let [lat, lng, course, seed] = [48, 11, 0, 1];
    const random = () => (seed = seed * 16_807 % 2_147_483_647) / 2_147_483_647;
    const rows: Row[] = Array.from({ length: 5_000 }, (_, s) => {
      course += random() < 0.01 ? Math.PI : (random() - 0.5) * 0.6;
      const step = random() < 0.3 ? 0 : 15;
      lat += Math.cos(course) * step / 111_195;
      lng += Math.sin(course) * step / 74_000;
      return [begin + s * 1_000, lat + random() * 1e-5, lng, step, null, null];
    });
    return trackOf(rows);
  }

  it('errs by no more than it may, and needs fewer vertices', () => {
    const track = wild();
    const level = new Level(track, tolerance);
    level.grow();
    expect(level.length).toBeLessThan(track.length * 0.8);
    expect(level.indices[0]).toBe(0);
    expect(level.indices[level.length - 1]).toBe(track.length - 1);
    let worst = 0;
    for (let k = 1; k < level.length; k++) {
      const [a, b] = [level.indices[k - 1]!, level.indices[k]!];
      expect(b).toBeGreaterThan(a);
      const [dx, dy] = [track.xs[b]! - track.xs[a]!, track.ys[b]! - track.ys[a]!];
      const length = dx * dx + dy * dy;
      for (let i = a + 1; i < b; i++) {
        const [px, py] = [track.xs[i]! - track.xs[a]!, track.ys[i]! - track.ys[a]!];
        const t = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
        worst = Math.max(worst, Math.hypot(px - t * dx, py - t * dy));
      }
    }
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(2.01 * tolerance);
  });

  it('is the same however it grew', () => {
    const track = wild();
    const whole = new Level(track, tolerance);
    whole.grow();
    const growing = new Track(gapMs);
    const level = new Level(growing, tolerance);
    for (let at = 0; at < track.length; at += 321) {
      growing.append(Array.from({ length: Math.min(321, track.length - at) }, (_, k): Row => {
        const { lat, lng } = track.place(at + k);
        return [track.times[at + k]!, lat, lng, track.speeds[at + k]!, null, null];
      }));
      level.grow();
      expect(level.indices[level.length - 1]).toBe(growing.length - 1);
    }
    expect(Math.abs(level.length - whole.length)).toBeLessThan(3);
  });

  it('breaks lines at gaps and finds what is in view', () => {
    const track = trackOf(drive(1_000, 20, 0), drive(1_000, 20, 0, 49, 12, begin + 5_000_000));
    const level = new DetailLevels(track).for(20);
    level.grow();
    expect(level.length).toBe(2_000);
    expect(level.vertices[1_000 * floatsPerVertex + 2]).toBeLessThan(0);
    expect(level.vertices[1_001 * floatsPerVertex + 2]).toBeGreaterThan(0);
    const [all] = [level.runsIn(0, 0, 1, 1)];
    expect(all).toEqual([{ start: 0, count: 2_000 }]);
    const second = level.runsIn(track.xs[1_500]! - 1e-6, track.ys[1_500]! - 1e-6, track.xs[1_500]! + 1e-6, track.ys[1_500]! + 1e-6);
    expect(second).toHaveLength(1);
    expect(second[0]!.start).toBeLessThanOrEqual(1_500);
    expect(second[0]!.start + second[0]!.count).toBeGreaterThan(1_500);
    expect(second[0]!.count).toBeLessThan(600);
    expect(level.runsIn(0, 0, 0.1, 0.1)).toEqual([]);
  });

  it('makes a million positions a few thousand vertices for a far map', () => {
    const track = new Track(gapMs);
    track.append(Array.from({ length: 1_000_000 }, (_, s): Row => [
      begin + s * 1_000, 48 + 0.5 * Math.sin(s / 4_000), 11 + 0.7 * Math.sin(s / 5_300), 15, null, null,
    ]));
    const levels = new DetailLevels(track);
    levels.grow();
    expect(levels.for(8).length).toBeLessThan(40_000);
    expect(levels.for(30).length).toBe(1_000_000);
  });
});

describe('Replay', () => {
  it('runs so many times faster than time and stops at the end', () => {
    const replay = new Replay();
    replay.setSpan(begin, begin + 60_000);
    replay.setRate(10);
    replay.play();
    replay.tick(5_000);
    expect(replay.moment).toBe(begin);
    replay.tick(5_500);
    expect(replay.moment).toBe(begin + 5_000);
    replay.pause();
    replay.tick(9_000);
    expect(replay.moment).toBe(begin + 5_000);
    replay.play();
    replay.tick(10_000);
    replay.tick(10_100);
    expect(replay.moment).toBe(begin + 6_000);
    // A page that was hidden for an hour.
    replay.tick(3_600_000);
    expect(replay.moment).toBe(begin + 16_000);
    for (let at = 3_600_000; replay.isPlaying; at += 1_000) {
      replay.tick(at);
    }
    expect(replay.moment).toBe(begin + 60_000);
    replay.play();
    expect(replay.moment).toBe(begin);
    replay.seek(begin + 99_000);
    expect(replay.moment).toBe(begin + 60_000);
  });

  it('keeps the moment while more is loaded, and goes to the new beginning when it is outside', () => {
    const replay = new Replay();
    replay.setSpan(0, 100);
    replay.seek(50);
    replay.setSpan(0, 200);
    expect(replay.moment).toBe(50);
    replay.setSpan(100, 200);
    expect(replay.moment).toBe(100);
  });
});

describe('chart', () => {
  it('keeps each peak', () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => i);
    const values = keys.map(i => i === 4_321 ? 99 : i === 4_322 ? -7 : i % 3);
    const { low, high } = envelope(keys, values, 0, keys.length, 0, 10_000, 100);
    expect([low[43], high[43]]).toEqual([-7, 99]);
    expect([low[44], high[44]]).toEqual([0, 2]);
    expect(envelope([1, 2], [Number.NaN, 5], 0, 2, 0, 4, 4).high).toEqual(new Float32Array([Number.NaN, Number.NaN, 5, Number.NaN]));
  });

  it('has round ticks', () => {
    expect(ticks(0, 97, 5)).toEqual([0, 20, 40, 60, 80]);
    expect(ticks(512, 530, 4)).toEqual([515, 520, 525, 530]);
    expect(timeTicks(begin + 1, begin + 3 * 3_600_000, 4, 0)).toEqual([1, 2, 3].map(h => begin + h * 3_600_000));
    // Midnight of a zone two hours ahead.
    expect(timeTicks(begin, begin + 2 * 86_400_000, 2, -120).map(ms => new Date(ms).toISOString().slice(11, 16))).toEqual(['22:00', '22:00']);
  });

  it('colours speeds between the stops of the scale', () => {
    expect([0, 10, 20, 70, 130, 200].map(stopOf)).toEqual([0, 0.5, 1, 2.5, 4, 4]);
  });
});

describe('compare', () => {
  it('sums up and says how far apart two routes are', () => {
    const track = trackOf(drive(101, 10, 0), drive(101, 10, 0, 48, 11, begin + 10_000_000), drive(101, 10, 5, 48, 11, begin + 20_000_000));
    const parts = [0, 1, 2].map(k => partOf(track, begin + k * 10_000_000, begin + k * 10_000_000 + 200_000)!);
    const sums = sumsOf(parts[0]!);
    expect(sums.distance).toBeCloseTo(1_000, 0);
    expect([sums.seconds, sums.moving]).toEqual([100, 100]);
    expect(sums.average).toBeCloseTo(10, 1);
    expect(deviation(parts[0]!, parts[1]!)).toEqual({ together: 1, most: expect.closeTo(0, 3) });
    const apart = deviation(parts[2]!, parts[0]!);
    // 5 m a second to the side: 50 m after a tenth of the way, 500 m at its end.
    expect(apart.together).toBeCloseTo(0.1, 1);
    expect(apart.most).toBeCloseTo(500, -1);
    expect(partOf(track, begin + 5_000_000, begin + 6_000_000)).toBeNull();
  });
});
