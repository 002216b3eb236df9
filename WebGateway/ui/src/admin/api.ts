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
  async call<T = void>(path: string, call: Call = {}): Promise<T> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await this.fetch(path, call, call.signal ? AbortSignal.any([call.signal, timeout]) : timeout);
    const text = await response.text();
    return (text === '' ? undefined : parse(text)) as T;
  }

  /** Begins a download, which may take as long as it takes. Throws an ApiError. */
  open(path: string, signal: AbortSignal): Promise<Response> {
    return this.fetch(path, { signal }, signal);
  }

  private async fetch(path: string, { method = 'GET', body, headers, signal }: Call, ends: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }), ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: ends,
        cache: 'no-store',
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new ApiError('unreachable', error instanceof Error ? error.message : String(error), 0);
    }
    if (response.status === 401) {
      this.deny();
    }
    if (response.ok) {
      return response;
    }
    const problem = parse(await response.text()) as { code?: string; title?: string; detail?: string } | undefined;
    throw new ApiError(
      problem?.code ?? `${response.status}`, problem?.detail ?? problem?.title ?? response.statusText, response.status);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
