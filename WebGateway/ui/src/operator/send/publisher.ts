import type { Credentials } from '../credentials';
import type { Fix } from '../storage/database';
import type { FixQueue } from '../storage/fixQueue';
import type { Answer } from './answer';
import { backoff } from './backoff';
import type { Link, LinkEvents, OpenLink } from './mqttLink';

/** How positions leave: `connecting` until it is known, `refused` when the server does not take the sign-in. */
export type Way = 'off' | 'connecting' | 'mqtt' | 'http' | 'offline' | 'refused';

/** What the publisher stands on; tests put their own in. */
export interface PublisherParts {
  readonly openLink: OpenLink;
  readonly post: (credentials: Credentials, fixes: readonly Fix[]) => Promise<Answer>;
  readonly random: () => number;
  readonly now: () => number;
}

export interface PublisherEvents extends LinkEvents {
  readonly onWay: (way: Way) => void;
}

/** What ends a pause before its time: a new fix; the network, or the person at the page; the end of it all. */
type Waker = 'fix' | 'network' | 'end';

/** How long there is no MQTT before HTTP is tried, ms. */
const httpAfterMs = 4_000;
const longestPauseMs = 30_000;
const refusedPauseMs = 60_000;
const mostInBatch = 200;
const weights: Record<Waker, number> = { fix: 0, network: 1, end: 2 };

/**
 * Empties the queue, from `start` to `stop`, once: the newest fix alone, for those who watch, then the oldest in batches;
 * over MQTT, by HTTP while that cannot be had, and back. A fix leaves the queue when the server has acknowledged it, or
 * will never take it.
 */
export class Publisher {
  private isRunning = true;
  private link: Link | null = null;
  private way: Way = 'off';
  private isHttpGood: boolean | null = null;
  private failedLinks = 0;
  private withoutLinkSince = 0;
  private wakes = 0;
  private batchSize = mostInBatch;
  private followed: readonly string[] = [];
  private readonly pauses = new Set<(waker: Waker) => void>();

  constructor(
    private credentials: Credentials, private readonly clientId: string, private readonly queue: FixQueue,
    private readonly events: PublisherEvents, private readonly parts: PublisherParts) {}

  start(): void {
    this.withoutLinkSince = this.parts.now();
    this.show();
    void this.keepLink();
    void this.deliver();
  }

  stop(): void {
    this.isRunning = false;
    this.link?.close();
    this.wake('end');
    this.show();
  }

  /** There is a new fix in the queue. */
  readonly fixTaken = (): void => this.wake('fix');

  /** The network may be back, or somebody looks at the page. */
  readonly tryNow = (): void => this.wake('network');

  /** The network has gone: what is open is dead, whatever the socket says. */
  cut(): void {
    this.isHttpGood = false;
    this.link?.close();
    this.show();
  }

  /** Tells what the broker says of these requests, while there is MQTT. */
  follow(requestIds: readonly string[]): void {
    this.followed = requestIds;
    this.link?.follow(requestIds);
  }

  /** Goes on with another secret. */
  signIn(credentials: Credentials): void {
    this.credentials = credentials;
    this.failedLinks = 0;
    this.show('connecting');
    this.tryNow();
  }

  private async keepLink(): Promise<void> {
    while (this.isRunning) {
      const link = await this.parts.openLink(this.credentials, this.clientId, this.events);
      if (link === null || link === 'refused') {
        this.failedLinks++;
        this.show(link === 'refused' ? 'refused' : undefined);
        await this.pause(
          link === 'refused' ? refusedPauseMs : backoff(this.failedLinks, longestPauseMs, this.parts.random), 'network');
        continue;
      }
      if (!this.isRunning) {
        link.close();
        return;
      }
      [this.link, this.failedLinks, this.isHttpGood] = [link, 0, null];
      link.follow(this.followed);
      this.show();
      this.tryNow();
      await link.closed;
      this.link = null;
      this.withoutLinkSince = this.parts.now();
      this.show();
      await this.pause(backoff(0, longestPauseMs, this.parts.random), 'network');
    }
  }

