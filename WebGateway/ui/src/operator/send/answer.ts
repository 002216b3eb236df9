/**
 * What became of positions that were sent: `stored` for good, `rejected` for good, `later` when they are to be sent
 * again, `refused` when the server does not take this sign-in any more.
 */
export interface Answer {
  readonly verdict: 'stored' | 'rejected' | 'later' | 'refused';
  /** What the server said; empty when it said nothing. */
  readonly reason: string;
  /** How long the server asks to wait, ms. */
  readonly waitMs: number;
  /** Whether anybody answered. */
  readonly isReached: boolean;
}

export const answer = (verdict: Answer['verdict'], reason = '', waitMs = 0): Answer =>
  ({ verdict, reason, waitMs, isReached: true });

export const nobody: Answer = { verdict: 'later', reason: '', waitMs: 0, isReached: false };
