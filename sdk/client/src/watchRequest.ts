import { httpAccess } from './access.js';
import { systemClock } from './clock.js';
import { signalRLink, type TokenSource } from './hubLink.js';
import { httpPoll } from './poll.js';
import { RequestWatch, type WatchParts } from './requestWatch.js';
import { httpPost } from './send.js';

/**
 * Watches a request live.
 * @param baseUrl Where the gateway is, for example `https://tracking.example.com`.
 * @param requestId The request.
 * @param token Access token of the request's customer or of a dispatcher, that of a shared link, or a function that gets one.
 * @param options Parts to replace, for tests.
 */
export function watchRequest(
  baseUrl: string, requestId: string, token: TokenSource, options: Partial<WatchParts> = {},
): RequestWatch {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  return new RequestWatch(
    {
      hubUrl: new URL('hubs/tracking', base).href,
      requestUrl: new URL(`api/requests/${encodeURIComponent(requestId)}`, base).href,
      eventsUrl: new URL(`api/requests/${encodeURIComponent(requestId)}/events`, base).href,
      positionsUrl: new URL(`api/requests/${encodeURIComponent(requestId)}/positions`, base).href,
      requestId,
      token,
    },
    {
      createLink: signalRLink,
      probeAccess: httpAccess,
      poll: httpPoll,
      post: httpPost,
      clock: systemClock,
      random: Math.random,
      network: typeof globalThis.addEventListener === 'function' ? globalThis : null,
      ...options,
    });
}
