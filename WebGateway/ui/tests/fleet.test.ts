import { describe, expect, it } from 'vitest';
import { clustersOf } from '../src/admin/fleet/clusters';
import { Fleet, glideMs, shownAt } from '../src/admin/fleet/fleet';
import { readFrame, type VehicleNow } from '../src/admin/fleet/frame';
import { redrawMs } from '../src/admin/fleet/redraw';
import { readView, writeView } from '../src/admin/fleet/viewAddress';
import { rgb, stateOf } from '../src/admin/fleet/vehicleState';

const madeAt = 1_767_225_600_000;

/** Bytes as docs/wire-format.md has them. */
function frameBytes(isWhole: boolean, vehicles: readonly [key: number, lat: number, lng: number, age: number, heading: number, speed: number, status: number, battery: number][]): Uint8Array {
  const view = new DataView(new ArrayBuffer(16 + 24 * vehicles.length));
  view.setUint8(0, 1);
  view.setUint8(1, isWhole ? 1 : 0);
  view.setInt32(4, vehicles.length, true);
  view.setFloat64(8, madeAt, true);
  vehicles.forEach(([key, lat, lng, age, heading, speed, status, battery], i) => {
    const at = 16 + 24 * i;
    view.setInt32(at, key, true);
    view.setInt32(at + 4, Math.round(lat * 1e7), true);
    view.setInt32(at + 8, Math.round(lng * 1e7), true);
    view.setInt32(at + 12, age, true);
    view.setUint16(at + 16, heading, true);
    view.setUint16(at + 18, speed, true);
    view.setUint8(at + 20, status);
    view.setUint8(at + 21, battery);
  });
  return new Uint8Array(view.buffer);
}

const vehicle = (key: number, lat: number, lng: number, more: Partial<VehicleNow> = {}): VehicleNow =>
  ({ key, lat, lng, timestamp: madeAt, heading: null, speed: null, status: null, battery: null, ...more });
const everywhere = () => true;

describe('readFrame', () => {
  it('reads what the server writes', () => {
    const frame = readFrame(frameBytes(true, [
      [7, -33.8650001, 151.2, 1_500, 35_950, 1_325, 2, 80], [8, 1, -179.9999999, -200, 65_535, 65_535, 255, 255],
    ]));

    expect(frame.isWhole).toBe(true);
    expect(frame.vehicles).toEqual([
      { key: 7, lat: -33.8650001, lng: 151.2, timestamp: madeAt - 1_500, heading: 359.5, speed: 13.25, status: 'en_route', battery: 80 },
      { key: 8, lat: 1, lng: -179.9999999, timestamp: madeAt + 200, heading: null, speed: null, status: null, battery: null },
    ]);
  });

  it('refuses one of another version, and one that was cut off', () => {
    const bytes = frameBytes(false, [[1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(() => readFrame(bytes.subarray(0, 30))).toThrow('cut off');
    bytes[0] = 2;
    expect(() => readFrame(bytes)).toThrow('older than the server');
    expect(() => readFrame(new Uint8Array(3))).toThrow();
  });
});

describe('Fleet', () => {
  it('glides vehicles from where they are shown, and sets those that jump', () => {
    const fleet = new Fleet();
    fleet.take({ isWhole: true, vehicles: [vehicle(1, 50, 8)] }, 0, everywhere);
    fleet.take({ isWhole: false, vehicles: [vehicle(1, 50.001, 8)] }, 1_000, everywhere);
    expect(shownAt(fleet.find(1)!, 1_000).lat).toBe(50);
    expect(shownAt(fleet.find(1)!, 1_000 + glideMs / 2).lat).toBeCloseTo(50.0005, 6);

    fleet.take({ isWhole: false, vehicles: [vehicle(1, 50.002, 8)] }, 1_000 + glideMs / 2, everywhere);
    expect(shownAt(fleet.find(1)!, 1_000 + glideMs / 2).lat).toBeCloseTo(50.0005, 6);
    fleet.take({ isWhole: false, vehicles: [vehicle(1, 51, 8)] }, 5_000, everywhere);
    expect(shownAt(fleet.find(1)!, 5_000).lat).toBe(51);
  });

  it('forgets what has left the view, and with a whole frame what is not in it', () => {
    const fleet = new Fleet();
    fleet.take({ isWhole: true, vehicles: [vehicle(1, 50, 8), vehicle(2, 50, 9)] }, 0, everywhere);
    fleet.take({ isWhole: false, vehicles: [vehicle(1, 50, 8.01)] }, 1_000, ({ lng }) => lng < 8.5);
    expect([...fleet.all].map(({ now }) => now.key)).toEqual([1]);

    fleet.take({ isWhole: true, vehicles: [vehicle(3, 50, 8)] }, 2_000, everywhere);
    expect([...fleet.all].map(({ now }) => now.key)).toEqual([3]);
  });
});

describe('clustersOf', () => {
  it('gathers what is in one cell, in the middle of it, and leaves nobody out', () => {
    const clusters = clustersOf([{ x: 10, y: 10 }, { x: 20, y: 30 }, { x: 100, y: 10 }, { x: -1, y: 10 }], 72);

    expect(clusters).toEqual([{ x: 15, y: 20, count: 2 }, { x: 100, y: 10, count: 1 }, { x: -1, y: 10, count: 1 }]);
  });
});

describe('stateOf', () => {
  it('is what the vehicle does, while it reports', () => {
    expect(stateOf(vehicle(1, 0, 0), madeAt)).toBe('free');
    expect(stateOf(vehicle(1, 0, 0, { status: 'arrived' }), madeAt + 100_000)).toBe('arrived');
    expect(stateOf(vehicle(1, 0, 0, { status: 'arrived' }), madeAt + 130_000)).toBe('silent');
    expect(rgb(' #ff8000')).toEqual([1, 128 / 255, 0]);
    expect(rgb('#f80')).toEqual([1, 136 / 255, 0]);
  });
});

describe('the address of a view', () => {
  it('leads to the same place, and is left alone when it is none', () => {
    expect(readView(writeView({ zoom: 12.34, lat: -33.865, lng: 151.2 }))).toEqual({ zoom: 12.3, lat: -33.865, lng: 151.2 });
    for (const bad of ['', '#', '#12', '#12/48', '#12/99/8', '#99/48/8', '#a/b/c', '#12/48/8/1']) {
      expect(readView(bad)).toBeNull();
    }
  });
});

describe('a picture', () => {
  it('is drawn as often as something could be seen to have moved', () => {
    expect(redrawMs(18, 48)).toBeLessThan(16);
    expect(redrawMs(12, 48)).toBeCloseTo(160, -1);
    expect(redrawMs(11, 48) / redrawMs(12, 48)).toBeCloseTo(2);
    expect(redrawMs(12, 60) / redrawMs(12, 0)).toBeCloseTo(0.5);
  });
});
