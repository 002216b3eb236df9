import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { erase, openDatabase, readSettings, writeSetting, type Database, type Fix } from '../src/operator/storage/database';
import { FixQueue } from '../src/operator/storage/fixQueue';

const fix = (second: number): Fix => ({ lat: 48 + second / 1_000, lng: 11, timestamp: 1_767_225_600_000 + second * 1_000 });
const times = (fixes: readonly Fix[]): number[] => fixes.map(f => (f.timestamp - 1_767_225_600_000) / 1_000);
const opened: Database[] = [];

async function open(): Promise<Database> {
  const db = await openDatabase('test');
  opened.push(db);
  return db;
}

async function add(queue: FixQueue, ...seconds: number[]): Promise<void> {
  for (const second of seconds) {
    await queue.add(fix(second));
  }
}

function expectSumsToAgree(queue: FixQueue): void {
  const { queued, counts: { taken, acknowledged, rejected, dropped } } = queue.getState();
  expect(queued + acknowledged + rejected + dropped).toBe(taken);
}

afterEach(async () => {
  opened.splice(0).forEach(db => db.close());
  await deleteDB('test');
});

describe('FixQueue', () => {
  it('gives the newest, and the oldest in order, whatever the order they came in', async () => {
    const queue = await FixQueue.open(await open());
    await add(queue, 3, 1, 5, 2);
    expect((await queue.newest())?.timestamp).toBe(fix(5).timestamp);
    expect(times(await queue.oldest(3))).toEqual([1, 2, 3]);
  });

  it('takes a fix of the same time once', async () => {
    const queue = await FixQueue.open(await open());
    await add(queue, 1, 1, 2);
    expect(queue.getState()).toMatchObject({ queued: 2, counts: { taken: 2 } });
  });

  it('does not take the last one again when it was sent meanwhile', async () => {
    const queue = await FixQueue.open(await open());
    await add(queue, 1);
    await queue.acknowledge([fix(1)], 1);
    const next = await FixQueue.open(await open());
    await add(next, 1);
    expect(next.getState()).toMatchObject({ queued: 0, counts: { taken: 1 } });
  });

  it('keeps what is not acknowledged over a reload, and the sums', async () => {
    const queue = await FixQueue.open(await open());
    await add(queue, 1, 2, 3, 4);
    await queue.acknowledge([fix(1), fix(2)], 77);
    await queue.reject([fix(3)], 'position_field_out_of_range');

    const next = await FixQueue.open(await open());
    expect(times(await next.oldest(10))).toEqual([4]);
    expect(next.getState()).toEqual({
      queued: 1,
      counts: {
        taken: 4, takenTime: fix(4).timestamp, acknowledged: 2, rejected: 1, dropped: 0, acknowledgedAt: 77, rejection: 'position_field_out_of_range',
      },
    });
  });

  it('has each fix either queued or counted when the page is killed in the middle', async () => {
    const db = await open();
    const queue = await FixQueue.open(db);
    await add(queue, 1, 2, 3);
    // Nobody waits for these: the connection is closed under them.
    const dying = [queue.acknowledge([fix(1), fix(2)], 1), queue.add(fix(4))];
    db.close();
    await Promise.allSettled(dying);

    const next = await FixQueue.open(await open());
    expectSumsToAgree(next);
    const waiting = times(await next.oldest(10));
    expect(waiting).toContain(3);
    expect(waiting.includes(1)).toBe(waiting.includes(2));
  });

  it('counts an acknowledgement that comes twice once', async () => {
    const queue = await FixQueue.open(await open());
    await add(queue, 1, 2);
    await queue.acknowledge([fix(1)], 1);
    await queue.acknowledge([fix(1)], 2);
    expect(queue.getState()).toMatchObject({ queued: 1, counts: { acknowledged: 1 } });
    expectSumsToAgree(queue);
  });

  it('thins the oldest when it is full, counts that, and keeps the newest', async () => {
    const queue = await FixQueue.open(await open(), 100);
    await add(queue, ...Array.from({ length: 130 }, (_, i) => i));
    const { queued, counts } = queue.getState();
    expect(queued).toBeLessThanOrEqual(100);
    expect(counts.dropped).toBe(130 - queued);
    expectSumsToAgree(queue);
    const kept = times(await queue.oldest(1_000));
    expect(kept.slice(-60)).toEqual(Array.from({ length: 60 }, (_, i) => 70 + i));
    expect(kept[0]).toBe(0);
  });

  it('sees what another page has done', async () => {
    const [one, other] = [await FixQueue.open(await open()), await FixQueue.open(await open())];
    await add(one, 1);
    expect(other.getState().queued).toBe(0);
    await other.refresh();
    expect(other.getState().queued).toBe(1);
  });

  it('forgets everything at the sign-out', async () => {
    const db = await open();
    const queue = await FixQueue.open(db);
    await add(queue, 1);
    await writeSetting(db, 'credentials', { deviceId: 'van-1', secret: 's' });
    await erase(db);
    await queue.refresh();
    expect(queue.getState()).toMatchObject({ queued: 0, counts: { taken: 0 } });
    expect(await readSettings(db)).toEqual({});
  });
});
