import type { Credentials } from './credentials';
import { ScreenLock, type ScreenState } from './device/screenLock';
import { Engine, type EngineState } from './engine';
import { idleControl } from './gps/control';
import { JobList } from './jobs/jobList';
import { whenLeading } from './send/leader';
import { erase, readSetting, readSettings, writeSetting, type Database, type Settings } from './storage/database';
import { FixQueue, type QueueState } from './storage/fixQueue';

/** What all open pages of this browser show alike. */
interface Shared {
  readonly isOnDuty: boolean;
  /** Whether what waits is sent although nobody is on duty. */
  readonly isSendingRest: boolean;
  readonly keepsScreenOn: boolean;
  readonly queue: QueueState;
  readonly engine: EngineState;
}

export interface SessionState extends Shared {
  /** Whether this is the page that measures and sends. */
  readonly isLeading: boolean;
  readonly screen: ScreenState;
  /** Why the server does not take the sign-in any more, a code; null while it does. */
  readonly refusal: string | null;
}

type Command =
  | { readonly kind: 'hello' | 'rest' | 'yield' | 'signed-out' }
  | { readonly kind: 'duty' | 'screen'; readonly isOn: boolean }
  | { readonly kind: 'sign-in'; readonly credentials: Credentials }
  | { readonly kind: 'state'; readonly shared: Shared };

const pollMs = 5_000;
/** Each wrong secret counts against the address, and others are behind it. */
const pollRefusedMs = 30_000;
/** While the broker says when a job comes. */
const pollBesideMqttMs = 15_000;

/** A device that is signed in: what it does, and what of it is shown. Of several open pages one is at work. */
export class Session {
  readonly jobs: JobList;
  private state: SessionState;
  private readonly listeners = new Set<() => void>();
  private readonly channel = new BroadcastChannel('artmqtt-operator');
  private readonly screenLock = new ScreenLock(screen => this.show({ screen }));
  private readonly engine: Engine;
  private endLeading: () => void = () => undefined;
  private isClosed = false;

  private constructor(
    private readonly db: Database, private readonly queue: FixQueue, private _credentials: Credentials,
    { clientId, isOnDuty, keepsScreenOn, control, jobs }: Partial<Settings> & { readonly clientId: string },
    private readonly onSignedOut: () => void) {
    this.engine = new Engine(
      queue, _credentials, clientId, control ?? null, engine => this.show({ engine }),
      told => void writeSetting(db, 'control', told));
    this.jobs = new JobList(
      _credentials, jobs ?? null, list => void writeSetting(db, 'jobs', list), refusal => this.answered(refusal),
      () => this.state.refusal === 'token_invalid' ? pollRefusedMs
        : this.state.engine.way === 'mqtt' ? pollBesideMqttMs : pollMs);
    this.state = {
      isOnDuty: isOnDuty ?? false, keepsScreenOn: keepsScreenOn ?? true, isSendingRest: false, isLeading: false, screen: 'free', refusal: null, queue: queue.getState(),
      engine: { way: 'off', place: null, problem: null, control: idleControl, battery: null, live: {} },
    };
  }

  /** Goes on where the last page stopped, on duty or not. */
  static async open(db: Database, credentials: Credentials, onSignedOut: () => void): Promise<Session> {
    const queue = await FixQueue.open(db);
    const settings = await readSettings(db);
    const clientId = settings.clientId ?? `page-${crypto.randomUUID()}`;
    await writeSetting(db, 'clientId', clientId);
    const session = new Session(db, queue, credentials, { ...settings, clientId }, onSignedOut);
    session.start();
    return session;
  }

  get credentials(): Credentials {
    return this._credentials;
  }

  readonly getState = (): SessionState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  setDuty(isOn: boolean): void {
    this.tell({ kind: 'duty', isOn });
  }

  setKeepsScreenOn(isOn: boolean): void {
    this.tell({ kind: 'screen', isOn });
  }

  /** Sends what was measured on duty and still waits, without measuring anything. */
  sendRest(): void {
    this.tell({ kind: 'rest' });
  }

  /** Makes this the page that measures and sends. */
  takeOver(): void {
    this.channel.postMessage({ kind: 'yield' } satisfies Command);
  }

  /** Goes on with another secret of the same device. */
  async signIn(credentials: Credentials): Promise<void> {
    await writeSetting(this.db, 'credentials', credentials);
    this.channel.postMessage({ kind: 'sign-in', credentials } satisfies Command);
    this.do({ kind: 'sign-in', credentials });
  }

  /** Erases what this browser knows, queued positions too. */
  async signOut(): Promise<void> {
    this.channel.postMessage({ kind: 'signed-out' } satisfies Command);
    this.close();
    await erase(this.db);
    this.onSignedOut();
  }

  private start(): void {
    this.channel.onmessage = ({ data }: MessageEvent<Command>) => this.heard(data);
    this.queue.subscribe(() => this.queueChanged());
    addEventListener('online', this.onOnline);
    addEventListener('offline', this.onOffline);
    document.addEventListener('visibilitychange', this.onVisible);
    this.jobs.subscribe(() => this.jobsChanged());
    void this.jobs.refresh();
    this.channel.postMessage({ kind: 'hello' } satisfies Command);
    this.queueForLead();
    this.screenLock.want(this.state.isOnDuty && this.state.keepsScreenOn);
  }

