import { readDenial, type Denied } from './access.js';
import type { JoinResult } from './events.js';
import type { TokenSource } from './hubLink.js';

/** What a poll brought: the answer, a no when the token or the request is not valid, `failed` for anything that may pass. */
export type PollResult = JoinResult | Denied | 'failed';

/** Asks for the events behind a cursor (null: for all that is known) over HTTP. */
export type Poll = (eventsUrl: string, cursor: string | null, token: TokenSource) => Promise<PollResult>;

export const httpPoll: Poll = async (eventsUrl, cursor, token) => {
  try {
    const response = await fetch(cursor === null ? eventsUrl : `${eventsUrl}?since=${encodeURIComponent(cursor)}`, {
      headers: { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` },
      signal: AbortSignal.timeout(10_000),
      cache: 'no-store',
    });
    if (response.ok) {
      return await response.json() as JoinResult;
    }
    const denied = await readDenial(response);
    if (denied === null) {
      await response.body?.cancel();
    }
    return denied ?? 'failed';
  } catch {
    return 'failed';
  }
};
