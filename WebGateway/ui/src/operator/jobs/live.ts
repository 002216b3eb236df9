import type { Place } from '@artmqtt/client';

/** What the broker tells of a job while it runs; all of it may be missing. */
export interface JobLive {
  readonly status?: string | undefined;
  /** When this device arrives, ms since 1970. */
  readonly etaAt?: number | undefined;
  /** Where the customer is, who shares it. */
  readonly customer?: Place | undefined;
}

const kinds = ['status', 'eta', 'customer/position'];

/** The topics that tell of a request. */
export const liveTopics = (requestId: string): string[] => kinds.map(kind => `art/requests/${requestId}/${kind}`);

/** Reads a message of one of them; null when it is none. */
export function readLive(topic: string, payload: string): { readonly requestId: string; readonly news: JobLive } | null {
  const [, requestId, kind] = /^art\/requests\/([^/]+)\/(.+)$/.exec(topic) ?? [];
  if (requestId === undefined || kind === undefined) {
    return null;
  }
  const { status, etaAt, lat, lng } = parse(payload);
  switch (kind) {
    case 'status':
      return typeof status === 'string' ? { requestId, news: { status } } : null;
    case 'eta':
      // An empty one says that there is none any more.
      return { requestId, news: { etaAt: typeof etaAt === 'number' ? etaAt : undefined } };
    case 'customer/position':
      return typeof lat === 'number' && typeof lng === 'number' ? { requestId, news: { customer: { lat, lng } } } : null;
    default:
      return null;
  }
}

function parse(payload: string): Record<string, unknown> {
  try {
    return JSON.parse(payload) as Record<string, unknown>;
  } catch {
    return {};
  }
}
