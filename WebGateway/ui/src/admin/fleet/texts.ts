import type { FleetConnection } from './fleetLink';
import type { VehicleState } from './vehicleState';

/** Words of the map. */
export const texts = {
  title: 'Fleet',
  map: 'Map of the fleet',
  few: 'Vehicles in view',
  follow: 'Follow',
  unfollow: 'Stop following',
  close: 'Close',
  status: 'Does',
  speed: 'Speed',
  battery: 'Battery',
  seen: 'Last seen',
  place: 'Place',
  request: 'Request',
  device: 'Device',
  history: 'Last day',
  unknown: '–',
  inView: (count: number): string => count === 1 ? '1 vehicle in view' : `${count.toLocaleString('en')} vehicles in view`,
};

export const states: Readonly<Record<VehicleState, string>> = {
  free: 'Free', assigned: 'Assigned', en_route: 'On the way', arrived: 'Arrived', in_progress: 'At work', silent: 'Silent',
};

export const connections: Readonly<Record<FleetConnection, string>> = {
  connecting: 'Connecting', live: 'Live', 'catching-up': 'Reconnecting', denied: 'No access',
};

/** 7 → "7 s ago", 90 → "1 min ago". */
export const ago = (seconds: number): string => seconds < 60 ? `${Math.max(0, Math.floor(seconds))} s ago`
  : seconds < 3_600 ? `${Math.floor(seconds / 60)} min ago`
    : seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h ago` : `${Math.floor(seconds / 86_400)} days ago`;
