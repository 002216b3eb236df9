import type { Sample } from '../parts/chart';

/** How a node is doing, as GET /api/system tells. */
export interface SystemState {
  readonly node: string;
  readonly version: string;
  readonly at: string;
  readonly uptimeSeconds: number;
  readonly memoryBytes: number;
  readonly status: Status;
  readonly checks: readonly { readonly name: string; readonly status: Status; readonly description: string | null }[];
  readonly values: Readonly<Record<string, number>>;
  readonly store: {
    readonly bytes: number;
    readonly chunks: number;
    readonly deadLetters: number;
    readonly changeFeedBytes: number;
  } | null;
}

export type Status = 'healthy' | 'degraded' | 'unhealthy';

/** What is kept of the last minutes, at most. */
export const mostStates = 180;

/** One more of them; after a restart of the node it begins anew. */
export function remember(states: readonly SystemState[], next: SystemState): readonly SystemState[] {
  const last = states.at(-1);
  return last !== undefined && (last.node !== next.node || next.uptimeSeconds < last.uptimeSeconds)
    ? [next] : [...states.slice(1 - mostStates), next];
}

/** A value over time. */
export const samplesOf = (states: readonly SystemState[], read: (state: SystemState) => number | undefined): readonly Sample[] =>
  states.map(state => ({ at: Date.parse(state.at), value: read(state) ?? null }));

/** How much a counter grew in a second, between each two. */
export function rateOf(states: readonly SystemState[], name: string): readonly Sample[] {
  return states.slice(1).map((state, i) => {
    const before = states[i]!;
    const [now, then] = [state.values[name], before.values[name] ?? 0];
    const seconds = (Date.parse(state.at) - Date.parse(before.at)) / 1_000;
    return { at: Date.parse(state.at), value: now === undefined || seconds <= 0 ? null : Math.max(0, (now - then) / seconds) };
  });
}
