import { describe, expect, it } from 'vitest';
import { agentSettings } from '../src/admin/access/agentSettings';
import { certificateBody } from '../src/admin/devices/certificate';
import { listPath, stateOf, type Device } from '../src/admin/devices/device';
import { hexLines, queryOf } from '../src/admin/letters/letter';
import { pathOf, rangeOf, roundUp } from '../src/admin/parts/chart';
import { bytes, duration } from '../src/admin/parts/texts';
import { mostStates, rateOf, remember, type SystemState } from '../src/admin/system/system';

const now = Date.parse('2026-11-20T12:00:00Z');
const device: Device = {
  deviceId: 'van-1', name: null, isEnabled: true, tenant: '', presence: 'offline', since: null, clientId: null, address: null,
  protocol: null, agent: null, fixTime: null, receivedAt: null, lagSeconds: null, lat: null, lng: null, battery: null,
  positionsPerMinute: 0,
};

describe('devices', () => {
  it('are disabled before anything else, then online, then silent', () => {
    const old = '2026-11-20T11:44:00Z';
    expect(stateOf({ ...device, isEnabled: false, presence: 'online' }, now).word).toBe('disabled');
    expect(stateOf({ ...device, presence: 'online', receivedAt: old }, now).word).toBe('online');
    expect(stateOf({ ...device, receivedAt: old }, now).word).toBe('silent');
    expect(stateOf({ ...device, receivedAt: '2026-11-20T11:46:00Z' }, now).word).toBe('offline');
    expect(stateOf({ ...device, presence: 'unknown' }, now).word).toBe('never');
  });

  it('are asked for with what was chosen', () => {
    expect(listPath('', '', null)).toBe('/api/device-health');
    expect(listPath('low_battery', 'a b', 'van-1')).toBe('/api/device-health?state=low_battery&search=a+b&after=van-1');
  });

  it('take a certificate or its hash', () => {
    expect(certificateBody('AA:bb\n cc ')).toEqual({ sha256: 'aabbcc' });
    expect(certificateBody(' -----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n')).toEqual(
      { pem: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' });
  });

  it('are told what to start with', () => expect(agentSettings('h', 'van-1', 's')).toBe(
    'export ARTMQTT_SECRET=s\nDeviceAgent run --device van-1 --server any://h --spool /var/lib/artmqtt'));
});

describe('charts', () => {
  it('reach up to a round number', () => expect([0, 0.3, 1, 3, 7, 11, 480].map(roundUp)).toEqual([1, 0.5, 1, 5, 10, 20, 500]));

  it('draw no line over a gap or a moment without a value', () => {
    const samples = [0, 10, 20, 60, 70].map((at, i) => ({ at, value: i === 4 ? null : 5 }));
    expect(pathOf(samples, rangeOf(samples, 0, 100), 100, 50, 15)).toBe('M0.0 0.0h0.1L10.0 0.0L20.0 0.0M60.0 0.0h0.1');
    expect(pathOf([], rangeOf([]), 100, 50, 15)).toBe('');
  });
});

describe('dead letters', () => {
  it('are shown byte by byte when they are no text', () => expect(hexLines('00414200ff'.padEnd(34, '7'))).toBe(
    '0000  00 41 42 00 ff 77 77 77 77 77 77 77 77 77 77 77  .AB..wwwwwwwwwww\n'
    + `0010  ${'77'.padEnd(47)}  w`));

  it('are chosen by reason and device', () => {
    expect(queryOf({ code: '', device: '' })).toBe('');
    expect(queryOf({ code: 'a', device: 'b' }, { before: '7' })).toBe('?code=a&device=b&before=7');
  });
});

it('writes sizes and times in short', () => {
  expect([0, 1023, 1536, 3 * 1024 ** 3].map(bytes)).toEqual(['0 B', '1,023 B', '1.5 KB', '3 GB']);
  expect([0.44, -3, 59.9, 90, 7_300, 200_000].map(duration)).toEqual(['0.4 s', '-3 s', '59 s', '1 min', '2 h', '2 days']);
});

describe('the system page', () => {
  const at = (second: number, written: number | undefined): SystemState => ({
    node: 'n', version: '1', at: new Date(now + second * 1_000).toISOString(), uptimeSeconds: 100 + second, memoryBytes: 1,
    status: 'healthy', checks: [], values: written === undefined ? {} : { written }, store: null,
  });

  it('makes rates of counters, and none of what the node does not have', () => {
    const states = [at(0, 10), at(5, 60), at(10, 60)];
    expect(rateOf(states, 'written').map(({ value }) => value)).toEqual([10, 0]);
    expect(rateOf([at(0, undefined), at(5, undefined)], 'written').map(({ value }) => value)).toEqual([null]);
  });

  it('begins anew when the node did, and keeps no more than it shows', () => {
    expect(remember([at(0, 1), at(5, 1)], at(-50, 0))).toHaveLength(1);
    let states: readonly SystemState[] = [];
    for (let second = 0; second < mostStates + 20; second++) {
      states = remember(states, at(second, 1));
    }
    expect(states).toHaveLength(mostStates);
    expect(states.at(-1)).toEqual(at(mostStates + 19, 1));
  });
});
