import { RealtimeClient, type RealtimeChannel } from '@supabase/realtime-js';
import { ApiError, type Api } from '../api';
import { ofRow, type BoardRequest, type Column, type RequestRow } from './request';
import { RequestTable } from './requestTable';

export type BoardConnection = 'connecting' | 'live' | 'catching-up';

/** What the board shows. */
export interface BoardSnapshot {
  readonly connection: BoardConnection;
  /** Whether the requests were read at least once. */
  readonly isLoaded: boolean;
  /** Why they could not be read, or null. */
  readonly problem: string | null;
  readonly columns: Readonly<Record<Column, readonly BoardRequest[]>>;
}

const running = ['pending', 'assigned', 'en_route', 'arrived', 'in_progress'];
const pageSize = 1_000;
const mostPages = 20;
const overPage = 50;
const retryMs = 5_000;

interface Page {
  readonly items: readonly BoardRequest[];
  readonly next: string | null;
}

/**
 * The requests, kept up to date by row changes. After each subscription they are read again: nothing that changed
 * while the page was away is missed.
 */
export class Board {
  private readonly table = new RequestTable();
  private readonly listeners = new Set<() => void>();
  private readonly client: RealtimeClient;
  private readonly channel: RealtimeChannel;
  private readonly abort = new AbortController();
  private connection: BoardConnection = 'connecting';
  private isLoaded = false;
  private problem: string | null = null;
  private reading: Promise<void> | null = null;
  private isOutdated = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private snapshot: BoardSnapshot = this.newSnapshot();

  constructor(private readonly api: Api) {
    const address = `${location.origin.replace(/^http/, 'ws')}/realtime/v1`;
    this.client = new RealtimeClient(address, { params: { apikey: api.token } });
    this.channel = this.client.channel('dispatch-board')
      .on('postgres_changes', { event: '*', schema: 'public', table: 'service_requests' }, change => {
        const isNews = change.eventType === 'DELETE'
          ? this.table.remove((change.old as RequestRow).id)
          : this.table.put(ofRow(change.new as RequestRow));
        if (isNews) {
          this.tell();
        }
      })
      .on('system', {}, (message: { status?: string }) => {
        // Changes were interrupted, or are there again: what happened between is read.
        this.become(message.status === 'ok' ? 'live' : 'catching-up');
        void this.read();
      });
    this.channel.subscribe(status => {
      this.become(status === 'SUBSCRIBED' ? 'live' : 'catching-up');
      if (status === 'SUBSCRIBED') {
        void this.read();
      }
    });
    void this.read();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly getSnapshot = (): BoardSnapshot => this.snapshot;

  find(requestId: string): BoardRequest | undefined {
    return this.table.find(requestId);
  }

  /** Takes what a call of ours has made of a request; its row change may come later, or was there before. */
  take(request: BoardRequest): void {
    if (this.table.put(request)) {
      this.tell();
    }
  }

  /** Reads what is so now. */
  async read(): Promise<void> {
    this.isOutdated = true;
    this.reading ??= this.readAll();
    await this.reading;
  }

  close(): void {
    this.abort.abort();
    clearTimeout(this.retry);
    this.listeners.clear();
    void this.client.removeAllChannels();
    void this.client.disconnect();
  }

  private async readAll(): Promise<void> {
    clearTimeout(this.retry);
    try {
      while (this.isOutdated) {
        this.isOutdated = false;
        const before = this.table.runningIds();
        const seen = await this.readPages(running.map(status => ['status', status]), mostPages, pageSize);
        await this.readPages([['status', 'completed'], ['status', 'cancelled']], 1, overPage);
        await this.readEach(before.filter(id => !seen.has(id)));
      }
      [this.isLoaded, this.problem] = [true, null];
    } catch (error) {
      if (this.abort.signal.aborted) {
        return;
      }
      this.problem = error instanceof ApiError ? error.message : String(error);
      this.retry = setTimeout(() => void this.read(), retryMs);
    } finally {
      this.reading = null;
      this.tell();
    }
  }

  private async readPages(
    query: readonly (readonly [string, string])[], pages: number, limit: number,
  ): Promise<ReadonlySet<string>> {
    const seen = new Set<string>();
    let after: string | null = null;
    for (let page = 0; page < pages; page++) {
      const parameters = new URLSearchParams([...query.map(pair => [...pair]), ['limit', `${limit}`]]);
      if (after !== null) {
        parameters.set('after', after);
      }
      const answer: Page = await this.api.call(`/api/requests?${parameters}`, { signal: this.abort.signal });
      answer.items.forEach(request => {
        seen.add(request.requestId);
        this.table.put(request);
      });
      after = answer.next;
      if (after === null) {
        break;
      }
      this.tell();
    }
    return seen;
  }

  // Those that were running when we last knew, and are not any more: their end was missed.
  private async readEach(requestIds: readonly string[]): Promise<void> {
    for (const requestId of requestIds) {
      try {
        this.table.put(await this.api.call<BoardRequest>(`/api/requests/${requestId}`, { signal: this.abort.signal }));
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) {
          throw error;
        }
        this.table.remove(requestId);
      }
    }
  }

  private become(connection: BoardConnection): void {
    if (this.connection !== connection && !this.abort.signal.aborted) {
      this.connection = connection;
      this.tell();
    }
  }

  private tell(): void {
    this.snapshot = this.newSnapshot();
    for (const listener of [...this.listeners]) {
      listener();
    }
  }

  private newSnapshot(): BoardSnapshot {
    return { connection: this.connection, isLoaded: this.isLoaded, problem: this.problem, columns: this.table.byColumn() };
  }
}
