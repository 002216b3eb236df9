import { bearing, between, distance, turn, type Place } from './geo.js';

/** A position as it came in. */
export interface Fix extends Place {
  /** Sender's clock, ms. */
  readonly timestamp: number;
  readonly heading?: number;
}

/** Where the marker is drawn. */
export interface Pose extends Place {
  readonly heading: number;
  /** Whether the fixes have run out and the marker stands where it was last known or guessed. */
  readonly isHeld: boolean;
}

interface PlayedFix extends Fix {
  readonly heading: number;
}

/** How far behind the sender the marker plays at first, ms. */
const firstDelay = 2_200;
/** It then follows how far apart the fixes come, in this range: the next one is to be there before it is needed. */
const leastDelay = 800;
const mostDelay = 8_000;
/** A little more than the longest wait of the last few fixes. */
const delayMargin = 1.1;
const waitsKept = 6;
/** How long the marker rolls on without news, slowing down, ms. */
const longestGuess = 3_000;
/** Playback runs at 95 to 105 %, so a change of the delay is never seen as a jump; */
const slewRate = 0.05;
/** further ahead than `largeError`, ms, at 75 %; */
const slowRate = 0.25;
/** further behind than that something was missed: it is played fast, most of it within two such times, ms. */
const catchUpTime = 1_500;
const largeError = 1_000;
const mostFixes = 256;
/** Longest way, in metres, that a correction glides; beyond it the marker is set. */
const longestGlide = 300;
/** Faster than this between two fixes, m/s, is no drive. */
const fastestDrive = 80;
const blendTime = 500;

/**
 * Turns fixes that come every other second, late and unevenly, into a marker that moves evenly. Plays the fixes
 * a little behind the sender's clock and interpolates; how far behind follows from how they come. What was missed is
 * played fast. All `now` values must be times of animation frames.
 */
export class Glide {
  private fixes: PlayedFix[] = [];
  private bestOffset = Number.NaN;
  private waits: number[] = [];
  private delay = firstDelay;
  private played = Number.NaN;
  private lastFrame = Number.NaN;
  private correction: { north: number; east: number; from: number; until: number } | null = null;

  /** Takes a fix. False when it is not newer than the last. */
  push(fix: Fix, now: number): boolean {
    const last = this.fixes.at(-1);
    if (last && fix.timestamp <= last.timestamp) {
      return false;
    }

    const way = last ? distance(last, fix) : 0;
    const heading = fix.heading ?? (last ? (way > 2 ? bearing(last, fix) : last.heading) : 0);
    const isTeleport = last !== undefined && way > longestGlide
      && way / ((fix.timestamp - last.timestamp) / 1_000) > fastestDrive;

    // Several fixes may come before the first frame that could show one: then there is nothing to glide from.
    const before = Number.isNaN(this.played) ? null : this.shown(this.lastFrame);
    this.adjustClock(now - fix.timestamp);
    if (last) {
      this.waits = [...this.waits, now - this.bestOffset - last.timestamp].slice(-waitsKept);
    }
    if (isTeleport) {
      this.fixes = [];
    }
    this.fixes.push({ ...fix, heading });
    if (this.fixes.length > mostFixes) {
      this.fixes.shift();
    }
    if (before) {
      this.blendFrom(before);
    }
    return true;
  }

  /** The pose at an animation frame; null before the first fix. */
  at(now: number): Pose | null {
    this.advance(now, Number.isNaN(this.lastFrame) ? 0 : Math.max(0, now - this.lastFrame));
    this.lastFrame = now;
    return this.shown(now);
  }

  /** Heading of the newest fix, degrees from true north; 0 before the first. */
  get heading(): number {
    return this.fixes.at(-1)?.heading ?? 0;
  }

  /** What time of the sender's clock is on show; NaN before the first frame with a fix. */
  get playedTime(): number {
    return this.played;
  }

  private advance(now: number, passed: number): void {
    const last = this.fixes.at(-1);
    if (!last) {
      return;
    }
    if (Number.isNaN(this.played)) {
      this.played = now - this.bestOffset - this.delay;
      return;
    }
    this.followRhythm(passed);
    const onTime = this.played + passed;
    const behind = now - this.bestOffset - this.delay - onTime;
    const rate = behind > largeError ? slewRate + (behind - largeError) / catchUpTime
      : behind < -largeError ? slowRate : slewRate;
    const slew = Math.sign(behind) * Math.min(Math.abs(behind), passed * rate);
    this.played = Math.max(this.played, Math.min(onTime + slew, last.timestamp + longestGuess));
  }

  // The second longest wait: one gap is no rhythm. Shrinks slowly, so that nothing is played fast for it.
  private followRhythm(passed: number): void {
    const wait = [...this.waits].sort((a, b) => b - a)[1];
    if (wait !== undefined) {
      const wanted = Math.min(mostDelay, Math.max(leastDelay, wait * delayMargin));
      this.delay = Math.max(wanted, this.delay - passed * slewRate);
    }
  }

  // The least offset seen belongs to the quickest message. It is released slowly: one late message means nothing.
  private adjustClock(offset: number): void {
    this.bestOffset = Number.isNaN(this.bestOffset) || offset < this.bestOffset
      ? offset : this.bestOffset + (offset - this.bestOffset) * 0.02;
  }

  private shown(now: number): Pose | null {
    const pose = this.interpolated(this.played);
    const correction = this.correction;
    if (!pose || !correction || now >= correction.until) {
      return pose;
    }
    const left = 1 - (now - correction.from) / (correction.until - correction.from);
    const eased = left * left * (3 - 2 * left);
    return { ...pose, lat: pose.lat + correction.north * eased, lng: pose.lng + correction.east * eased };
  }

  private interpolated(time: number): Pose | null {
    while (this.fixes.length > 2 && this.fixes[1]!.timestamp <= time) {
      this.fixes.shift();
    }
    const [from, to] = this.fixes;
    if (!from) {
      return null;
    }
    if (!to || time <= from.timestamp) {
      return { lat: from.lat, lng: from.lng, heading: from.heading, isHeld: time - from.timestamp >= longestGuess };
    }
    const span = to.timestamp - from.timestamp;
    const over = time - to.timestamp;
    const share = over <= 0 ? (time - from.timestamp) / span : 1 + guessed(over) / span;
    return {
      ...between(from, to, share),
      heading: turn(from.heading, to.heading, Math.min(1, share)),
      isHeld: over >= longestGuess,
    };
  }

  // A new fix may say that the marker should be elsewhere now: it gets there in half a second, in three if it is far.
  private blendFrom(before: Pose): void {
    this.correction = null;
    const after = this.shown(this.lastFrame);
    if (!after) {
      return;
    }
    const way = distance(after, before);
    if (way < 0.05 || way > longestGlide) {
      return;
    }
    const duration = Math.max(blendTime, Math.min(3_000, way * 60));
    this.correction = {
      north: before.lat - after.lat,
      east: before.lng - after.lng,
      from: this.lastFrame,
      until: this.lastFrame + duration,
    };
  }
}

/** Time driven on, for a time without news: slows down evenly to a stop. */
function guessed(over: number): number {
  const time = Math.min(over, longestGuess);
  return time - time * time / (2 * longestGuess);
}
