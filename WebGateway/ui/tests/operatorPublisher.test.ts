import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer, nobody, type Answer } from '../src/operator/send/answer';
import type { Link } from '../src/operator/send/mqttLink';
import { Publisher, type Way } from '../src/operator/send/publisher';
import { openDatabase, type Database, type Fix } from '../src/operator/storage/database';
import { FixQueue } from '../src/operator/storage/fixQueue';

const fix = (second: number): Fix => ({ lat: 48, lng: 11, timestamp: second });

/** A server that the test makes answer as it likes. */
class World {
  readonly ways: Way[] = [];
  readonly byMqtt: number[][] = [];
  readonly byHttp: number[][] = [];
  links: 'open' | 'refused' | 'blocked' = 'open';
  mqtt: (fixes: readonly Fix[]) => Answer = () => answer('stored');
  http: (fixes: readonly Fix[]) => Answer = () => answer('stored');
  attempts = 0;
  cutLink: () => void = () => undefined;
  readonly publisher: Publisher;

  constructor(readonly queue: FixQueue) {
    this.publisher = new Publisher(
      { deviceId: 'van-1', secret: 's' }, 'page', queue,
      { onWay: way => this.ways.push(way), onControl: () => undefined, onNews: () => undefined },
      {
        openLink: async () => {
          this.attempts++;
          return this.links === 'open' ? this.link() : this.links === 'refused' ? 'refused' : null;
        },
        post: async (_, fixes) => {
          this.byHttp.push(fixes.map(f => f.timestamp));
          return this.http(fixes);
        },
        random: () => 1, now: () => Date.now(),
      });
  }

  get way(): Way | undefined {
    return this.ways.at(-1);
  }

  private link(): Link {
    let isOpen = true;
    let end: () => void = () => undefined;
    const closed = new Promise<void>(resolve => { end = resolve; });
    this.cutLink = () => {
      isOpen = false;
      end();
    };
    return {
      send: async fixes => {
        if (!isOpen) {
          return nobody;
        }
        this.byMqtt.push(fixes.map(f => f.timestamp));
        return this.mqtt(fixes);
      },
      follow: () => undefined, close: this.cutLink, closed,
    };
  }
}

let db: Database;
let world: World;

/** Lets time pass; the database answers in between. */
async function pass(ms: number): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await vi.advanceTimersByTimeAsync(ms / 20);
    for (let k = 0; k < 20; k++) {
      await new Promise(resolve => setImmediate(resolve));
    }
  }
}

async function add(...seconds: number[]): Promise<void> {
  for (const second of seconds) {
    await world.queue.add(fix(second));
  }
}

