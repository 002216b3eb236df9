import type { TokenSource } from './hubLink.js';

/** Whether the server would let us watch: a browser does not tell why a WebSocket was refused, HTTP does. */
export type Access = 'allowed' | 'denied' | 'unknown';

export type AccessProbe = (requestUrl: string, token: TokenSource) => Promise<Access>;

export const httpAccess: AccessProbe = async (requestUrl, token) => {
  try {
    const response = await fetch(requestUrl, {
      headers: { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` },
      signal: AbortSignal.timeout(10_000),
      cache: 'no-store',
    });
    await response.body?.cancel();
    return response.ok ? 'allowed' : [401, 403, 404, 410].includes(response.status) ? 'denied' : 'unknown';
  } catch {
    // No network, or no server: nothing is known about the token.
    return 'unknown';
  }
};
