import type { RequestStatus } from '@artmqtt/client';
import type { Credentials } from '../credentials';
import { ApiError, fetchJobs, moveOn, type Job } from './api';

export interface JobListState {
  /** Null until the first answer. */
  readonly jobs: readonly Job[] | null;
  /** Why the list may be old, a code; null when it is not. */
  readonly error: string | null;
}

/** The device's jobs: read again when something says that they may have changed, and every few seconds. */
export class JobList {
  private state: JobListState;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reading: Promise<void> | null = null;
  private isStale = false;
  private isClosed = false;

  /**
   * @param credentials Whose jobs.
   * @param kept What an earlier page knew, for a start without a network.
   * @param keep Keeps a list for the next page.
   * @param onSignIn Whether the server took the sign-in, each time it said so.
   * @param pollMs How long to wait before it is read again.
   */
  constructor(
    private credentials: Credentials, kept: readonly Job[] | null, private readonly keep: (jobs: readonly Job[]) => void,
    private readonly onSignIn: (refusal: string | null) => void, private readonly pollMs: () => number) {
    this.state = { jobs: kept, error: null };
  }

  readonly getState = (): JobListState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  signIn(credentials: Credentials): void {
    this.credentials = credentials;
    void this.refresh();
  }

  /** Reads the list; what is asked for while it is being read is read once more. */
  readonly refresh = (): Promise<void> => {
    this.isStale = this.reading !== null;
    return this.reading ??= this.read();
  };

  /** Moves a job on. Throws an ApiError; the list is fresh afterwards either way. */
  async moveOn(job: Job, status: RequestStatus): Promise<void> {
    try {
      const moved = await moveOn(this.credentials, job, status);
      this.show({ ...this.state, jobs: (this.state.jobs ?? []).map(j => j.requestId === job.requestId ? moved : j) });
    } finally {
      await this.refresh();
    }
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private async read(): Promise<void> {
    clearTimeout(this.timer);
    do {
      this.isStale = false;
      try {
        const jobs = await fetchJobs(this.credentials);
        if (!this.isClosed) {
          this.show({ jobs, error: null });
          this.keep(jobs);
          this.onSignIn(null);
        }
      } catch (error) {
        const code = error instanceof ApiError ? error.code : 'unreachable';
        this.show({ ...this.state, error: code });
        if (code === 'token_invalid' || code === 'device_disabled') {
          this.onSignIn(code);
        }
      }
    } while (this.isStale && !this.isClosed);
    this.reading = null;
    if (!this.isClosed) {
      this.timer = setTimeout(() => void this.tick(), this.pollMs());
    }
  }

  private async tick(): Promise<void> {
    if (document.visibilityState === 'visible') {
      await this.refresh();
    } else {
      // Nobody looks; visibilitychange will ask.
      this.timer = setTimeout(() => void this.tick(), this.pollMs());
    }
  }

  private show(state: JobListState): void {
    if (!this.isClosed) {
      this.state = state;
      for (const listener of [...this.listeners]) {
        listener();
      }
    }
  }
}
