import { Glide, type Fix, type Pose } from './glide.js';

/** A marker that moves by itself between the positions it is given. */
export interface Animation {
  /** Takes a position, live or missed; those that are not newer than the last are left out. */
  push(fix: Fix): void;
  /** Ends it; nothing is drawn any more. */
  stop(): void;
}

/**
 * Moves a marker evenly from position to position: calls `draw` at each frame at which it has moved. Plays about two
 * seconds behind the sender, plays what was missed, turns by the short way, never jumps back. Who asked their system
 * for less motion sees each position as it comes.
 * @param draw Puts the marker there; with what time of the sender's clock is on show, ms, up to which a trail is to reach.
 */
export function animate(draw: (pose: Pose, playedTime: number) => void): Animation {
  const isCalm = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;
  const glide = new Glide();
  let shown: Pose | null = null;
  let frame = isCalm ? 0 : requestAnimationFrame(onFrame);

  function onFrame(now: number): void {
    frame = requestAnimationFrame(onFrame);
    const pose = glide.at(now);
    if (pose !== null && !isSame(pose, shown)) {
      shown = pose;
      draw(pose, glide.playedTime);
    }
  }

  return {
    push(fix) {
      const isNew = glide.push(fix, performance.now());
      if (isNew && isCalm) {
        draw({ lat: fix.lat, lng: fix.lng, heading: glide.heading, isHeld: false }, fix.timestamp);
      }
    },
    stop() {
      cancelAnimationFrame(frame);
    },
  };
}

const isSame = (one: Pose, other: Pose | null): boolean => one.lat === other?.lat && one.lng === other.lng
  && one.heading === other.heading && one.isHeld === other.isHeld;
