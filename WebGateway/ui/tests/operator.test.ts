import { describe, expect, it } from 'vitest';
import { basic, readCredentials, readSignInLink } from '../src/operator/credentials';
import { isLow, stretch } from '../src/operator/device/battery';
import { formatAge, formatMinutes } from '../src/operator/format';
import { readControl } from '../src/operator/gps/control';
import { FixFilter } from '../src/operator/gps/fixFilter';
import { readFix } from '../src/operator/gps/receiver';
import { readLive } from '../src/operator/jobs/live';
import { mapLink } from '../src/operator/jobs/mapLink';
import { inOrder } from '../src/operator/jobs/steps';
import { backoff } from '../src/operator/send/backoff';

describe('readSignInLink', () => {
  it.each([
    ['#van-1:abc_DEF-9', { deviceId: 'van-1', secret: 'abc_DEF-9' }],
    ['#van-1:a%3Ab', { deviceId: 'van-1', secret: 'a:b' }],
  ])('reads %s', (fragment, expected) => expect(readSignInLink(fragment)).toEqual(expected));

  it.each(['', '#', '#van-1', '#van-1:', '#:secret', '#van 1:secret', '#%E0%A4%A:x'])(
    'refuses %s', fragment => expect(readSignInLink(fragment)).toBeNull());
});

it('reads what people type, with their blanks and capitals', () => {
  expect(readCredentials(' Van-1 ', ' s ')).toEqual({ deviceId: 'van-1', secret: 's' });
});

it('signs in with id and secret', () => {
  expect(atob(basic({ deviceId: 'van-1', secret: 'ü' }).slice(6))).toBe('van-1:Ã¼');
});

describe('FixFilter', () => {
  const control = { requestId: null, intervalMs: 2_000, minDisplacementM: 5 };
  // 0.00001 degrees are 1.1 m.
  const at = (ms: number, metres: number, accuracy = 4) => ({ lat: 48 + metres / 111_195, lng: 11, timestamp: ms, accuracy });

  it.each([
    ['too soon', at(1_000, 50), false],
    ['not far enough', at(3_000, 4), false],
    ['far enough', at(2_000, 6), true],
    ['a little early', at(1_850, 6), true],
    ['a heartbeat', at(30_000, 0), true],
    ['less than it is unsure of', at(3_000, 20, 60), false],
    ['from before', at(-5_000, 50), false],
    ['the same', at(0, 0), false],
  ])('judges what is %s', (_, fix, expected) => {
    const filter = new FixFilter();
    expect(filter.take(at(0, 0), control, 0)).toBe(true);
    expect(filter.take(fix, control, fix.timestamp)).toBe(expected);
  });

  it('says when a place that came too soon is to be asked about again', () => {
    const filter = new FixFilter();
    filter.take(at(0, 0), control, 0);
    expect(filter.take(at(500, 50), control, 500)).toBe(false);
    expect(filter.tooSoonFor(control, 500)).toBe(1_300);
    expect(filter.take(at(500, 50), control, 1_800)).toBe(true);
    expect(filter.take(at(500, 50), control, 60_000)).toBe(false);
  });

  it('measures from the last one that was taken', () => {
    const filter = new FixFilter();
    const taken = Array.from({ length: 20 }, (_, i) => at(i * 1_000, i * 3))
      .filter(fix => filter.take(fix, control, fix.timestamp));
    expect(taken.map(fix => fix.timestamp / 1_000)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });
});

it('leaves out what a receiver does not know, or cannot be', () => {
  const coords = {
    latitude: 48.1, longitude: 11.5, accuracy: 7.123, altitude: null, altitudeAccuracy: null, heading: NaN, speed: -1,
    toJSON: () => ({}),
  };
  expect(readFix({ coords, timestamp: 1_000.7, toJSON: () => ({}) })).toEqual({ lat: 48.1, lng: 11.5, timestamp: 1_001, accuracy: 7.12 });
});

describe('readControl', () => {
  it('reads what the server says', () => {
    expect(readControl('{"requestId":"x","intervalMs":2000,"minDisplacementM":5}'))
      .toEqual({ requestId: 'x', intervalMs: 2_000, minDisplacementM: 5 });
  });

  it.each(['', '{}', '[]', 'null', '{"intervalMs":0,"minDisplacementM":5}', '{"intervalMs":"1","minDisplacementM":5}'])(
    'refuses %s', json => expect(readControl(json)).toBeNull());
});

describe('readLive', () => {
  it.each([
    ['art/requests/r/status', '{"status":"arrived"}', { requestId: 'r', news: { status: 'arrived' } }],
    ['art/requests/r/eta', '{"etaAt":7}', { requestId: 'r', news: { etaAt: 7 } }],
    ['art/requests/r/eta', '', { requestId: 'r', news: { etaAt: undefined } }],
    ['art/requests/r/customer/position', '{"lat":1,"lng":2}', { requestId: 'r', news: { customer: { lat: 1, lng: 2 } } }],
    ['art/requests/r/customer/position', '{"lat":1}', null],
    ['art/devices/d/presence', '{"state":"online"}', null],
  ])('reads %s %s', (topic, payload, expected) => expect(readLive(topic, payload)).toEqual(expected));
});

it('sends less often on a low battery only', () => {
  expect([null, { percent: 14, isCharging: true }, { percent: 15, isCharging: false }].map(isLow)).toEqual([false, false, false]);
  expect(stretch({ percent: 14, isCharging: false })).toBe(4);
});

it('waits longer from failure to failure, up to the longest', () => {
  expect([0, 1, 2, 3, 20].map(failures => backoff(failures, 30_000, () => 1))).toEqual([1_000, 2_000, 4_000, 8_000, 30_000]);
  expect(backoff(1, 30_000, () => 0)).toBe(1_000);
});

it('opens the map of the phone', () => {
  const place = { lat: 48.1, lng: -11.5 };
  expect(mapLink(place, 'Mozilla/5.0 (Linux; Android 15)')).toBe('geo:48.100000,-11.500000?q=48.100000,-11.500000');
  expect(mapLink(place, 'Mozilla/5.0 (iPhone)')).toBe('https://maps.apple.com/?daddr=48.100000,-11.500000');
  expect(mapLink(place, 'Mozilla/5.0 (X11; Linux)')).toContain('openstreetmap.org/?mlat=48.100000&mlon=-11.500000');
});

it('shows what is under way before what waits', () => {
  const jobs = [{ status: 'assigned', id: 1 }, { status: 'en_route', id: 2 }, { status: 'assigned', id: 3 }] as const;
  expect(inOrder(jobs).map(job => job.id)).toEqual([2, 1, 3]);
});

it('says times as people do', () => {
  expect([-1, 12, 90, 7_300, 200_000].map(formatAge)).toEqual(['0 s', '12 s', '1 min', '2 h', '2 days']);
  expect([1_000, 90_000, 3_900_000].map(formatMinutes)).toEqual(['1 min', '2 min', '1 h 5 min']);
});