  private async deliver(): Promise<void> {
    let failures = 0;
    while (this.isRunning) {
      const { link, wakes } = this;
      const send = this.sender();
      const newest = send === null ? undefined : await this.queue.newest();
      if (send === null || newest === undefined) {
        const until = this.withoutLinkSince + httpAfterMs - this.parts.now();
        // A fix that came while the queue was asked has called in vain.
        await this.pause(wakes !== this.wakes ? 0 : this.link === null && until > 0 ? until : longestPauseMs, 'fix');
        continue;
      }
      const answers = await this.round(send, newest);
      if (answers.every(({ verdict }) => verdict === 'stored' || verdict === 'rejected')) {
        failures = 0;
        continue;
      }
      if (this.link !== null && this.link !== link) {
        continue; // there is MQTT since: whoever waits now would miss that
      }
      const wait = Math.max(backoff(failures++, longestPauseMs, this.parts.random), ...answers.map(({ waitMs }) => waitMs));
      // A network may be back any moment; a server that said no is not asked before the time.
      await this.pause(wait, answers.some(a => a.isReached) ? 'end' : 'network');
    }
  }

  /** What takes fixes now; null when nothing does. */
  private sender(): ((fixes: readonly Fix[]) => Promise<Answer>) | null {
    const { link } = this;
    if (link !== null) {
      return fixes => link.send(fixes);
    }
    return this.parts.now() - this.withoutLinkSince < httpAfterMs ? null : async fixes => {
      const answer = await this.parts.post(this.credentials, fixes);
      if (this.link === null) {
        this.isHttpGood = answer.isReached;
        this.show(answer.verdict === 'refused' ? 'refused' : undefined);
      }
      return answer;
    };
  }

  private async round(send: (fixes: readonly Fix[]) => Promise<Answer>, newest: Fix): Promise<Answer[]> {
    const oldest = (await this.queue.oldest(this.batchSize)).filter(fix => fix.timestamp !== newest.timestamp);
    const parcels = [[newest], oldest].filter(fixes => fixes.length > 0);
    return Promise.all(parcels.map(async fixes => {
      const answer = await send(fixes);
      await this.settle(fixes, answer, fixes === oldest);
      return answer;
    }));
  }

  private async settle(fixes: readonly Fix[], { verdict, reason }: Answer, isBatch: boolean): Promise<void> {
    if (verdict === 'stored') {
      await this.queue.acknowledge(fixes, this.parts.now());
      this.batchSize = Math.min(mostInBatch, isBatch ? this.batchSize * 2 : this.batchSize);
    } else if (verdict === 'rejected' && fixes.length === 1) {
      await this.queue.reject(fixes, reason);
    } else if (verdict === 'rejected') {
      // One bad fix spoils its batch: halves lead to it.
      this.batchSize = Math.max(1, Math.ceil(fixes.length / 2));
    }
  }

  private show(refused?: 'refused' | 'connecting'): void {
    const way = !this.isRunning ? 'off'
      : this.link !== null ? 'mqtt'
        : refused ?? (this.way === 'refused' && this.isHttpGood !== true ? 'refused'
          : this.isHttpGood === true ? 'http'
            : this.isHttpGood === false || this.failedLinks > 1 ? 'offline' : 'connecting');
    if (way !== this.way) {
      this.way = way;
      this.events.onWay(way);
    }
  }

  private wake(waker: Waker): void {
    this.wakes++;
    for (const wake of [...this.pauses]) {
      wake(waker);
    }
  }

  /** Waits, at most until this waker or one that weighs more. */
  private pause(ms: number, lightest: Waker): Promise<void> {
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(timer);
        this.pauses.delete(wake);
        resolve();
      };
      const wake = (waker: Waker) => {
        if (weights[waker] >= weights[lightest]) {
          end();
        }
      };
      const timer = setTimeout(end, this.isRunning ? ms : 0);
      this.pauses.add(wake);
    });
  }
}
