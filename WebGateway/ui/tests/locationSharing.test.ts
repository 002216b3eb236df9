import { SendError, type Place, type PositionToSend } from '@artmqtt/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isSharing, LocationSharing, type SharingState } from '../src/track/locationSharing';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Phone {
  readonly watches = new Map<number, { found: PositionCallback; failed: PositionErrorCallback }>();
  private last = 0;

  watchPosition = (found: PositionCallback, failed?: PositionErrorCallback | null): number => {
    this.watches.set(++this.last, { found, failed: failed! });
    return this.last;
  };

  clearWatch = (id: number): void => void this.watches.delete(id);

  moveTo(lat: number): void {
    const coords = { latitude: lat, longitude: 8, accuracy: 5, speed: null, heading: Number.NaN };
    this.watches.forEach(({ found }) => found({ coords, timestamp: lat * 1_000 } as unknown as GeolocationPosition));
  }

  fail(code: number): void {
    [...this.watches.values()].forEach(({ failed }) => failed({ code } as GeolocationPositionError));
  }
}

function set(send: (position: PositionToSend) => Promise<void> = () => Promise.resolve(), parts = {}) {
  const phone = new Phone();
  const sent: number[] = [];
  const states: SharingState[] = [];
  const places: (Place | null)[] = [];
  const sharing = new LocationSharing({
    geolocation: phone, isSecure: true,
    send: position => {
      sent.push(position.lat);
      return send(position);
    },
    onState: state => states.push(state), onPlace: place => places.push(place), ...parts,
  });
  return { phone, sent, states, places, sharing };
}

it('asks for nothing before the yes, sends until the no, and nothing after', async () => {
  const { phone, sent, states, places, sharing } = set();
  expect([phone.watches.size, sharing.state]).toEqual([0, 'off']);

  sharing.start();
  phone.moveTo(1);
  await vi.advanceTimersByTimeAsync(2_000);
  phone.moveTo(2);
  await vi.advanceTimersByTimeAsync(0);
  const late = [...phone.watches.values()][0]!;
  sharing.stop();
  late.found({ coords: { latitude: 3, longitude: 8, accuracy: 5 }, timestamp: 3 } as GeolocationPosition);
  await vi.runAllTimersAsync();

  expect([sent, states, phone.watches.size]).toEqual([[1, 2], ['locating', 'on', 'stopped'], 0]);
  expect(places).toEqual([{ lat: 1, lng: 8 }, { lat: 2, lng: 8 }, null]);
});

it('sends one after the other, each time the newest', async () => {
  const { phone, sent, sharing } = set();
  sharing.start();
  [1, 2, 3, 4].forEach(lat => phone.moveTo(lat));
  await vi.advanceTimersByTimeAsync(1_999);
  expect(sent).toEqual([1]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual([1, 4]);
});

it('leaves out what the phone does not know, and keeps its time', async () => {
  let last: PositionToSend | undefined;
  const { phone, sharing } = set(position => {
    last = position;
    return Promise.resolve();
  });
  sharing.start();
  phone.moveTo(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(last).toEqual({ lat: 1, lng: 8, accuracy: 5, timestamp: 1_000 });
});

it('tries again what could not be sent, says so, and gives up on a refusal', async () => {
  const errors = [new SendError('away', null, true), new Error('broken'), null, new SendError('no', 'publish_not_allowed', false)];
  const { phone, sent, states, sharing } = set(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve();
  });
  sharing.start();
  phone.moveTo(1);
  await vi.advanceTimersByTimeAsync(6_000);
  expect([sent, states]).toEqual([[1, 1, 1], ['locating', 'unsent', 'on']]);

  phone.moveTo(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([sharing.state, phone.watches.size]).toEqual(['refused', 0]);
});

it.each([[1, 'denied', 0], [2, 'lost', 1], [3, 'lost', 1]])('says what the browser says: %d is %s', (code, state, watches) => {
  const { phone, places, sharing } = set();
  sharing.start();
  phone.fail(code);
  expect([sharing.state, phone.watches.size, isSharing(sharing.state)]).toEqual([state, watches, watches === 1]);
  expect(places).toEqual(watches === 1 ? [] : [null]);
});

it.each([[{ isSecure: false }, 'insecure'], [{ geolocation: undefined }, 'missing']])('%j is %s', (parts, state) => {
  const { phone, sharing } = set(undefined, parts);
  sharing.start();
  expect([sharing.state, phone.watches.size]).toEqual([state, 0]);
});

it('can be switched on again while the last position is still on its way', async () => {
  let release: () => void = () => undefined;
  const { phone, sent, states, sharing } = set(() => new Promise(resolve => { release = resolve; }));
  sharing.start();
  phone.moveTo(1);
  sharing.stop();
  sharing.start();
  phone.moveTo(2);
  release();
  await vi.advanceTimersByTimeAsync(0);
  release();
  await vi.advanceTimersByTimeAsync(0);
  expect([sent, states]).toEqual([[1, 2], ['locating', 'stopped', 'locating', 'on']]);
});
