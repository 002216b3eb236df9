import type { TokenSource } from './hubLink.js';

/** The server said no, for good. */
export interface Denied {
  /** Why, as in docs/errors.md, for example `share_revoked`; empty when it did not say. */
  readonly denied: string;
}

/** Whether the server would let us watch: a browser does not tell why a WebSocket was refused, HTTP does. */
export type Access = 'allowed' | Denied | 'unknown';

export type AccessProbe = (requestUrl: string, token: TokenSource) => Promise<Access>;

export const httpAccess: AccessProbe = async (requestUrl, token) => {
  try {
    const response = await fetch(requestUrl, {
      headers: { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` },
      signal: AbortSignal.timeout(10_000),
      cache: 'no-store',
    });
    const denied = await readDenial(response);
    if (denied === null) {
      await response.body?.cancel();
    }
    return denied ?? (response.ok ? 'allowed' : 'unknown');
  } catch {
    // No network, or no server: nothing is known about the token.
    return 'unknown';
  }
};

/** The no of an answer; null when it is none. */
export async function readDenial(response: Response): Promise<Denied | null> {
  if (![401, 403, 404, 410].includes(response.status)) {
    return null;
  }
  try {
    const { code } = await response.json() as { code?: unknown };
    return { denied: typeof code === 'string' ? code : '' };
  } catch {
    return { denied: '' }; // not from our gateway, or cut off on the way
  }
}
