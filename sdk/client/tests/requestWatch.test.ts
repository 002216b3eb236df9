import { describe, expect, it, vi } from 'vitest';
import { watchRequest, type Access, type JoinResult, type LocationUpdate, type PollResult } from '../src/index.js';
import { fakeParts, place, settle, status, type Answer } from './fakes.js';

async function watch(answers: Answer[], access?: Access, polls?: PollResult[]) {
  const fakes = fakeParts(answers, access, polls);
  const request = watchRequest('http://localhost:8080', 'r', 'secret-token', fakes.parts);
  const shown: number[] = [];
  const statuses: string[] = [];
  const states: string[] = [];
  request.on('operator:location', p => shown.push(p.timestamp));
  request.on('request:status:updated', s => statuses.push(s.status));
  request.on('connection', state => states.push(state));
  await settle();
  return { request, shown, statuses, states, ...fakes };
}

const missed = (seq: number) => ({ name: 'operator:location', seq, data: place(seq) });
const polled = (seq: number, ...events: number[]): JoinResult =>
  ({ cursor: `e1:${seq}`, snapshot: {}, missed: events.map(missed), recovered: true });
const enRoute = { status: 'en_route', at: 1, by: 'dispatcher' };

describe('watchRequest', () => {
  it('joins, tells the snapshot, then live events', async () => {
    const { request, links, shown, statuses, states } = await watch(
      [{ join: { cursor: 'e1:3', snapshot: { status: enRoute, operator: place(3), customer: null } } }]);

    links[0]!.send('operator:location', place(4));
    links[0]!.send('request:status:updated', status(5, 'arrived'));

    expect(links[0]!.cursors).toEqual([null]);
    expect(shown).toEqual([3000, 4000]);
    expect(statuses).toEqual(['en_route', 'arrived']);
    expect(states).toEqual(['live']);
    expect(request.getSnapshot()).toMatchObject(
      { connection: 'live', status: { status: 'arrived' }, operator: { timestamp: 4000, seq: 4 }, customer: null });
  });

  it('comes back with its cursor and takes what it missed', async () => {
    const { links, clock, shown, states } = await watch([
      { join: { cursor: 'e1:0' } },
      { join: { cursor: 'e1:4', recovered: true, missed: [missed(3), missed(4)] } },
    ]);
    links[0]!.send('operator:location', place(1));
    links[0]!.send('operator:location', place(2));

    links[0]!.cut();
    await settle();
    expect(states).toEqual(['live', 'catching-up']);
    await clock.advance(500);

    expect(links[1]!.cursors).toEqual(['e1:2']);
    expect(shown).toEqual([1000, 2000, 3000, 4000]);
    expect(states).toEqual(['live', 'catching-up', 'live']);
  });

  it('takes the snapshot when the gap cannot be closed', async () => {
    const { links, clock, shown, statuses } = await watch([
      { join: { cursor: 'e1:1', snapshot: { status: enRoute, operator: place(1) } } },
      { join: { cursor: 'e1:900', snapshot: { status: status(890, 'arrived'), operator: place(899) } } },
    ]);
    links[0]!.cut();
    await clock.advance(500);

    links[1]!.send('operator:location', place(900));
    links[1]!.send('operator:location', place(901));

    expect(shown).toEqual([1000, 899_000, 901_000]);
    expect(statuses).toEqual(['en_route', 'arrived']);
  });

  it('drops what it has seen, and locations that are older than the one shown', async () => {
    const { links, shown } = await watch([{}]);
    for (const payload of [place(2), place(2), place(1), place(3, 'e1', 1500), place(4)]) {
      links[0]!.send('operator:location', payload);
    }

    expect(shown).toEqual([2000, 4000]);
  });

  it('takes a location whose number is below that of a status sent before it', async () => {
    const { links, shown, statuses } = await watch([{}]);
    links[0]!.send('request:status:updated', status(7, 'arrived'));
    links[0]!.send('operator:location', place(6));

    expect([shown, statuses]).toEqual([[6000], ['arrived']]);
  });

  it('keeps events that overtake the answer to the join', async () => {
    const { shown } = await watch([{
      join: { cursor: 'e1:1', snapshot: { operator: place(1) } },
      beforeJoined: link => [place(1), place(2)].forEach(p => link.send('operator:location', p)),
    }]);

    expect(shown).toEqual([1000, 2000]);
  });

  it('joins again when the stream starts a new epoch', async () => {
    const { links, clock, shown } = await watch([
      { join: { cursor: 'e1:50', snapshot: { operator: place(50) } } },
      { join: { cursor: 'e2:1', snapshot: { operator: place(1, 'e2', 60_000) } } },
    ]);
    links[0]!.send('operator:location', place(1, 'e2', 60_000));
    await clock.advance(500);
    links[1]!.send('operator:location', place(2, 'e2', 61_000));

    expect(links[1]!.cursors).toEqual(['e1:50']);
    expect(shown).toEqual([50_000, 60_000, 61_000]);
  });

  it('never moves a marker back with an older snapshot of a new epoch', async () => {
    const { request, links, clock, shown } = await watch([
      { join: { cursor: 'e1:50', snapshot: { operator: place(50) } } },
      { join: { cursor: 'e2:0', snapshot: { status: enRoute, operator: place(48) } } },
    ]);
    links[0]!.cut();
    await clock.advance(500);

    expect(shown).toEqual([50_000]);
    expect(request.getSnapshot().operator?.timestamp).toBe(50_000);
  });

  it('tries forever, at most 5 s apart, and says offline', async () => {
    const { links, clock, states } = await watch([{ start: 'refuse' }]);
    await clock.advance(60_000);

    expect(states).toEqual(['offline']);
    expect(links.length).toBeGreaterThan(12);
    const before = links.length;
    await clock.advance(600_000);
    expect(links.length - before).toBeGreaterThanOrEqual(120);
    expect(links.slice(0, -1).every(link => link.stopped === 1)).toBe(true);
  });

  it('gives up an attempt that hangs', async () => {
    const { links, clock, states } = await watch([{ start: 'hang' }, {}]);
    await clock.advance(10_500);

    expect(links.length).toBe(2);
    expect(links[0]!.stopped).toBe(1);
    expect(states).toEqual(['live']);
  });

  it('tries at once when the browser is online again', async () => {
    const { links, clock, network } = await watch([{ start: 'refuse' }]);
    await clock.advance(30_000);
    const before = links.length;
    network.dispatchEvent(new Event('online'));
    await settle();

    expect(links.length).toBe(before + 1);
  });

  it('says so at once when the browser goes offline', async () => {
    const { links, clock, network, states } = await watch([{}]);
    network.dispatchEvent(new Event('offline'));
    await settle();

    expect([states, links[0]!.stopped]).toEqual([['live', 'catching-up'], 1]);
    await clock.advance(500);
    expect(states).toEqual(['live', 'catching-up', 'live']);
  });

  it.each([
    ['the hub says no', [{ hubError: 'HubException: request_not_found: None.' }], 'unknown' as const, 'request_not_found'],
    ['the link ended', [{ hubError: 'HubException: share_ended: Over.' }], 'unknown' as const, 'share_ended'],
    ['HTTP says no', [{ start: 'refuse' as const }], { denied: 'share_revoked' }, 'share_revoked'],
  ])('stops when %s', async (_, answers, access, reason) => {
    const { request, links, clock, states } = await watch(answers, access);
    await clock.advance(60_000);

    expect(states).toEqual(['denied']);
    expect(request.getSnapshot().reason).toBe(reason);
    expect(links.length).toBe(1);
    expect(clock.count).toBe(0);
  });

  it('stops, shows no place and says why when a shared link ends', async () => {
    const { request, links, clock, states } = await watch(
      [{ join: { cursor: 'e1:3', snapshot: { status: enRoute, operator: place(3) } } }]);

    links[0]!.send('share:ended', { requestId: 'r', epoch: 'e1', seq: 4, code: 'share_revoked' });
    links[0]!.cut();
    await clock.advance(60_000);

    expect(states).toEqual(['live', 'denied']);
    expect(request.getSnapshot()).toMatchObject(
      { connection: 'denied', reason: 'share_revoked', status: { status: 'en_route' }, operator: null });
    expect([links.length, links[0]!.stopped, clock.count]).toEqual([1, 1, 0]);
  });

  it.each([
    "An unexpected error occurred invoking 'join:request' on the server.",
    'An error occurred. HubException: store_unavailable: The database does not answer; try again.',
  ])('goes on when the hub fails without saying no: %s', async hubError => {
    const { links, clock, states } = await watch([{ hubError }, {}], 'allowed');
    await clock.advance(500);

    expect([links.length, states]).toEqual([2, ['live']]);
  });

  it('may be closed twice, tells nothing afterwards and leaves no timer', async () => {
    const { request, links, clock, shown, states } = await watch([{}]);
    request.close();
    request.close();
    await settle();
    links[0]!.send('operator:location', place(1));
    links[0]!.cut();
    await clock.advance(60_000);

    expect([shown, states]).toEqual([[], ['live']]);
    expect([links.length, links[0]!.stopped, clock.count]).toEqual([1, 1, 0]);
  });

  it('opens nothing when it is closed at once, as StrictMode does', async () => {
    const { parts, links } = fakeParts([{}]);
    watchRequest('http://localhost:8080/', 'r', 't', parts).close();
    watchRequest('http://localhost:8080/', 'r', 't', parts);
    await settle();

    expect(links.length).toBe(1);
  });

  it('removes handlers and listeners, and keeps the snapshot object while nothing changes', async () => {
    const { request, links } = await watch([{}]);
    const heard: LocationUpdate[] = [];
    const listener = vi.fn();
    const off = request.on('operator:location', p => heard.push(p));
    const unsubscribe = request.subscribe(listener);
    links[0]!.send('operator:location', place(1));
    const snapshot = request.getSnapshot();
    links[0]!.send('operator:location', place(1));
    off();
    unsubscribe();

    expect(request.getSnapshot()).toBe(snapshot);
    links[0]!.send('operator:location', place(2));
    expect(request.getSnapshot()).not.toBe(snapshot);
    expect([heard.length, listener.mock.calls.length]).toEqual([1, 1]);
    expect(Object.isFrozen(snapshot)).toBe(true);
  });

  it('forgets the operator when the request has ended', async () => {
    const { request, links } = await watch(
      [{ join: { cursor: 'e1:1', snapshot: { status: enRoute, operator: place(1) } } }]);
    links[0]!.send('request:status:updated', status(2, 'completed'));
    links[0]!.send('operator:location', place(3));

    expect(request.getSnapshot()).toMatchObject({ status: { status: 'completed' }, operator: null });
  });

  it('ignores what is not an event', async () => {
    const { request, links, shown } = await watch([{}]);
    for (const payload of [null, {}, 'x', { ...place(1), lat: 'north' }, { ...place(2), timestamp: Number.NaN }]) {
      links[0]!.send('operator:location', payload);
    }
    links[0]!.send('request:status:updated', status(3, 'teleported'));

    expect(shown).toEqual([]);
    expect(request.getSnapshot().status).toBeNull();
  });

  it('does not go back to what another node still believes', async () => {
    const { request, links, clock, statuses } = await watch([
      { join: { cursor: 'e1:0', snapshot: { status: enRoute } } },
      { join: { cursor: 'e2:7', snapshot: { status: enRoute, operator: place(6) } } },
    ]);
    links[0]!.send('request:status:updated', { ...status(5, 'arrived'), at: 5 });
    links[0]!.cut();
    await clock.advance(1_000);

    expect(links[1]!.cursors).toEqual(['e1:5']);
    expect(statuses).toEqual(['en_route', 'arrived']);
    expect(request.getSnapshot()).toMatchObject({ status: { status: 'arrived' }, operator: { timestamp: 6000 } });

    links[1]!.send('request:status:updated', { ...status(8, 'in_progress'), epoch: 'e2', at: 9 });
    expect(statuses).toEqual(['en_route', 'arrived', 'in_progress']);
  });

  it('polls every 5 s while no WebSocket can be had, and stops when one can', async () => {
    const { links, clock, shown, states, polled: cursors } = await watch(
      [
        { join: { cursor: 'e1:1' } }, { start: 'refuse' }, { start: 'refuse' }, { start: 'refuse' }, { start: 'refuse' },
        { join: { cursor: 'e1:5', recovered: true, missed: [missed(5)] } },
      ],
      'allowed', [polled(2, 2), polled(4, 3, 4)]);
    links[0]!.cut();
    await clock.advance(1_000);
    expect(states).toEqual(['live', 'catching-up', 'polling']);
    await clock.advance(5_500);

    expect(cursors).toEqual(['e1:1', 'e1:2']);
    expect(shown).toEqual([2000, 3000, 4000]);
    await clock.advance(60_000);
    expect(links.at(-1)!.cursors).toEqual(['e1:4']);
    expect(shown).toEqual([2000, 3000, 4000, 5000]);
    expect(states).toEqual(['live', 'catching-up', 'polling', 'live']);
    expect(cursors.length).toBeLessThan(6);
  });

  it('asks over HTTP within a second of a loss, whatever becomes of the WebSocket', async () => {
    const { links, clock, shown, states, polled: cursors } = await watch(
      [{ join: { cursor: 'e1:1' } }, { start: 'hang' }], 'allowed', [polled(2, 2)]);
    links[0]!.cut();
    await clock.advance(400);
    expect(states).toEqual(['live', 'catching-up']);
    expect(cursors).toEqual([]);

    await clock.advance(200);

    expect(states).toEqual(['live', 'catching-up', 'polling']);
    expect(cursors).toEqual(['e1:1']);
    expect(shown).toEqual([2000]);
  });

  it('asks nothing over HTTP when the WebSocket is back at once', async () => {
    const { links, clock, states, polled: cursors } = await watch([{ join: { cursor: 'e1:1' } }]);
    links[0]!.cut();
    await clock.advance(60_000);

    expect(states).toEqual(['live', 'catching-up', 'live']);
    expect(cursors).toEqual([]);
  });

  it('polls while the first WebSocket is neither refused nor opened', async () => {
    const { clock, states } = await watch([{ start: 'hang' }], 'allowed', [polled(2, 2)]);
    await clock.advance(3_000);
    expect(states).toEqual([]);
    await clock.advance(1_000);

    expect(states).toEqual(['polling']);
  });

  it('ignores the answer to a poll that comes after the join', async () => {
    let answer: (result: PollResult) => void = () => undefined;
    const fakes = fakeParts([{ start: 'refuse' }, { start: 'refuse' }, { join: { cursor: 'e1:5', snapshot: { status: status(5, 'arrived') } } }]);
    const request = watchRequest('http://localhost:8080', 'r', 't', {
      ...fakes.parts, poll: () => new Promise(resolve => { answer = resolve; }),
    });
    await fakes.clock.advance(5_000);
    expect(request.getSnapshot().connection).toBe('live');

    answer({ cursor: 'e1:2', snapshot: { status: enRoute }, missed: [], recovered: false });
    await settle();

    expect(request.getSnapshot()).toMatchObject({ connection: 'live', status: { status: 'arrived' } });
  });

  it('polls no faster after a poll was under way while a connection came and went', async () => {
    const answers: ((result: PollResult) => void)[] = [];
    const fakes = fakeParts([{ start: 'refuse' }, { start: 'refuse' }, { join: { cursor: 'e1:1' } }, { start: 'refuse' }]);
    const request = watchRequest('http://localhost:8080', 'r', 't', {
      ...fakes.parts, poll: () => new Promise(resolve => answers.push(resolve)),
    });
    await fakes.clock.advance(600);
    expect(answers).toHaveLength(1);
    await fakes.clock.advance(600);
    expect(request.getSnapshot().connection).toBe('live');
    fakes.links[2]!.cut();
    await fakes.clock.advance(600);
    expect(answers).toHaveLength(2);

    // The first of them ends only now; the second goes on alone.
    answers[0]!('failed');
    answers[1]!('failed');
    await fakes.clock.advance(4_900);
    expect(answers).toHaveLength(2);
    await fakes.clock.advance(200);
    expect(answers).toHaveLength(3);
    request.close();
  });

  it('says offline when neither answers, and denied when HTTP says so', async () => {
    const lost = await watch([{ start: 'refuse' }], 'unknown', ['failed']);
    await lost.clock.advance(20_000);
    expect(lost.states).toEqual(['offline']);

    const denied = await watch([{ start: 'refuse' }], 'unknown', [{ denied: 'token_invalid' }]);
    await denied.clock.advance(20_000);
    const attempts = denied.links.length;
    await denied.clock.advance(60_000);
    expect(denied.states).toEqual(['denied']);
    expect(denied.links.length).toBe(attempts);
    expect(denied.clock.count).toBe(0);
  });

  it('tells whether the operator is connected, until the end', async () => {
    const { request, links } = await watch([
      { join: { cursor: 'e1:3', snapshot: { status: enRoute, presence: { state: 'online', since: 5 } } } }]);
    const told: string[] = [];
    request.on('operator:presence', ({ state }) => told.push(state));

    links[0]!.send('operator:presence', { requestId: 'r', epoch: 'e1', seq: 4, state: 'offline', since: 7 });
    links[0]!.send('operator:presence', { requestId: 'r', epoch: 'e1', seq: 4, state: 'online', since: 8 });
    links[0]!.send('operator:presence', { requestId: 'r', epoch: 'e1', seq: 5, state: 'asleep', since: 8 });
    expect(told).toEqual(['offline']);
    expect(request.getSnapshot().presence).toEqual({ state: 'offline', since: 7, seq: 4 });

    links[0]!.send('request:status:updated', status(6, 'completed'));
    expect(request.getSnapshot().presence).toBeNull();
  });

  it('tells when the operator arrives, while they are on the way', async () => {
    const eta = (seq: number, computedAt: number, etaSeconds = 600) => ({
      requestId: 'r', epoch: 'e1', seq, etaSeconds, etaAt: computedAt + etaSeconds * 1_000, distanceMeters: 5_000, low: 400, high: 900,
      source: 'history', computedAt,
    });
    const { request, links } = await watch([{ join: { cursor: 'e1:3', snapshot: { status: enRoute, eta: eta(3, 1_000) } } }]);
    const told: unknown[] = [];
    request.on('request:eta', ({ etaSeconds, threshold, delayedSeconds }) => told.push([etaSeconds, threshold, delayedSeconds]));
    expect(request.getSnapshot().eta).toMatchObject({ etaSeconds: 600, low: 400, high: 900, distanceMeters: 5_000, source: 'history' });

    links[0]!.send('request:eta', { ...eta(4, 2_000, 300), threshold: 300, delayedSeconds: 420 });
    links[0]!.send('request:eta', eta(4, 2_500));
    links[0]!.send('request:eta', { ...eta(5, 3_000), etaAt: 'soon' });
    expect(told).toEqual([[300, 300, 420]]);

    links[0]!.send('request:status:updated', status(6, 'arrived'));
    expect(request.getSnapshot().eta).toBeNull();
    links[0]!.send('request:eta', eta(7, 4_000));
    expect(request.getSnapshot().eta).toBeNull();
    expect(told).toHaveLength(1);
  });
});
