import type { Credentials } from '../credentials';
import type { Fix } from '../storage/database';
import { answer, nobody, type Answer } from './answer';

const timeoutMs = 10_000;

/** Sends positions by POST, the way in for networks that let no WebSocket through. */
export async function postPositions({ deviceId, secret }: Credentials, fixes: readonly Fix[]): Promise<Answer> {
  try {
    const response = await fetch(`/api/devices/${deviceId}/positions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(fixes),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return await readAnswer(response);
  } catch {
    return nobody; // no network, no server, too slow, or cut off: all of it may pass
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  if (response.ok) {
    // A portal of a guest network says 200 as well; only the server counts what it keeps.
    const { accepted } = await response.json() as { accepted?: unknown };
    return typeof accepted === 'number' ? answer('stored') : nobody;
  }
  const problem = await response.json().catch(() => ({})) as { code?: string; detail?: string };
  const waitMs = Number(response.headers.get('retry-after') ?? 0) * 1_000 || 0;
  switch (response.status) {
    case 400: case 413: case 415: case 422:
      return problem.code === undefined ? nobody : answer('rejected', problem.detail ?? problem.code);
    case 401:
      return answer('refused', problem.detail);
    default:
      return answer('later', problem.detail, waitMs);
  }
}
