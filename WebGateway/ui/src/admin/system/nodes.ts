/** The nodes there are, as GET /api/nodes tells. */
export interface NodePage {
  readonly isComplete: boolean;
  readonly items: readonly NodeState[];
}

export interface NodeState {
  readonly id: string;
  readonly name: string;
  readonly isThis: boolean;
  readonly condition: Condition;
  readonly heardSeconds: number;
  readonly roles: readonly string[];
  readonly version: string;
  readonly startedAt: string;
  readonly addresses: readonly string[];
  readonly checks: readonly { readonly name: string; readonly status: string; readonly description: string | null }[];
  readonly figures: Readonly<Record<string, number>>;
}

export type Condition = 'ready' | 'degraded' | 'unready' | 'draining' | 'missing' | 'unknown';
