import { stretch, watchBattery, type Battery } from './device/battery';
import type { Credentials } from './credentials';
import { activeControl, idleControl, type Control } from './gps/control';
import { FixFilter, heartbeatMs } from './gps/fixFilter';
import { Receiver, type GpsProblem } from './gps/receiver';
import { postPositions } from './send/httpDoor';
import { readLive, type JobLive } from './jobs/live';
import { openMqttLink } from './send/mqttLink';
import { Publisher, type Way } from './send/publisher';
import type { Fix } from './storage/database';
import type { FixQueue } from './storage/fixQueue';

export interface EngineState {
  readonly way: Way;
  /** The last measured fix, taken or not. */
  readonly place: Fix | null;
  readonly problem: GpsProblem | 'storage' | null;
  readonly control: Control;
  readonly battery: Battery | null;
  /** What the broker tells of the jobs, by request. */
  readonly live: Readonly<Record<string, JobLive>>;
}

/** Measures and sends: receiver, filter, queue, publisher. Runs in one page of the browser. */
export class Engine {
  private state: EngineState = { way: 'off', place: null, problem: null, control: idleControl, battery: null, live: {} };
  private readonly receiver = new Receiver(fix => void this.measured(fix), problem => this.show({ problem }));
  private filter = new FixFilter();
  private publisher: Publisher | null = null;
  /** From the list of jobs; undefined while there is none. */
  private jobs: readonly string[] | undefined;
  private isMeasuring = false;
  private heartbeat: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly queue: FixQueue, private credentials: Credentials, private readonly clientId: string,
    private told: Control | null, private readonly onState: (state: EngineState) => void,
    private readonly onTold: (control: Control) => void) {
    void watchBattery(battery => this.show({ battery }));
    void navigator.permissions?.query({ name: 'geolocation' })
      .then(permission => permission.addEventListener('change', () => this.restartReceiver())).catch(() => undefined);
  }

  measure(isMeasuring: boolean): void {
    if (isMeasuring === this.isMeasuring) {
      return;
    }
    this.isMeasuring = isMeasuring;
    if (isMeasuring) {
      this.filter = new FixFilter();
      this.receiver.start();
      this.beat();
    } else {
      this.receiver.stop();
      clearTimeout(this.heartbeat);
      clearTimeout(this.again);
      this.show({ place: null, problem: null });
    }
  }

  send(isSending: boolean): void {
    if (isSending && this.publisher === null) {
      const publisher = new Publisher(this.credentials, this.clientId, this.queue, {
        onWay: way => this.publisher === publisher && this.show({ way }),
        onControl: control => this.follow(() => {
          this.told = control;
          this.onTold(control);
        }),
        onNews: (topic, payload) => this.hear(topic, payload),
      }, { openLink: openMqttLink, post: postPositions, random: Math.random, now: Date.now });
      this.publisher = publisher;
      publisher.follow(this.jobs ?? []);
      publisher.start();
      if (!navigator.onLine) {
        publisher.cut();
      }
    } else if (!isSending && this.publisher !== null) {
      this.publisher.stop();
      this.publisher = null;
      this.show({ way: 'off', live: {} });
    }
  }

  /** Which jobs the list says that this device drives for, newest first. */
  setJobs(requestIds: readonly string[]): void {
    this.follow(() => { this.jobs = requestIds; });
    this.publisher?.follow(requestIds);
  }

  signIn(credentials: Credentials): void {
    this.credentials = credentials;
    this.publisher?.signIn(credentials);
  }

  /** The network is back, or somebody looks: no waiting. */
  tryNow(): void {
    this.publisher?.tryNow();
    this.receiver.ask();
  }

  cut(): void {
    this.publisher?.cut();
  }

  // The server's word counts while it can be heard; otherwise the list of jobs, which comes over HTTP.
  private control(): Control {
    const { told, jobs } = this;
    const job = jobs?.[0] ?? null;
    const isBelieved = this.state.way === 'mqtt' || jobs === undefined || (told?.requestId === null) === (job === null);
    return told !== null && isBelieved ? told : job !== null ? activeControl(job) : idleControl;
  }

  private follow(change: () => void): void {
    const before = this.control().requestId;
    change();
    const control = this.control();
    this.show({ control });
    if (control.requestId !== null && before === null && this.isMeasuring) {
      // Who waits for this job should not wait for the next turn of the wheel.
      this.filter = new FixFilter();
      this.receiver.ask();
    }
  }

  private hear(topic: string, payload: string): void {
    const told = readLive(topic, payload);
    if (told !== null) {
      const { live } = this.state;
      this.show({ live: { ...live, [told.requestId]: { ...live[told.requestId], ...told.news } } });
    }
  }

  private async measured(fix: Fix): Promise<void> {
    this.show({ place: fix, problem: null, control: this.control() });
    await this.judge(fix);
  }

  private async judge(fix: Fix): Promise<void> {
    clearTimeout(this.again);
    const { battery } = this.state;
    const base = this.control();
    const control = { ...base, intervalMs: base.intervalMs * stretch(battery) };
    if (!this.filter.take(fix, control, Date.now())) {
      const wait = this.filter.tooSoonFor(control, Date.now());
      // Who stops now is silent from now on: the place where they stand must not get lost.
      this.again = wait > 0 ? setTimeout(() => void this.judge(fix), wait) : undefined;
      return;
    }
    this.beat();
    try {
      await this.queue.add({ ...fix, ...(battery && { battery: battery.percent }) });
      this.publisher?.fixTaken();
    } catch {
      this.show({ problem: 'storage' }); // a full disk, or a browser that keeps nothing
    }
  }

  private beat(): void {
    clearTimeout(this.heartbeat);
    this.heartbeat = setTimeout(() => {
      this.receiver.ask();
      this.beat();
    }, heartbeatMs(this.control()) * stretch(this.state.battery));
  }

  private restartReceiver(): void {
    if (this.isMeasuring) {
      this.receiver.stop();
      this.receiver.start();
    }
  }

  private show(change: Partial<EngineState>): void {
    this.state = { ...this.state, ...change };
    this.onState(this.state);
  }
}