  private close(): void {
    this.isClosed = true;
    removeEventListener('online', this.onOnline);
    removeEventListener('offline', this.onOffline);
    document.removeEventListener('visibilitychange', this.onVisible);
    this.endLeading();
    this.engine.measure(false);
    this.engine.send(false);
    this.screenLock.want(false);
    this.jobs.close();
    this.channel.close();
    this.listeners.clear();
  }

  private queueForLead(): void {
    this.endLeading = whenLeading(`artmqtt-operator-${this.credentials.deviceId}`, () => void this.lead());
  }

  private async lead(): Promise<void> {
    const isOnDuty = await readSetting(this.db, 'isOnDuty') ?? false;
    await this.queue.refresh();
    if (!this.isClosed) {
      this.show({ isLeading: true, isOnDuty });
      this.work();
    }
  }

  private yield(): void {
    this.endLeading();
    this.engine.measure(false);
    this.engine.send(false);
    this.show({ isLeading: false });
    this.queueForLead();
  }

  private work(): void {
    const { isOnDuty, isSendingRest, isLeading, keepsScreenOn } = this.state;
    this.screenLock.want(isOnDuty && keepsScreenOn);
    if (isLeading) {
      this.engine.measure(isOnDuty);
      this.engine.send(isOnDuty || isSendingRest);
    }
  }

  // The page at work does it, whoever was asked.
  private tell(command: Command): void {
    if (this.state.isLeading) {
      this.do(command);
    } else {
      this.channel.postMessage(command);
    }
  }

  private heard(command: Command): void {
    if (command.kind === 'state') {
      if (!this.state.isLeading) {
        this.show(command.shared);
        this.screenLock.want(command.shared.isOnDuty && command.shared.keepsScreenOn);
      }
    } else if (command.kind === 'signed-out') {
      this.close();
      this.onSignedOut();
    } else if (command.kind === 'sign-in' || this.state.isLeading) {
      this.do(command);
    }
  }

  private do(command: Command): void {
    switch (command.kind) {
      case 'duty':
        void writeSetting(this.db, 'isOnDuty', command.isOn);
        this.show({ isOnDuty: command.isOn, isSendingRest: false });
        this.work();
        break;
      case 'screen':
        void writeSetting(this.db, 'keepsScreenOn', command.isOn);
        this.show({ keepsScreenOn: command.isOn });
        this.work();
        break;
      case 'rest':
        this.show({ isSendingRest: true });
        this.work();
        break;
      case 'yield':
        this.yield();
        break;
      case 'sign-in':
        this._credentials = command.credentials;
        this.show({ refusal: null });
        this.engine.signIn(command.credentials);
        this.jobs.signIn(command.credentials);
        break;
      default:
        this.share();
    }
  }

  // The broker does not say why it refuses, and asks seldom: what HTTP says counts.
  private answered(refusal: string | null): void {
    this.show({ refusal });
    if (refusal === null && this.state.engine.way === 'refused') {
      this.engine.signIn(this.credentials);
    }
  }

  private jobsChanged(): void {
    const { jobs } = this.jobs.getState();
    if (jobs !== null) {
      this.engine.setJobs(jobs.map(job => job.requestId));
    }
  }

  private queueChanged(): void {
    const queue = this.queue.getState();
    const isSendingRest = this.state.isSendingRest && queue.queued > 0;
    const isOver = this.state.isSendingRest && !isSendingRest;
    this.show({ queue, isSendingRest });
    if (isOver) {
      this.work();
    }
  }

  private readonly onOnline = (): void => {
    this.engine.tryNow();
    void this.jobs.refresh();
  };

  private readonly onOffline = (): void => this.engine.cut();

  private readonly onVisible = (): void => {
    if (document.visibilityState === 'visible') {
      this.onOnline();
    }
  };

  private show(change: Partial<SessionState>): void {
    if (this.isClosed) {
      return;
    }
    const before = this.state.engine;
    this.state = { ...this.state, ...change };
    this.share();
    if (this.isNewsOfJobs(before, this.state.engine) || (before.way !== 'refused' && this.state.engine.way === 'refused')) {
      void this.jobs.refresh();
    }
    for (const listener of [...this.listeners]) {
      listener();
    }
  }

  // The broker says that there is another job, or that one has another status than was shown.
  private isNewsOfJobs(before: EngineState, now: EngineState): boolean {
    return before.control.requestId !== now.control.requestId
      || (before.live !== now.live && (this.jobs.getState().jobs ?? []).some(({ requestId, status }) => {
        const told = now.live[requestId]?.status;
        return told !== undefined && told !== before.live[requestId]?.status && told !== status;
      }));
  }

  private share(): void {
    if (this.state.isLeading) {
      const { isOnDuty, isSendingRest, keepsScreenOn, queue, engine } = this.state;
      this.channel.postMessage({
        kind: 'state', shared: { isOnDuty, isSendingRest, keepsScreenOn, queue, engine },
      } satisfies Command);
    }
  }
}
