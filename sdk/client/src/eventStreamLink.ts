import { liveEventNames, type JoinResult, type LiveEventName } from './events.js';
import { shareEnded, type HubLink, type HubLinkFactory, type TokenSource } from './hubLink.js';

type Name = LiveEventName | typeof shareEnded;

/** The server says something at least every 15 s. */
const longestSilenceMs = 35_000;

/**
 * Server-sent events instead of a WebSocket, for networks that let nothing but plain HTTP through:
 * `watchRequest(…, { createLink: serverSentEvents })`. A request to the server for each request that is watched; positions are
 * sent over HTTP.
 */
export const serverSentEvents: HubLinkFactory = (hubUrl, token) => new EventStreamLink(new URL('../api/requests/', hubUrl), token);

class EventStreamLink implements HubLink {
  private readonly handlers = new Map<string, (payload: unknown) => void>();
  private readonly streams = new Map<string, AbortController>();
  private closed: () => void = () => undefined;

  constructor(private readonly requests: URL, private readonly token: TokenSource) {}

  start(): Promise<void> {
    return Promise.resolve();
  }

  async invoke<T>(method: string, requestId: unknown, cursor: unknown): Promise<T> {
    const id = String(requestId);
    if (method === 'leave:request') {
      this.streams.get(id)?.abort();
      this.streams.delete(id);
      return undefined as T;
    }
    if (method !== 'join:request') {
      throw new Error('Server-sent events go one way.');
    }
    const abort = new AbortController();
    this.streams.set(id, abort);
    // What was missed first: a stream that has nothing to tell does not say that it is open.
    const response = await this.get(id, 'events', cursor as string | null, abort.signal);
    const join = await response.json() as JoinResult;
    void this.follow(id, join.cursor, abort);
    return join as T;
  }

  on(name: Name, handler: (payload: unknown) => void): void {
    this.handlers.set(name, handler);
  }

  onClosed(handler: () => void): void {
    this.closed = handler;
  }

  stop(): Promise<void> {
    for (const abort of this.streams.values()) {
      abort.abort();
    }
    this.streams.clear();
    return Promise.resolve();
  }

  private async follow(id: string, cursor: string, abort: AbortController): Promise<void> {
    let silence = setTimeout(() => abort.abort(), longestSilenceMs);
    try {
      const response = await this.get(id, 'stream', cursor, abort.signal);
      for await (const { name, data } of readEvents(response.body!)) {
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), longestSilenceMs);
        if (name === 'snapshot') {
          break; // what came in between is gone: joining again tells what is true now
        }
        if (isKnown(name)) {
          this.handlers.get(name)?.(JSON.parse(data));
        }
      }
    } catch {
      // Broken, refused or stopped: the watch finds out which.
    }
    clearTimeout(silence);
    abort.abort();
    if (this.streams.get(id) === abort) {
      this.streams.delete(id);
      this.closed();
    }
  }

  private async get(id: string, what: 'events' | 'stream', cursor: string | null, signal: AbortSignal): Promise<Response> {
    const url = new URL(`${encodeURIComponent(id)}/${what}`, this.requests);
    if (cursor !== null) {
      url.searchParams.set('since', cursor);
    }
    const token = typeof this.token === 'string' ? this.token : await this.token();
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal, cache: 'no-store' });
    if (!response.ok) {
      throw new Error(`The server answered ${response.status}.`);
    }
    return response;
  }
}

/** Reads a body as server-sent events (HTML standard, section 9.2); comments, ids and retry times are left out. */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<{ name: string; data: string }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let name = '';
  let data: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    text += decoder.decode(value, { stream: true });
    const lines = text.split('\n');
    text = lines.pop()!;
    for (const line of lines.map(l => l.replace(/\r$/, ''))) {
      if (line === '') {
        if (data.length > 0) {
          yield { name, data: data.join('\n') };
        }
        [name, data] = ['', []];
      } else if (line.startsWith('event:')) {
        name = line.slice(6).trim();
      } else if (line.startsWith('data:')) {
        data.push(line.slice(5).replace(/^ /, ''));
      }
    }
  }
}

const isKnown = (name: string): name is Name => name === shareEnded || (liveEventNames as readonly string[]).includes(name);
