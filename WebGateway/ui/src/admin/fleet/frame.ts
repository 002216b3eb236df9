import type { Place, RequestStatus } from '@artmqtt/client';

/** A vehicle as a frame tells of it (docs/wire-format.md, "The whole fleet"). */
export interface VehicleNow extends Place {
  readonly key: number;
  /** Fix time, ms since 1970. */
  readonly timestamp: number;
  /** Degrees from true north; null when not known. */
  readonly heading: number | null;
  /** m/s; null when not known. */
  readonly speed: number | null;
  /** Of its request; null without one. */
  readonly status: RequestStatus | null;
  /** Percent; null when not known. */
  readonly battery: number | null;
}

export interface Frame {
  /** Whether it holds everything in view: what was known before is to be forgotten. */
  readonly isWhole: boolean;
  readonly vehicles: readonly VehicleNow[];
}

const formatVersion = 1;
const headerBytes = 16;
const vehicleBytes = 24;
const unknown = 65_535;
const statuses: readonly RequestStatus[] = ['pending', 'assigned', 'en_route', 'arrived', 'in_progress'];

/**
 * Reads a frame.
 * @throws Error when it is cut off, or of a version that this page does not know.
 */
export function readFrame(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < headerBytes || view.getUint8(0) !== formatVersion) {
    throw new Error('This page is older than the server: load it again.');
  }
  const count = view.getInt32(4, true);
  if (view.byteLength < headerBytes + count * vehicleBytes) {
    throw new Error('A frame of the fleet was cut off.');
  }
  const madeAt = view.getFloat64(8, true);
  const vehicles = Array.from({ length: count }, (_, i) => readVehicle(view, headerBytes + i * vehicleBytes, madeAt));
  return { isWhole: view.getUint8(1) === 1, vehicles };
}

const readVehicle = (view: DataView, at: number, madeAt: number): VehicleNow => ({
  key: view.getInt32(at, true),
  lat: view.getInt32(at + 4, true) / 1e7,
  lng: view.getInt32(at + 8, true) / 1e7,
  timestamp: madeAt - view.getInt32(at + 12, true),
  heading: scaled(view.getUint16(at + 16, true)),
  speed: scaled(view.getUint16(at + 18, true)),
  status: statuses[view.getUint8(at + 20)] ?? null,
  battery: view.getUint8(at + 21) <= 100 ? view.getUint8(at + 21) : null,
});

const scaled = (value: number): number | null => value === unknown ? null : value / 100;
