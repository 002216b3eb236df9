import type { Column } from './request';

/** Words of the board. */
export const texts = {
  title: 'Requests',
  newRequest: 'New request',
  empty: 'None',
  more: (count: number): string => `and ${count.toLocaleString('en')} more`,
  noName: 'Customer',
  unassigned: 'Nobody assigned',
  arrivalNoticed: 'Seems to have arrived',
  connecting: 'Connecting',
  live: 'Live',
  'catching-up': 'Reconnecting',
  hint: 'Choose a request to see who is near. Drag a request onto a vehicle, or a vehicle onto a request, to assign it.',
  nearest: 'Nearest vehicles',
  busy: 'Also those with another request',
  nobody: 'No vehicle was seen lately that could serve it.',
  looking: 'Looking who is near',
  assign: 'Assign',
  reassign: 'Assign instead',
  assigned: 'Assigned',
  isBusy: 'has another request',
  otherVehicle: 'Another vehicle',
  moveOn: { en_route: 'Is on the way', arrived: 'Has arrived', in_progress: 'Has begun', completed: 'Is done' } as Record<string, string>,
  cancel: 'Cancel request',
  cancelSure: 'Cancel this request? The customer is told, and the vehicle is free. This cannot be undone.',
  keep: 'Keep it',
  note: 'Note for the operator',
  saveNote: 'Save note',
  link: 'New link for the customer',
  linkDetail: 'It shows the operator until the job is done. It is shown this once.',
  customerLink: 'Link for the customer',
  onMap: 'Pickup on the map',
  device: 'Device',
  route: 'Route',
  inHistory: 'In the history',
  log: 'What happened',
  inLog: 'In the event log',
  close: 'Close',
  since: 'Waiting since',
  changed: 'Changed',
  customer: 'Customer',
  pickup: 'Pickup point',
  pickupDetail: 'Latitude, longitude; for example 48.13743, 11.57549',
  pickupWrong: 'Two numbers: latitude -90 to 90, longitude -180 to 180.',
  create: 'Create request',
  created: 'Created. This link is for the customer; it is shown this once:',
  meanwhile: 'Somebody else has changed this request meanwhile. Look again.',
};

export const columnTitles: Readonly<Record<Column, string>> = {
  pending: 'Waiting', assigned: 'Assigned', en_route: 'On the way', arrived: 'Arrived', in_progress: 'At work', over: 'Over',
};

/** 59 → "1 min", 3700 → "1 h 2 min". */
export const minutes = (seconds: number): string => {
  const all = Math.max(1, Math.round(seconds / 60));
  return all < 60 ? `${all} min` : `${Math.floor(all / 60)} h ${all % 60} min`;
};
