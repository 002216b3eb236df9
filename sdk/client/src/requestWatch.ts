import type { AccessProbe, Denied } from './access.js';
import { backoff } from './backoff.js';
import type { Clock } from './clock.js';
import {
  liveEventNames, type EtaUpdate, type JoinResult, type LiveEvent, type LiveEventName, type LiveEvents, type LocationUpdate,
  type PresenceUpdate, type StatusUpdate,
} from './events.js';
import { shareEnded, type HubLink, type HubLinkFactory, type TokenSource } from './hubLink.js';
import type { Poll } from './poll.js';
import { readHubError, type PositionToSend, type Post } from './send.js';
import { StreamState } from './streamState.js';

/**
 * `connecting` until the first join, `live`, `catching-up` from a loss until something answers again, `polling` while no
 * WebSocket can be had but HTTP answers (asked every 5 s), `offline` when neither does several times in a row (it goes on
 * trying), `denied` when the token or the request is not valid, or a shared link has ended (it stops).
 */
export type ConnectionState = 'connecting' | 'live' | 'catching-up' | 'polling' | 'offline' | 'denied';

/** Everything known now. A new object after each change, the same one in between. */
export interface WatchSnapshot {
  readonly connection: ConnectionState;
  /** Why it is `denied`, a code of docs/errors.md, for example `share_revoked`; empty when the server did not say, else null. */
  readonly reason: string | null;
  readonly status: StatusUpdate | null;
  readonly operator: LocationUpdate | null;
  readonly customer: LocationUpdate | null;
  readonly presence: PresenceUpdate | null;
  readonly eta: EtaUpdate | null;
}

export interface WatchEvents extends LiveEvents {
  connection: ConnectionState;
}

/** What a watch stands on; tests put their own in. */
export interface WatchParts {
  readonly createLink: HubLinkFactory;
  readonly probeAccess: AccessProbe;
  readonly poll: Poll;
  readonly post: Post;
  readonly clock: Clock;
  readonly random: () => number;
  /** Where `online`, `offline` and `visibilitychange` events come from; null where there are none. */
  readonly network: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | null;
}

export interface WatchTarget {
  readonly hubUrl: string;
  readonly requestUrl: string;
  readonly eventsUrl: string;
  readonly positionsUrl: string;
  readonly requestId: string;
  readonly token: TokenSource;
}

type Handler<N extends keyof WatchEvents> = (value: WatchEvents[N]) => void;
type SessionEnd = 'lost' | Denied;

const connectTimeoutMs = 10_000;
const stableAfterMs = 5_000;
/** Some networks answer a WebSocket with nothing: who waits for it must not wait for the news. */
const waitUntilPollingMs = 3_000;
const failuresUntilOffline = 3;
const pollEveryMs = 5_000;
/** Within this time of a loss HTTP is asked; not at once, for most sockets are back sooner. */
const firstPollWithinMs = 1_000;
const mostEarlyEvents = 256;
/** Answers of the hub that no later attempt will change; others (a database that is down) pass. */
const refusal =
  /HubException: (request_not_found|invalid_request|token_invalid|token_missing|share_ended|share_expired|share_revoked)\b/;

/** Watches one request: keeps a connection for as long as it is not closed, and tells what is new, once. */
export class RequestWatch {
  private readonly state = new StreamState();
  private readonly listeners = new Set<() => void>();
  private readonly handlers = new Map<keyof WatchEvents, Set<(value: never) => void>>();
  private snapshot: WatchSnapshot =
    Object.freeze({ connection: 'connecting', reason: null, status: null, operator: null, customer: null, presence: null, eta: null });
  private joined: HubLink | null = null;
  private reason: string | null = null;
  private failures = 0;
  private isClosed = false;
  /** Counts each beginning and end of polling; a poll that was under way across one of them is of no use. */
  private pollTurn = 0;
  private isPolling = false;
  private stopPolling: () => void = () => undefined;
  private leave: () => void = () => undefined;
  private wakeUp: () => void = () => undefined;

  constructor(private readonly target: WatchTarget, private readonly parts: WatchParts) {
    parts.network?.addEventListener('online', this.onOnline);
    parts.network?.addEventListener('offline', this.onOffline);
    parts.network?.addEventListener('visibilitychange', this.onVisible);
    // Not before the caller had the chance to add handlers, or to close at once.
    queueMicrotask(() => void this.run());
  }

