import { httpAccess } from './access.js';
import { systemClock } from './clock.js';
import { signalRLink, type TokenSource } from './hubLink.js';
import { httpPoll } from './poll.js';
import { RequestWatch, type WatchParts } from './requestWatch.js';
import { httpPost } from './send.js';

/** Where the gateway answers about a request. */
export const requestUrl = (baseUrl: string, requestId: string): string => new URL(
  `api/requests/${encodeURIComponent(requestId)}`, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`).href;

/**
 * Watches a request live.
 * @param baseUrl Where the gateway is, for example `https://tracking.example.com`.
 * @param requestId The request.
 * @param token Access token of the request's customer or of a dispatcher, or a function that gets one.
 * @param options Parts to replace, for tests.
 */
export function watchRequest(
  baseUrl: string, requestId: string, token: TokenSource, options: Partial<WatchParts> = {},
): RequestWatch {
  const url = requestUrl(baseUrl, requestId);
  return new RequestWatch(
    {
      hubUrl: new URL('../../hubs/tracking', url).href,
      requestUrl: url,
      eventsUrl: `${url}/events`,
      positionsUrl: `${url}/positions`,
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
