import { describe, expect, it } from 'vitest';
import { SendError, TrackingClient, type TimedPlace } from '../src/index.js';
import { fakeParts, place, settle, status, type Answer } from './fakes.js';

function client(answers: Answer[] = [{}], posting?: () => Promise<void>, route: readonly TimedPlace[] = []) {
  const fakes = fakeParts(answers, 'unknown', ['failed'], posting, route);
  return { client: new TrackingClient('http://localhost:8080', 'secret-token', fakes.parts), ...fakes };
}

const of = (requestId: string, event: object) => ({ ...event, requestId });

describe('TrackingClient', () => {
  it('watches several requests on one connection, each with its own events', async () => {
    const { client: tracking, links } = client();
    tracking.subscribe('a', () => undefined);
    tracking.subscribe('b', () => undefined);
    tracking.subscribe('a', () => undefined);
    await settle();

    links[0]!.send('operator:location', of('a', place(1)));
    links[0]!.send('operator:location', of('b', place(2)));

    expect(links).toHaveLength(1);
    expect(links[0]!.calls.map(([method, id]) => [method, id])).toEqual([['join:request', 'a'], ['join:request', 'b']]);
    expect(tracking.getSnapshot('a').operator?.timestamp).toBe(1000);
    expect(tracking.getSnapshot('b').operator?.timestamp).toBe(2000);
    expect(tracking.getSnapshot('c')).toMatchObject({ connection: 'connecting', operator: null, trail: [] });
  });

  it('leaves a request a second after the last who asked, and the connection with the last request', async () => {
    const { client: tracking, links, clock } = client();
    const ends = [tracking.subscribe('a', () => undefined), tracking.subscribe('a', () => undefined)];
    const endOfB = tracking.subscribe('b', () => undefined);
    await settle();

    ends.forEach(end => end());
    ends.forEach(end => end());
    await clock.advance(900);
    const again = tracking.subscribe('a', () => undefined);
    await clock.advance(5_000);
    expect(links[0]!.calls.some(([method]) => method === 'leave:request')).toBe(false);

    again();
    await clock.advance(1_000);
    expect(links[0]!.calls.at(-1)!.slice(0, 2)).toEqual(['leave:request', 'a']);
    expect(links[0]!.stopped).toBe(0);
    endOfB();
    await clock.advance(1_000);
    expect(links[0]!.stopped).toBe(1);
    expect(links).toHaveLength(1);
  });

  it('joins everything again after the connection broke', async () => {
    const { client: tracking, links, clock } = client();
    tracking.subscribe('a', () => undefined);
    tracking.subscribe('b', () => undefined);
    await settle();
    links[0]!.cut();
    await settle();
    expect(tracking.getSnapshot('a').connection).toBe('catching-up');
    await clock.advance(1_000);

    expect(links).toHaveLength(2);
    expect(links[1]!.calls.map(([method, id]) => [method, id])).toEqual([['join:request', 'a'], ['join:request', 'b']]);
    expect(tracking.getSnapshot('b').connection).toBe('live');
  });

  it('keeps the way of the operator until it may not be seen any more', async () => {
    const { client: tracking, links } = client([{ join: { snapshot: { status: { status: 'en_route', at: 1, by: '' } } } }]);
    let calls = 0;
    tracking.subscribe('a', () => calls++);
    await settle();
    [1, 2, 3].forEach(seq => links[0]!.send('operator:location', of('a', place(seq))));

    const trail = tracking.getSnapshot('a').trail;
    expect(trail.map(point => point.timestamp)).toEqual([1000, 2000, 3000]);
    links[0]!.send('operator:presence', of('a', { epoch: 'e1', seq: 4, state: 'online', since: 1 }));
    expect(tracking.getSnapshot('a').trail).toBe(trail);
    expect(calls).toBe(5);

    links[0]!.send('request:status:updated', of('a', status(5, 'completed')));
    expect(tracking.getSnapshot('a').trail).toEqual([]);
  });

  it('puts the stored way in front of the live one, and asks again after each break', async () => {
    const stored = [{ lat: 52, lng: 13, timestamp: 100 }, { lat: 52.0005, lng: 13, timestamp: 500 }];
    const { client: tracking, links, clock, routes } = client(
      [{ join: { snapshot: { status: { status: 'en_route', at: 1, by: '' } } } }], undefined, stored);
    tracking.subscribe('a', () => undefined);
    await settle();
    links[0]!.send('operator:location', of('a', place(1)));

    expect(tracking.getSnapshot('a').trail.map(point => point.timestamp)).toEqual([100, 500, 1000]);
    expect(routes).toEqual(['http://localhost:8080/api/requests/a']);
    links[0]!.cut();
    await clock.advance(10_000);
    expect(routes).toHaveLength(2);
  });

  it('asks for no way where nobody may see it, or nobody wants it', async () => {
    const pending = client([{ join: { snapshot: { status: { status: 'pending', at: 1, by: '' } } } }]);
    pending.client.subscribe('a', () => undefined);
    const fakes = fakeParts([{ join: { snapshot: { status: { status: 'en_route', at: 1, by: '' } } } }]);
    const unwanted = new TrackingClient('http://localhost:8080', 't', { ...fakes.parts, route: null });
    unwanted.subscribe('a', () => undefined);
    await settle();

    expect(pending.routes).toEqual([]);
    expect(unwanted.getSnapshot('a').connection).toBe('live');
  });

  it('sends positions over the hub while it is live, and over HTTP otherwise', async () => {
    const { client: tracking, links, posted } = client();
    await tracking.sendCustomerLocation('a', { lat: 1, lng: 2, timestamp: 3 });
    tracking.subscribe('a', () => undefined);
    await settle();
    await tracking.sendCustomerLocation('a', { lat: 4, lng: 5, timestamp: 6 });

    expect(posted).toEqual([
      { url: 'http://localhost:8080/api/requests/a/positions', position: { lat: 1, lng: 2, timestamp: 3 } }]);
    expect(links[0]!.calls.at(-1)).toEqual(['customer:location', 'a', { lat: 4, lng: 5, timestamp: 6 }]);
  });

  it('tells why a position was refused, and tries the other way when that may help', async () => {
    const refused = client([{ sendError: 'HubException: position_malformed: lat is missing' }]);
    refused.client.subscribe('a', () => undefined);
    await settle();
    await expect(refused.client.sendCustomerLocation('a', { lat: 1, lng: 2 }))
      .rejects.toMatchObject({ name: 'SendError', code: 'position_malformed', message: 'lat is missing', isTemporary: false });
    expect(refused.posted).toEqual([]);

    const moved = client(
      [{ sendError: 'HubException: positions_not_taken: not here' }],
      () => Promise.reject(new SendError('No.', null, true)));
    moved.client.subscribe('a', () => undefined);
    await settle();
    await expect(moved.client.sendCustomerLocation('a', { lat: 1, lng: 2 })).rejects.toMatchObject({ message: 'No.' });
    expect(moved.posted).toHaveLength(1);
  });
});
