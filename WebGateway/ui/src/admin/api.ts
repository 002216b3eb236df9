/** Why a call failed: a code of docs/errors.md and what it says, or `unreachable` when nobody answered. */
export class ApiError extends Error {
  constructor(readonly code: string, message: string, readonly status: number) {
    super(message);
  }
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const timeoutMs = 20_000;

/** The REST of the node, with the token of who signed in. */
export class Api {
  /** @param deny says that the token is not valid any more: back to the sign-in. */
  constructor(readonly token: string, readonly deny: () => void) {}

  /** Calls; the answer's JSON, or undefined where there is none. Throws an ApiError. */
  async call<T = void>(path: string, { method = 'GET', body, headers, signal }: Call = {}): Promise<T> {
    const timeout = AbortSignal.timeout(timeoutMs);
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }), ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        cache: 'no-store',
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new ApiError('unreachable', error instanceof Error ? error.message : String(error), 0);
    }
    if (response.status === 401) {
      this.deny();
    }
    const text = await response.text();
    const answer = (text === '' ? undefined : parse(text)) as T & { code?: string; title?: string; detail?: string };
    if (response.ok) {
      return answer;
    }
    throw new ApiError(
      answer?.code ?? `${response.status}`, answer?.detail ?? answer?.title ?? response.statusText, response.status);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
