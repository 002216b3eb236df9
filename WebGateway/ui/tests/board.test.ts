import { describe, expect, it } from 'vitest';
import { readAddress } from '../src/admin/address';
import { readPlace } from '../src/admin/board/place';
import { columnOf, nextOf, ofRow, type BoardRequest } from '../src/admin/board/request';
import { RequestTable } from '../src/admin/board/requestTable';
import { historyAddress } from '../src/admin/historyAddress';
import { minutes } from '../src/admin/board/texts';

const request = (requestId: string, more: Partial<BoardRequest> = {}): BoardRequest => ({
  requestId, status: 'pending', deviceId: null, pickup: { lat: 1, lng: 2 }, customerName: null, note: null,
  createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z', version: 1, ...more,
});

describe('the table of the board', () => {
  it('keeps the newest version of each request, in whatever order they come', () => {
    const table = new RequestTable();
    expect(table.put(request('a', { version: 2, status: 'assigned' }))).toBe(true);
    expect(table.put(request('a', { version: 1 }))).toBe(false);
    expect(table.put(request('a', { version: 2, note: 'the same again' }))).toBe(false);
    expect(table.put(request('a', { version: 3, status: 'en_route' }))).toBe(true);
    expect(table.byColumn().en_route.map(({ version }) => version)).toEqual([3]);
    expect(table.byColumn().pending).toEqual([]);
  });

  it('has who waits longest at the top, and what changed last at the top of the others', () => {
    const table = new RequestTable();
    table.put(request('late', { createdAt: '2026-01-01T02:00:00Z' }));
    table.put(request('early', { createdAt: '2026-01-01T01:00:00Z' }));
    table.put(request('old', { status: 'arrived', updatedAt: '2026-01-01T01:00:00Z' }));
    table.put(request('new', { status: 'arrived', updatedAt: '2026-01-01T03:00:00Z' }));
    expect(table.byColumn().pending.map(({ requestId }) => requestId)).toEqual(['early', 'late']);
    expect(table.byColumn().arrived.map(({ requestId }) => requestId)).toEqual(['new', 'old']);
  });

  it('forgets what has been over for long, never what runs', () => {
    const table = new RequestTable();
    for (let i = 0; i < 120; i++) {
      table.put(request(`over-${i}`, { status: 'completed', updatedAt: new Date(i * 1_000).toISOString() }));
      table.put(request(`runs-${i}`));
    }
    expect(table.byColumn().over).toHaveLength(50);
    expect(table.byColumn().over[0]!.requestId).toBe('over-119');
    expect(table.find('over-0')).toBeUndefined();
    expect(table.runningIds()).toHaveLength(120);
    expect(table.remove('runs-0')).toBe(true);
    expect(table.remove('runs-0')).toBe(false);
  });
});

describe('requests', () => {
  it('are read from rows', () => {
    expect(ofRow({
      id: 'a', status: 'en_route', device_id: 'truck', pickup_lat: 1, pickup_lng: 2, customer_name: 'Ada', note: null,
      created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:01Z', version: 4, arrival_noticed_at: null,
    })).toEqual(request('a', {
      status: 'en_route', deviceId: 'truck', customerName: 'Ada', updatedAt: '2026-01-01T00:00:01Z', version: 4,
      arrivalNoticedAt: null,
    }));
  });

  it('move one step at a time, and end in one column', () => {
    expect(['pending', 'assigned', 'en_route', 'arrived', 'in_progress', 'completed', 'cancelled']
      .map(status => nextOf(status as BoardRequest['status'])))
      .toEqual([null, 'en_route', 'arrived', 'in_progress', 'completed', null, null]);
    expect([columnOf('completed'), columnOf('cancelled'), columnOf('arrived')]).toEqual(['over', 'over', 'arrived']);
  });
});

describe('words and numbers', () => {
  it.each([
    ['48.13743, 11.57549', { lat: 48.13743, lng: 11.57549 }], [' -33.9;151 ', { lat: -33.9, lng: 151 }], ['1 2', { lat: 1, lng: 2 }],
    ['91, 0', null], ['0, 181', null], ['48.1', null], ['48,1, 11,5', null], ['', null],
  ])('%s is a place or none', (text, place) => expect(readPlace(text)).toEqual(place));

  it.each([[1, '1 min'], [90, '2 min'], [3_599, '1 h 0 min'], [3_720, '1 h 2 min']])(
    '%d s are %s', (seconds, text) => expect(minutes(seconds)).toBe(text));

  it('the history begins and ends with whole minutes', () => expect(historyAddress('device', 'truck-1', 90_000, 120_000)).toBe(
    '/history?device=truck-1&from=1970-01-01T00%3A01%3A00.000Z&to=1970-01-01T00%3A03%3A00.000Z'));

  it('the address names the view, the map without one', () => {
    expect(readAddress('').view).toBe('map');
    const { view, params } = readAddress('?view=requests&request=7');
    expect([view, params.toString()]).toEqual(['requests', 'request=7']);
  });
});
