import type { Counts, Database, Fix } from './database';

const nothing: Counts = {
  taken: 0, takenTime: null, acknowledged: 0, rejected: 0, dropped: 0, acknowledgedAt: null, rejection: null,
};

/** What is known of the queue without asking the database. */
export interface QueueState {
  readonly queued: number;
  readonly counts: Counts;
}

/**
 * Fixes that the server has not acknowledged, oldest first by their time. A fix and its place in the sums are one
 * transaction: whatever kills the page, each fix is counted once and is in the queue until its acknowledgement is.
 */
export class FixQueue {
  private state: QueueState = { queued: 0, counts: nothing };
  private readonly listeners = new Set<() => void>();

  private constructor(private readonly db: Database, private readonly capacity: number) {}

  /**
   * @param db Where the fixes are.
   * @param capacity Most fixes that wait; when they are reached, every second of the oldest tenth goes.
   */
  static async open(db: Database, capacity = 50_000): Promise<FixQueue> {
    const queue = new FixQueue(db, capacity);
    await queue.refresh();
    return queue;
  }

  readonly getState = (): QueueState => this.state;

  /** Calls the listener after each change. Returns what removes it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Reads again what another page may have changed. */
  async refresh(): Promise<void> {
    const read = this.db.transaction(['fixes', 'settings']);
    const [queued, counts] = await Promise.all([
      read.objectStore('fixes').count(), read.objectStore('settings').get('counts'), read.done,
    ]);
    this.show(queued, counts as Counts | undefined ?? nothing);
  }

  /** Takes a fix; it is safe when this resolves. One of the same time is the same fix. */
  async add(fix: Fix): Promise<void> {
    // A phone that dies now must have it: the others may be repeated.
    const change = this.change('strict');
    const { timestamp } = fix;
    // A page that begins gets the receiver's last word, which the page before may have taken and sent.
    if (timestamp === (await change.counts()).takenTime || await change.fixes.getKey(timestamp) !== undefined) {
      return;
    }
    await change.fixes.put(fix);
    const dropped = await change.fixes.count() > this.capacity ? await this.thin(change.fixes) : 0;
    await change.commit(counts => ({ ...counts, taken: counts.taken + 1, takenTime: timestamp, dropped: counts.dropped + dropped }));
  }

  /** The newest fix; undefined when nothing waits. */
  async newest(): Promise<Fix | undefined> {
    return (await this.db.transaction('fixes').store.openCursor(null, 'prev'))?.value;
  }

  /** The oldest fixes, in order. */
  oldest(limit: number): Promise<Fix[]> {
    return this.db.getAll('fixes', null, limit);
  }

  /** The server has them for good. */
  acknowledge(fixes: readonly Fix[], at: number): Promise<void> {
    return this.settle(fixes, (counts, count) =>
      ({ ...counts, acknowledged: counts.acknowledged + count, acknowledgedAt: at }));
  }

  /** The server will never take them. */
  reject(fixes: readonly Fix[], reason: string): Promise<void> {
    return this.settle(fixes, (counts, count) => ({ ...counts, rejected: counts.rejected + count, rejection: reason }));
  }

  private async settle(fixes: readonly Fix[], sum: (counts: Counts, count: number) => Counts): Promise<void> {
    const change = this.change();
    let count = 0;
    for (const { timestamp } of fixes) {
      // It may have been thinned while it was on its way.
      if (await change.fixes.getKey(timestamp) !== undefined) {
        await change.fixes.delete(timestamp);
        count++;
      }
    }
    await change.commit(counts => sum(counts, count));
  }

  private change(durability: IDBTransactionDurability = 'default') {
    const write = this.db.transaction(['fixes', 'settings'], 'readwrite', { durability });
    const [fixes, settings] = [write.objectStore('fixes'), write.objectStore('settings')];
    const readCounts = async (): Promise<Counts> => await settings.get('counts') as Counts | undefined ?? nothing;
    return {
      fixes,
      counts: readCounts,
      commit: async (sum: (counts: Counts) => Counts): Promise<void> => {
        const counts = sum(await readCounts());
        await settings.put(counts, 'counts');
        const queued = await fixes.count();
        await write.done;
        this.show(queued, counts);
      },
    };
  }

  private async thin(fixes: ReturnType<FixQueue['change']>['fixes']): Promise<number> {
    const oldest = await fixes.getAllKeys(null, Math.max(2, Math.floor(this.capacity / 10)));
    const going = oldest.filter((_, i) => i % 2 === 1);
    for (const key of going) {
      await fixes.delete(key);
    }
    return going.length;
  }

  private show(queued: number, counts: Counts): void {
    this.state = { queued, counts };
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}
