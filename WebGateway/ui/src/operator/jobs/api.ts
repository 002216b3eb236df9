import type { Place, RequestStatus } from '@artmqtt/client';
import { basic, type Credentials } from '../credentials';

/** A request this device is assigned to. */
export interface Job {
  readonly requestId: string;
  readonly status: RequestStatus;
  readonly pickup: Place;
  readonly customerName: string | null;
  readonly note: string | null;
  readonly version: number;
  /** Since when the device seems to have arrived, ISO 8601; only where arrivals are proposed. */
  readonly arrivalNoticedAt?: string;
}

/** Why a call failed: a code of docs/errors.md, `unreachable` when nobody answered. */
export class ApiError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const timeoutMs = 10_000;

/** The jobs that are not over, newest first. Also what a sign-in is tried with. */
export async function fetchJobs(credentials: Credentials): Promise<readonly Job[]> {
  return (await call<{ items: readonly Job[] }>(credentials, 'GET', '/api/requests')).items;
}

/** Moves a job on from what it was when it was shown. */
export const moveOn = (credentials: Credentials, job: Job, status: RequestStatus): Promise<Job> =>
  call(credentials, 'POST', `/api/requests/${job.requestId}/status`, { status }, { 'if-match': `"${job.version}"` });

async function call<T>(
  credentials: Credentials, method: string, path: string, body?: object, headers: Record<string, string> = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { authorization: basic(credentials), ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      cache: 'no-store',
    });
  } catch {
    throw new ApiError('unreachable');
  }
  const answer = await response.json().catch(() => null) as T & { code?: string } | null;
  if (response.ok && answer !== null) {
    return answer;
  }
  throw new ApiError(answer?.code ?? 'unreachable');
}
