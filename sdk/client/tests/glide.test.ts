import { describe, expect, it } from 'vitest';
import { distance } from '../src/geo.js';
import { Glide, type Fix, type Pose } from '../src/glide.js';

const frame = 1000 / 60;
const metre = 1 / 111_195;
const trueSpeed = 11;

/** The same numbers every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

interface Drive {
  seconds?: number;
  /** Between two fixes, ms. */
  every?: number;
  /** Seconds that are not looked at. */
  from?: number;
  jitter?: number;
  loss?: number;
  clockError?: number;
}

/** Drives north at 11 m/s and returns the speeds shown in m/s, each over a quarter of a second. */
function shownSpeeds({ seconds = 120, every = 2000, from = 10, jitter = 0, loss = 0, clockError = 0 }: Drive): number[] {
  const random = randomNumbers(7);
  const arrivals: { at: number; fix: Fix }[] = [];
  for (let sent = 0; sent < seconds * 1000; sent += every) {
    if (sent < 2 * every || random() >= loss) {
      const at = Math.max(arrivals.at(-1)?.at ?? 0, sent + 40 + random() * jitter);
      arrivals.push({ at, fix: { lat: 50 + trueSpeed * sent / 1000 * metre, lng: 8, timestamp: sent + clockError } });
    }
  }

  const glide = new Glide();
  const speeds: number[] = [];
  let before: { pose: Pose; now: number } | null = null;
  for (let now = 0; now < seconds * 1000; now += frame) {
    while (arrivals[0] && arrivals[0].at <= now) {
      glide.push(arrivals.shift()!.fix, now);
    }
    const pose = glide.at(now);
    if (!pose || now < from * 1000) {
      continue;
    }
    before ??= { pose, now };
    if (now - before.now >= 250) {
      speeds.push(distance(before.pose, pose) / (now - before.now) * 1000);
      before = { pose, now };
    }
  }
  return speeds;
}

const range = (speeds: number[]) => [Math.min(...speeds), Math.max(...speeds)] as const;

