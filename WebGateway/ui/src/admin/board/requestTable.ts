import { columnOf, columns, type BoardRequest, type Column } from './request';

/** How many of those that are over are kept in view. */
const mostOver = 50;

/**
 * The requests by id; of each the newest version that was heard of, whichever way it came. Reading again and hearing of
 * changes may overlap in any order.
 */
export class RequestTable {
  private readonly requests = new Map<string, BoardRequest>();

  /** Takes a request; false when a newer version is known, or the same. */
  put(request: BoardRequest): boolean {
    const known = this.requests.get(request.requestId);
    if (known && known.version >= request.version) {
      return false;
    }
    this.requests.set(request.requestId, request);
    return true;
  }

  find(requestId: string): BoardRequest | undefined {
    return this.requests.get(requestId);
  }

  /** The ids of those that are not over, as far as is known. */
  runningIds(): string[] {
    return [...this.requests.values()].filter(({ status }) => columnOf(status) !== 'over').map(({ requestId }) => requestId);
  }

  /** The request is gone from the database. */
  remove(requestId: string): boolean {
    return this.requests.delete(requestId);
  }

  /**
   * The requests by column: those that wait longest first; those under way by their last change, newest first. Forgets what has
   * been over for long.
   */
  byColumn(): Readonly<Record<Column, readonly BoardRequest[]>> {
    const result = Object.fromEntries(columns.map(column => [column, [] as BoardRequest[]])) as Record<Column, BoardRequest[]>;
    for (const request of this.requests.values()) {
      result[columnOf(request.status)].push(request);
    }
    const time = (text: string): number => Date.parse(text);
    result.pending.sort((a, b) => time(a.createdAt) - time(b.createdAt));
    for (const column of columns.slice(1)) {
      result[column].sort((a, b) => time(b.updatedAt) - time(a.updatedAt));
    }
    for (const { requestId } of result.over.splice(mostOver)) {
      this.requests.delete(requestId);
    }
    return result;
  }
}