beforeEach(async () => {
  db = await openDatabase('publisher');
  world = new World(await FixQueue.open(db));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(async () => {
  world.publisher.stop();
  await pass(1_000);
  vi.useRealTimers();
  db.close();
  await deleteDB('publisher');
});

describe('Publisher', () => {
  it('sends the newest alone, the backlog behind it in order, and forgets what is acknowledged', async () => {
    await add(1, 2, 3, 4);
    world.publisher.start();
    await pass(500);
    expect(world.byMqtt).toEqual([[4], [1, 2, 3]]);
    expect(world.queue.getState()).toMatchObject({ queued: 0, counts: { acknowledged: 4 } });
    await add(5);
    world.publisher.fixTaken();
    await pass(100);
    expect(world.byMqtt.at(-1)).toEqual([5]);
    expect(world.way).toBe('mqtt');
  });

  it('keeps what the server cannot take now, and does not press on', async () => {
    world.mqtt = () => answer('later');
    await add(1);
    world.publisher.start();
    await pass(10_000);
    expect(world.queue.getState().queued).toBe(1);
    expect(world.byMqtt.length).toBeLessThan(6);
    world.mqtt = () => answer('stored');
    await pass(10_000);
    expect(world.queue.getState().queued).toBe(0);
  });

  it('waits as long as the server asks, whatever is new', async () => {
    world.links = 'blocked';
    world.http = () => answer('later', '', 20_000);
    await add(1);
    world.publisher.start();
    await pass(6_000);
    expect(world.byHttp).toHaveLength(1);
    await add(2);
    world.publisher.fixTaken();
    world.publisher.tryNow();
    await pass(10_000);
    expect(world.byHttp).toHaveLength(1);
    await pass(12_000);
    expect(world.byHttp.length).toBeGreaterThan(1);
  });

  it('finds the one bad fix in a batch, gives it up, and sends all others', async () => {
    const isBad = (f: Fix) => f.timestamp === 37;
    world.mqtt = fixes => fixes.some(isBad) ? answer('rejected', 'position_field_out_of_range') : answer('stored');
    await add(...Array.from({ length: 100 }, (_, i) => i));
    world.publisher.start();
    await pass(2_000);
    expect(world.queue.getState()).toMatchObject({
      queued: 0, counts: { acknowledged: 99, rejected: 1, rejection: 'position_field_out_of_range' },
    });
  });

  it('goes by HTTP when there is no MQTT for some seconds, and back by itself', async () => {
    world.links = 'blocked';
    await add(1, 2);
    world.publisher.start();
    await pass(3_000);
    expect(world.byHttp).toEqual([]);
    await pass(3_000);
    expect(world.byHttp).toEqual([[2], [1]]);
    expect(world.way).toBe('http');

    world.links = 'open';
    await pass(40_000);
    expect(world.way).toBe('mqtt');
    await add(3);
    world.publisher.fixTaken();
    await pass(100);
    expect(world.byMqtt).toEqual([[3]]);
  });

  it('is offline when nobody answers, asks seldom, and goes on at once when the network is back', async () => {
    world.links = 'blocked';
    world.http = () => nobody;
    await add(1);
    world.publisher.start();
    await pass(300_000);
    expect(world.way).toBe('offline');
    expect(world.attempts).toBeLessThan(25);
    expect(world.byHttp.length).toBeLessThan(25);
    expect(world.queue.getState().queued).toBe(1);

    world.links = 'open';
    world.publisher.tryNow();
    await pass(1_000);
    expect(world.way).toBe('mqtt');
    expect(world.queue.getState().queued).toBe(0);
  });

  it('does not ask more often because there are new fixes', async () => {
    world.links = 'blocked';
    world.http = () => nobody;
    world.publisher.start();
    for (let i = 0; i < 60; i++) {
      await add(i);
      world.publisher.fixTaken();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await pass(1_000);
    expect(world.attempts + world.byHttp.length).toBeLessThan(30);
  });

  it('sends what was on its way again when the connection is lost', async () => {
    world.mqtt = () => {
      world.cutLink();
      return nobody;
    };
    await add(1);
    world.publisher.start();
    await pass(200);
    expect(world.queue.getState().queued).toBe(1);
    world.mqtt = () => answer('stored');
    await pass(5_000);
    expect(world.queue.getState()).toMatchObject({ queued: 0, counts: { acknowledged: 1 } });
    expect(world.way).toBe('mqtt');
  });

  it('says that the sign-in is not taken, keeps everything, and goes on with another', async () => {
    world.links = 'refused';
    world.http = () => answer('refused');
    await add(1);
    world.publisher.start();
    await pass(20_000);
    expect(world.way).toBe('refused');
    expect(world.queue.getState().queued).toBe(1);
    expect(world.attempts).toBe(1);

    world.links = 'open';
    world.publisher.signIn({ deviceId: 'van-1', secret: 'new' });
    await pass(40_000);
    expect(world.way).toBe('mqtt');
    expect(world.queue.getState().queued).toBe(0);
  });

  it('is silent when it is stopped', async () => {
    world.publisher.start();
    await pass(200);
    world.publisher.stop();
    await add(1);
    world.publisher.fixTaken();
    await pass(60_000);
    expect(world.byMqtt).toEqual([]);
    expect(world.attempts).toBe(1);
    expect(world.way).toBe('off');
  });
});
