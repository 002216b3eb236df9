import {
  isFinal, liveEventNames, readEta, readLocation, readPresence, readStatus, showsOperator,
  type EtaUpdate, type JoinResult, type LiveEvent, type LiveEventName, type LocationUpdate, type PresenceUpdate, type StatusUpdate,
} from './events.js';

/**
 * What is known of one request, merged from joins and live events. Never shows an event twice and never moves a
 * location backwards. No I/O: every transport feeds the same instance.
 */
export class StreamState {
  status: StatusUpdate | null = null;
  operator: LocationUpdate | null = null;
  customer: LocationUpdate | null = null;
  presence: PresenceUpdate | null = null;
  eta: EtaUpdate | null = null;

  private epoch: string | null = null;
  private newest = 0;
  private readonly lastOf = new Map<LiveEventName, number>();

  /** Where this watcher stands, for the next join; null before the first. */
  get cursor(): string | null {
    return this.epoch === null ? null : `${this.epoch}:${this.newest}`;
  }

  /** Forgets where anybody is: who may not watch any more is shown nothing. */
  hidePlaces(): void {
    this.operator = null;
    this.customer = null;
    this.presence = null;
    this.eta = null;
  }

  /** Takes the answer to a join. Returns the events that are news. */
  takeJoin(join: JoinResult): LiveEvent[] {
    const colon = join.cursor.lastIndexOf(':');
    const epoch = join.cursor.slice(0, colon);
    const sequence = Number(join.cursor.slice(colon + 1));
    const news: LiveEvent[] = [];

    if (join.recovered && epoch === this.epoch) {
      for (const { name, seq, data } of join.missed) {
        news.push(...this.takeNumbered(name, seq, data));
      }
    } else {
      // Too old a cursor, or another incarnation of the stream: only the snapshot counts.
      // Of two nodes that cannot reach each other, the one may not know what the other has told.
      if (!this.isOlderStatus(join.snapshot.status)) {
        news.push(...this.apply('request:status:updated', join.snapshot.status));
      }
      news.push(...this.apply('operator:location', join.snapshot.operator));
      news.push(...this.apply('customer:location', join.snapshot.customer));
      news.push(...this.apply('operator:presence', join.snapshot.presence));
      news.push(...this.apply('request:eta', join.snapshot.eta));
    }

    // Nothing up to the cursor may come again, whatever kind it is.
    this.newest = this.epoch === epoch ? Math.max(this.newest, sequence) : sequence;
    this.epoch = epoch;
    for (const name of liveEventNames) {
      this.lastOf.set(name, this.newest);
    }
    return news;
  }

  /** Takes one live event. Returns it if it is news, or `resync` when it belongs to a stream we did not join. */
  takeLive(name: LiveEventName, payload: unknown): LiveEvent[] | 'resync' {
    const { epoch, seq } = (payload ?? {}) as { epoch?: unknown; seq?: unknown };
    if (typeof epoch !== 'string' || typeof seq !== 'number') {
      return [];
    }
    return epoch === this.epoch ? this.takeNumbered(name, seq, payload) : 'resync';
  }

  private isOlderStatus(value: unknown): boolean {
    const status = readStatus(value);
    return status !== null && this.status !== null && status.at < this.status.at;
  }

  // Per kind, because a slow connection gets its newest location after a status that is newer still.
  private takeNumbered(name: string, seq: number, data: unknown): LiveEvent[] {
    if (!isKnown(name) || seq <= (this.lastOf.get(name) ?? 0)) {
      return [];
    }
    this.lastOf.set(name, seq);
    this.newest = Math.max(this.newest, seq);
    return this.apply(name, data, seq);
  }

  private apply(name: LiveEventName, value: unknown, seq?: number): LiveEvent[] {
    if (name === 'request:status:updated') {
      return this.applyStatus(readStatus(value, seq));
    }

    const ended = this.status !== null && isFinal(this.status.status);
    if (name === 'operator:presence') {
      return ended ? [] : this.applyPresence(readPresence(value, seq));
    }

    if (name === 'request:eta') {
      return this.applyEta(readEta(value, seq));
    }

    const location = readLocation(value, seq);
    const shown = name === 'operator:location' ? this.operator : this.customer;
    if (location === null || ended || (shown !== null && location.timestamp <= shown.timestamp)) {
      return [];
    }
    if (name === 'operator:location') {
      this.operator = location;
    } else {
      this.customer = location;
    }
    return [{ name, data: location }];
  }

  private applyPresence(presence: PresenceUpdate | null): LiveEvent[] {
    if (presence === null || (this.presence?.state === presence.state && this.presence.since === presence.since)) {
      return [];
    }
    this.presence = presence;
    return [{ name: 'operator:presence', data: presence }];
  }

  // Only while the operator is on the way: one that was underway when they arrived is no news any more.
  private applyEta(eta: EtaUpdate | null): LiveEvent[] {
    if (eta === null || this.status?.status !== 'en_route' || (this.eta !== null && eta.computedAt <= this.eta.computedAt)) {
      return [];
    }
    this.eta = eta;
    return [{ name: 'request:eta', data: eta }];
  }

  private applyStatus(status: StatusUpdate | null): LiveEvent[] {
    if (status === null || (this.status?.status === status.status && this.status.at === status.at)) {
      return [];
    }
    this.status = status;
    if (status.status !== 'en_route') {
      this.eta = null;
    }
    if (!showsOperator(status.status)) {
      this.operator = null;
      this.presence = null;
    }
    if (isFinal(status.status)) {
      this.customer = null;
    }
    return [{ name: 'request:status:updated', data: status }];
  }
}

const isKnown = (name: string): name is LiveEventName => (liveEventNames as readonly string[]).includes(name);
