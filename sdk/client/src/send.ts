import type { TokenSource } from './hubLink.js';

/** A position to send: of the customer who waits, or of the operator. */
export interface PositionToSend {
  /** Degrees north. */
  readonly lat: number;
  /** Degrees east. */
  readonly lng: number;
  /** When it was taken, ms since 1970. Default: now. */
  readonly timestamp?: number;
  /** m/s over ground. */
  readonly speed?: number;
  /** Degrees from true north. */
  readonly heading?: number;
  /** Metres. */
  readonly accuracy?: number;
}

/** Why a position was not taken. */
export class SendError extends Error {
  override readonly name = 'SendError';

  constructor(
    message: string,
    /** The stable code of the server, for example `position_malformed`; null when it was not reached. */
    readonly code: string | null,
    /** Whether the same may succeed later. */
    readonly isTemporary: boolean,
  ) {
    super(message);
  }
}

/** Posts positions of a request; resolves when they are durable. */
export type Post = (positionsUrl: string, token: TokenSource, position: PositionToSend) => Promise<void>;

export const httpPost: Post = async (positionsUrl, token, position) => {
  let response: Response;
  try {
    response = await fetch(positionsUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${typeof token === 'string' ? token : await token()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(position),
      signal: AbortSignal.timeout(10_000),
    });
  } catch {
    throw new SendError('The server could not be reached.', null, true);
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({})) as { code?: unknown; detail?: unknown };
    throw new SendError(
      typeof problem.detail === 'string' ? problem.detail : `The server answered ${response.status}.`,
      typeof problem.code === 'string' ? problem.code : null,
      response.status === 429 || response.status >= 500);
  }
  await response.body?.cancel();
};

// Others will be refused again.
const temporary: ReadonlySet<string> = new Set(['spool_unavailable', 'store_unavailable', 'too_many_requests', 'positions_not_taken']);

/** What the hub says when it refuses: `code: text` behind words of SignalR. */
export function readHubError(error: unknown): SendError | null {
  const match = error instanceof Error ? /HubException: ([a-z_]+): (.*)/s.exec(error.message) : null;
  return match ? new SendError(match[2]!, match[1]!, temporary.has(match[1]!)) : null;
}
