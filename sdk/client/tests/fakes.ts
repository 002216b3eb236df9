import type {
  Access, Clock, HubLink, JoinResult, LiveEventName, PollResult, TimedPlace, TrackingParts,
} from '../src/index.js';

/** Time that stands still until it is moved. */
export class FakeClock implements Clock {
  private now = 0;
  private readonly timers = new Map<number, { at: number; action: () => void }>();
  private next = 1;

  setTimeout(action: () => void, ms: number): number {
    this.timers.set(this.next, { at: this.now + ms, action });
    return this.next++;
  }

  clearTimeout(timer: unknown): void {
    this.timers.delete(timer as number);
  }

  get count(): number {
    return this.timers.size;
  }

  async advance(ms: number): Promise<void> {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const due = [...this.timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) {
        break;
      }
      this.timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].action();
      await settle();
    }
    this.now = end;
  }
}

/** A hub connection whose server is the test. */
export class FakeLink implements HubLink {
  readonly cursors: (string | null)[] = [];
  /** Each with its arguments. */
  readonly calls: unknown[][] = [];
  stopped = 0;
  private readonly handlers = new Map<string, (payload: unknown) => void>();
  private closed: () => void = () => undefined;

  constructor(private readonly answer: Answer) {}

  start(): Promise<void> {
    return this.answer.start === 'refuse' ? Promise.reject(new Error('WebSocket failed to connect.'))
      : this.answer.start === 'hang' ? new Promise(() => undefined) : Promise.resolve();
  }

  async invoke<T>(method: string, requestId: unknown, cursor: unknown): Promise<T> {
    this.calls.push([method, requestId, cursor]);
    if (method === 'customer:location' && this.answer.sendError) {
      throw new Error(this.answer.sendError);
    }
    if (method !== 'join:request') {
      return undefined as T;
    }
    this.cursors.push(cursor as string | null);
    if (this.answer.hubError) {
      throw new Error(this.answer.hubError);
    }
    this.answer.beforeJoined?.(this);
    return { snapshot: {}, missed: [], recovered: false, cursor: 'e1:0', ...this.answer.join } as T;
  }

  on(name: LiveEventName | 'share:ended', handler: (payload: unknown) => void): void {
    this.handlers.set(name, handler);
  }

  onClosed(handler: () => void): void {
    this.closed = handler;
  }

  stop(): Promise<void> {
    this.stopped++;
    return Promise.resolve();
  }

  send(name: LiveEventName | 'share:ended', payload: unknown): void {
    this.handlers.get(name)?.(payload);
  }

  cut(): void {
    this.closed();
  }
}

/** How one connection attempt goes. */
export interface Answer {
  start?: 'refuse' | 'hang';
  hubError?: string;
  sendError?: string;
  join?: Partial<JoinResult>;
  beforeJoined?: (link: FakeLink) => void;
}

/** Parts for a watch; attempt n gets answer n and poll n its result, the last one repeats. */
export function fakeParts(
  answers: Answer[], access: Access = 'unknown', polls: PollResult[] = ['failed'], posting?: () => Promise<void>,
  route: readonly TimedPlace[] = [],
) {
  const clock = new FakeClock();
  const network = new EventTarget();
  const links: FakeLink[] = [];
  const polled: (string | null)[] = [];
  const posted: { url: string; position: unknown }[] = [];
  const routes: string[] = [];
  const parts: TrackingParts = {
    createLink: () => {
      const link = new FakeLink(answers[Math.min(links.length, answers.length - 1)]!);
      links.push(link);
      return link;
    },
    probeAccess: () => Promise.resolve(access),
    poll: (_url, cursor) => {
      polled.push(cursor);
      return Promise.resolve(polls[Math.min(polled.length, polls.length) - 1]!);
    },
    post: (url, _token, position) => {
      posted.push({ url, position });
      return posting?.() ?? Promise.resolve();
    },
    route: url => {
      routes.push(url);
      return Promise.resolve(route);
    },
    clock,
    random: () => 0.5,
    network,
  };
  return { parts, clock, network, links, polled, posted, routes };
}

/** Lets everything that is already possible happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) {
    await Promise.resolve();
  }
}

export const place = (seq: number, epoch = 'e1', timestamp = seq * 1000) =>
  ({ requestId: 'r', epoch, seq, lat: 52 + seq / 1000, lng: 13, timestamp, speed: 10 });

export const status = (seq: number, value: string, epoch = 'e1') =>
  ({ requestId: 'r', epoch, seq, status: value, at: seq * 1000, by: 'dispatcher' });