describe('Glide', () => {
  it.each([[0, 10.4, 11.6], [300, 10.3, 11.7], [1500, 5, 18]])(
    'shows an even speed with %i ms of jitter', (jitter, least, most) => {
      const [slowest, fastest] = range(shownSpeeds({ jitter }));

      expect(slowest).toBeGreaterThan(least);
      expect(fastest).toBeLessThan(most);
    });

  it.each([-3_600_000, 17, 86_400_000])('does not care about a clock that is off by %i ms', clockError => {
    const [slowest, fastest] = range(shownSpeeds({ jitter: 100, clockError }));

    expect(slowest).toBeGreaterThan(10.3);
    expect(fastest).toBeLessThan(11.7);
  });

  it.each([1000, 5000, 7000])('finds the rhythm of fixes that come every %i ms', every => {
    const [slowest, fastest] = range(shownSpeeds({ seconds: 300, every, from: 90, jitter: 100 }));

    expect(slowest).toBeGreaterThan(10.3);
    expect(fastest).toBeLessThan(11.7);
  });

  it('is as close behind as the fixes allow', () => {
    const glide = new Glide();
    const fixes = Array.from({ length: 60 }, (_, s): [number, Fix] => [s * 1000, { lat: 50 + s * 11 * metre, lng: 8, timestamp: s * 1000 }]);
    play(glide, fixes, 59_000);

    expect(59_000 - glide.playedTime).toBeGreaterThan(1000);
    expect(59_000 - glide.playedTime).toBeLessThan(1200);
  });

  it('plays what was missed along the way it went, fast, and is up to date soon', () => {
    const glide = new Glide();
    const corner = (s: number): Fix => ({
      lat: 50 + Math.min(s, 30) * 11 * metre, lng: 8 + Math.max(0, s - 30) * 11 * metre, timestamp: s * 1000,
    });
    const shown: Pose[] = [];
    play(glide, [[0, corner(0)], [2000, corner(2)], [4000, corner(4)], [6000, corner(6)]], 60_000);
    for (let s = 8; s <= 60; s += 2) {
      glide.push(corner(s), 60_000);
    }
    for (let now = 60_000; now < 68_000; now += frame) {
      shown.push(glide.at(now)!);
    }

    // On the way around the corner, not across the houses; and forward only.
    const nearest = Math.min(...shown.map(pose => distance(pose, corner(30))));
    expect(nearest).toBeLessThan(15);
    shown.reduce((before, pose) => {
      expect(pose.lat + pose.lng).toBeGreaterThanOrEqual(before.lat + before.lng - 1e-9);
      return pose;
    });
    expect(distance(shown.at(-1)!, corner(60))).toBeLessThan(35);
  });

  it('does not jump when every tenth fix is lost', () => {
    // Where two in a row are lost the marker stands for a moment, then catches up.
    expect(Math.max(...shownSpeeds({ jitter: 300, loss: 0.1 }))).toBeLessThan(40);
  });

  it('glides a late fix in instead of jumping', () => {
    const glide = new Glide();
    const fix = (s: number): Fix => ({ lat: 50 + s * trueSpeed * metre, lng: 8, timestamp: s * 1000 });
    play(glide, [[0, fix(0)], [2000, fix(2)], [10_000, fix(9.9)]], 10_000 - frame);
    const before = glide.at(10_000 - frame)!;
    glide.push(fix(9.9), 10_000);

    expect(distance(before, glide.at(10_000)!)).toBeLessThan(1.5);
    play(glide, [], 13_000, 10_000);
    expect(distance(fix(9.9), glide.at(13_000)!)).toBeLessThan(35);
  });

  it('sets the marker after a teleport', () => {
    const glide = new Glide();
    play(glide, [[0, { lat: 50, lng: 8, timestamp: 0 }], [2000, { lat: 50.0001, lng: 8, timestamp: 2000 }]], 4000);
    glide.push({ lat: 51, lng: 9, timestamp: 4000 }, 4000);

    expect(glide.at(4000)).toMatchObject({ lat: 51, lng: 9 });
  });

  it('rolls on for 3 s without news, slower and slower, then holds', () => {
    const glide = new Glide();
    const second = { lat: 50 + 22 * metre, lng: 8, timestamp: 2000 };
    play(glide, [[0, { lat: 50, lng: 8, timestamp: 0 }], [2000, second]], 4200);

    expect(glide.at(4200)).toMatchObject({ isHeld: false });
    play(glide, [], 7300, 4200);
    const held = glide.at(7300)!;
    expect(held.isHeld).toBe(true);
    expect((held.lat - 50) / metre).toBeCloseTo(22 + 11 * 1.5, 1);
    expect(glide.at(60_000)).toEqual(held);
  });

  it.each([[true], [false]])('shows the first place when several fixes come before a frame could show one (frames ran: %s)', hasFrames => {
    const glide = new Glide();
    if (hasFrames) {
      expect(glide.at(0)).toBeNull();
    }
    for (let i = 0; i < 3; i++) {
      glide.push({ lat: 50 + i * 10 * metre, lng: 8, timestamp: i * 2_000 }, 5_000);
    }
    for (let now = 5_010; now < 20_000; now += frame) {
      const { lat, lng } = glide.at(now)!;
      expect(lat).toBeGreaterThanOrEqual(50);
      expect(lat).toBeLessThan(50 + 40 * metre);
      expect(lng).toBe(8);
    }
    expect(glide.at(20_000)!.lat).toBeGreaterThan(50 + 19 * metre);
  });

  it('refuses a fix that is not newer', () => {
    const glide = new Glide();
    glide.push({ lat: 50, lng: 8, timestamp: 1000 }, 0);

    expect(glide.push({ lat: 51, lng: 8, timestamp: 1000 }, 10)).toBe(false);
    expect(glide.push({ lat: 51, lng: 8, timestamp: 500 }, 10)).toBe(false);
    expect(glide.at(20)).toMatchObject({ lat: 50 });
  });

  it('turns the short way, and takes the heading from the way when none is sent', () => {
    const glide = new Glide();
    glide.push({ lat: 50, lng: 8, timestamp: 0, heading: 350 }, 0);
    glide.push({ lat: 50.001, lng: 8, timestamp: 2000, heading: 10 }, 2000);
    expect(glide.at(3200)!.heading % 360).toBeCloseTo(0, 3);

    const other = new Glide();
    other.push({ lat: 50, lng: 8, timestamp: 0 }, 0);
    other.push({ lat: 50, lng: 8.001, timestamp: 2000 }, 2000);
    expect(other.at(4200)!.heading).toBeCloseTo(90, 1);
  });
});

/** Runs frames up to a time, with fixes at their times of arrival. */
function play(glide: Glide, arrivals: [number, Fix][], until: number, from = 0): void {
  for (let now = from; now <= until; now += frame) {
    for (const [, fix] of arrivals.filter(([at]) => at > now - frame && at <= now)) {
      glide.push(fix, now);
    }
    glide.at(now);
  }
}
