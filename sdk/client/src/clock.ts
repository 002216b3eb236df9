/** Timers, so that tests can hold the time in their hands. */
export interface Clock {
  setTimeout(action: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  setTimeout: (action, ms) => globalThis.setTimeout(action, ms),
  clearTimeout: timer => globalThis.clearTimeout(timer as ReturnType<typeof setTimeout>),
};