  /** Calls the handler for each event from now on. Returns what removes it. */
  on<N extends keyof WatchEvents>(event: N, handler: Handler<N>): () => void {
    const set = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, set.add(handler as (value: never) => void));
    return () => void set.delete(handler as (value: never) => void);
  }

  /** Calls the listener after each change of the snapshot. Returns what removes it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly getSnapshot = (): WatchSnapshot => this.snapshot;

  /**
   * Sends a position of the customer; resolves when it is durable.
   * @throws SendError when it is refused, or nobody could be reached.
   */
  sendCustomerLocation(position: PositionToSend): Promise<void> {
    return this.send('customer:location', position);
  }

  /**
   * The same of the operator: for the device that is assigned, with a token that may publish for it.
   * @throws SendError when it is refused, or nobody could be reached.
   */
  sendOperatorLocation(position: PositionToSend): Promise<void> {
    return this.send('location:update', position);
  }

  /** Ends the watch for good. No handler is called afterwards. */
  close(): void {
    this.parts.network?.removeEventListener('online', this.onOnline);
    this.parts.network?.removeEventListener('offline', this.onOffline);
    this.parts.network?.removeEventListener('visibilitychange', this.onVisible);
    this.listeners.clear();
    this.handlers.clear();
    this.isClosed = true;
    this.leave();
    this.wakeUp();
    this.stopPolling();
  }

  private async send(method: string, position: PositionToSend): Promise<void> {
    const stamped = { timestamp: Date.now(), ...position };
    if (this.joined !== null) {
      try {
        await this.withDeadline(this.joined.invoke(method, this.target.requestId, stamped));
        return;
      } catch (error) {
        const refused = readHubError(error);
        if (refused !== null && !refused.isTemporary) {
          throw refused;
        }
        // The connection broke, or this node cannot take it now: another way may be open. Sent twice it counts once.
      }
    }
    await this.parts.post(this.target.positionsUrl, this.target.token, stamped);
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const end = await this.runSession();
      if (end !== 'lost') {
        this.deny(end);
        return;
      }
      if (this.snapshot.connection === 'denied') {
        return;
      }
      const delay = backoff(this.failures++, this.parts.random);
      if (this.snapshot.connection === 'live') {
        this.setConnection('catching-up');
      }
      this.beginPolling();
      await this.sleep(delay);
    }
  }

  // Beside the attempts to get a WebSocket, with the same cursor and the same state: neither waits for the other, and what
  // one brought is no news from the other.
  private async pollUntilJoined(turn: number): Promise<void> {
    // Spread, so that all who lost the same node do not ask the next one at the same time.
    await this.untilNextPoll(firstPollWithinMs * this.parts.random());
    while (turn === this.pollTurn && !this.isClosed) {
      const answer = await this.parts.poll(this.target.eventsUrl, this.state.cursor, this.target.token);
      if (turn !== this.pollTurn || this.isClosed) {
        return;
      }
      if (answer !== 'failed' && 'denied' in answer) {
        this.deny(answer);
        return;
      }
      if (answer !== 'failed') {
        this.publish(this.state.takeJoin(answer), 'polling');
      } else if (this.failures >= failuresUntilOffline) {
        this.setConnection('offline');
      }
      await this.untilNextPoll(pollEveryMs);
    }
  }

  private untilNextPoll(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = this.parts.clock.setTimeout(resolve, ms);
      this.stopPolling = () => {
        this.parts.clock.clearTimeout(timer);
        resolve();
      };
    });
  }

  private deny({ denied }: Denied): void {
    this.reason ??= denied;
    this.state.hidePlaces();
    this.setConnection('denied');
    this.endPolling();
    this.leave();
    this.wakeUp();
  }

  private beginPolling(): void {
    if (!this.isPolling && !this.isClosed) {
      this.isPolling = true;
      void this.pollUntilJoined(++this.pollTurn);
    }
  }

  private endPolling(): void {
    this.isPolling = false;
    this.pollTurn++;
    this.stopPolling();
  }

  /** One connection from its start to its end. */
  private async runSession(): Promise<SessionEnd> {
    const { hubUrl, token } = this.target;
    const link = this.parts.createLink(hubUrl, token);
    const early: [LiveEventName, unknown][] = [];
    let isJoined = false;
    let stable: unknown;
    const slow = this.parts.clock.setTimeout(() => this.beginPolling(), waitUntilPollingMs);

    const over = new Promise<void>(resolve => {
      this.leave = resolve;
      link.onClosed(resolve);
      for (const name of liveEventNames) {
        link.on(name, payload => {
          if (isJoined) {
            this.takeLive(name, payload);
          } else if (early.push([name, payload]) > mostEarlyEvents) {
            resolve();
          }
        });
      }
      link.on(shareEnded, payload => this.deny({ denied: String((payload as { code?: unknown } | null)?.code ?? '') }));
    });

    try {
      const join = await this.withDeadline(this.startAndJoin(link), over);
      isJoined = true;
      this.joined = link;
      this.parts.clock.clearTimeout(slow);
      this.endPolling();
      this.publish(this.state.takeJoin(join), 'live');
      stable = this.parts.clock.setTimeout(() => { this.failures = 0; }, stableAfterMs);
      for (const [name, payload] of early.splice(0)) {
        this.takeLive(name, payload);
      }
      await over;
      return 'lost';
    } catch (error) {
      return await this.findDenial(error) ?? 'lost';
    } finally {
      this.parts.clock.clearTimeout(slow);
      this.parts.clock.clearTimeout(stable);
      isJoined = false;
      this.joined = null;
      // A link that cannot even stop has nothing more to tell.
      void link.stop().catch(() => undefined);
    }
  }

  private async startAndJoin(link: HubLink): Promise<JoinResult> {
    await link.start();
    return await link.invoke<JoinResult>('join:request', this.target.requestId, this.state.cursor);
  }

  private takeLive(name: LiveEventName, payload: unknown): void {
    const news = this.state.takeLive(name, payload);
    if (news === 'resync') {
      this.leave();
    } else {
      this.publish(news);
    }
  }

  private async findDenial(error: unknown): Promise<Denied | null> {
    if (this.isClosed) {
      return null;
    }
    const code = error instanceof Error ? refusal.exec(error.message)?.[1] : undefined;
    if (code !== undefined) {
      return { denied: code };
    }
    // Other failures do not tell whether it was the token or the network.
    const access = await this.parts.probeAccess(this.target.requestUrl, this.target.token);
    return access === 'allowed' || access === 'unknown' ? null : access;
  }

  private publish(news: readonly LiveEvent[], connection: ConnectionState = this.snapshot.connection): void {
    if (this.isClosed || (news.length === 0 && connection === this.snapshot.connection)) {
      return;
    }
    const isConnectionNew = connection !== this.snapshot.connection;
    const { status, operator, customer, presence, eta } = this.state;
    const reason = connection === 'denied' ? this.reason : null;
    this.snapshot = Object.freeze({ connection, reason, status, operator, customer, presence, eta });

    if (isConnectionNew) {
      this.emit('connection', connection);
    }
    for (const { name, data } of news) {
      this.emit(name, data);
    }
    for (const listener of [...this.listeners]) {
      guard(listener);
    }
  }

  private setConnection(connection: ConnectionState): void {
    this.publish([], connection);
  }

  private emit(event: keyof WatchEvents, value: unknown): void {
    for (const handler of [...this.handlers.get(event) ?? []]) {
      guard(() => handler(value as never));
    }
  }

  private async withDeadline<T>(work: Promise<T>, over?: Promise<void>): Promise<T> {
    let timer: unknown;
    const failed = new Promise<never>((_, reject) => {
      timer = this.parts.clock.setTimeout(() => reject(new Error('The server did not answer.')), connectTimeoutMs);
      void over?.then(() => reject(new Error('The connection closed before it was joined.')));
    });
    // Whichever loses the race may still fail later; that is no news.
    work.catch(() => undefined);
    failed.catch(() => undefined);
    try {
      return await Promise.race([work, failed]);
    } finally {
      this.parts.clock.clearTimeout(timer);
    }
  }

  private sleep(ms: number): Promise<void> {
    if (this.isClosed) {
      return Promise.resolve();
    }
    return new Promise(resolve => {
      const timer = this.parts.clock.setTimeout(resolve, ms);
      this.wakeUp = () => {
        this.parts.clock.clearTimeout(timer);
        resolve();
      };
    });
  }

  private readonly onOnline = (): void => {
    this.wakeUp();
    this.stopPolling();
  };

  // Timers of hidden pages are slow: who looks again wants to see what is new at once.
  private readonly onVisible = (): void => {
    if (globalThis.document?.visibilityState !== 'hidden') {
      this.onOnline();
    }
  };

  // A socket without network looks alive until its timeout: who watches must not be told that it is.
  private readonly onOffline = (): void => this.leave();
}

/** A handler that throws is its owner's bug: reported, but the others still hear the news. */
function guard(action: () => void): void {
  try {
    action();
  } catch (error) {
    queueMicrotask(() => { throw error; });
  }
}
