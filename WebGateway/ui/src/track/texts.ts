import type { ConnectionState, RequestStatus } from '@artmqtt/client';

/** Every word the customer reads, in one place. */
export const productName = 'ArtMqtt';

/** The way of a request, in order; `cancelled` stands apart. */
export const steps: readonly { readonly status: RequestStatus; readonly label: string }[] = [
  { status: 'pending', label: 'Requested' },
  { status: 'assigned', label: 'Assigned' },
  { status: 'en_route', label: 'On the way' },
  { status: 'arrived', label: 'Arrived' },
  { status: 'in_progress', label: 'In progress' },
  { status: 'completed', label: 'Completed' },
];

export const headlines: Record<RequestStatus, string> = {
  pending: 'Finding someone for you',
  assigned: 'Your operator is assigned',
  en_route: 'Your operator is on the way',
  arrived: 'Your operator has arrived',
  in_progress: 'Work is in progress',
  completed: 'All done',
  cancelled: 'This request was cancelled',
};

export const details: Record<RequestStatus, string> = {
  pending: 'We are looking for the nearest operator. You can leave this page open.',
  assigned: 'They will set off shortly.',
  en_route: 'Follow them on the map.',
  arrived: 'Please meet them at the pickup point.',
  in_progress: 'We will tell you here when it is finished.',
  completed: 'Thank you. Live tracking for this request has ended.',
  cancelled: 'Live tracking has ended. Nobody is on the way any more.',
};

/** The same for somebody who looks on: it is not their operator. */
export const viewerHeadlines: Record<RequestStatus, string> = {
  pending: 'Nobody is assigned yet',
  assigned: 'The operator is assigned',
  en_route: 'The operator is on the way',
  arrived: 'The operator has arrived',
  in_progress: 'Work is in progress',
  completed: 'All done',
  cancelled: 'This request was cancelled',
};

export const viewerDetails: Record<RequestStatus, string> = {
  pending: 'You can leave this page open.',
  assigned: 'They will set off shortly.',
  en_route: 'Follow them on the map.',
  arrived: 'They are at the pickup point.',
  in_progress: 'You can leave this page open.',
  completed: 'This link has ended with the request.',
  cancelled: 'This link has ended with the request.',
};

/** What is said instead when a shared link opens nothing any more, by the code of the error. */
export const denials: Readonly<Record<string, { readonly headline: string; readonly detail: string }>> = {
  share_ended: { headline: 'This link has ended', detail: 'What was shared with you is over. Nothing is shown any more.' },
  share_expired: { headline: 'This link has expired', detail: 'Ask whoever sent it to you for a new one.' },
  share_revoked: { headline: 'This link was revoked', detail: 'Whoever sent it to you has taken it back.' },
};

export const connections: Record<ConnectionState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  'catching-up': 'Catching up',
  polling: 'Live, every 5 s',
  offline: 'Offline',
  denied: 'No access',
};

export const texts = {
  loading: 'Loading your request',
  loadingDetail: 'One moment.',
  ended: 'Ended',
  noSignal: 'No signal',
  badLink: 'This link is not complete',
  badLinkDetail: 'Open it again from the message you got, or copy the whole address.',
  deniedLink: 'This link is no longer valid',
  deniedLinkDetail: 'It may have expired, or the request has ended. Ask the service for a new link.',
  offlineDetail: 'No connection. This page goes on trying by itself.',
  recentre: 'Recentre',
  operator: 'Operator',
  pickup: 'Pickup point',
  customer: 'You',
  map: 'Map with your operator and the pickup point',
  away: 'away, in a straight line',
  anyMoment: 'Any moment',
  etaAt: (time: string) => `arrives about ${time}`,
  etaBetween: (low: string, high: string) => `arrives ${low}–${high}`,
  etaAsOf: (time: string) => `as expected at ${time}`,
  later: (time: string) => `About ${time} later than first expected`,
  since: (time: string) => `Since ${time}`,
  waitingForPosition: 'Waiting for the first position',
  updatedNow: 'Position up to date',
  lastSeen: (age: string) => `Last seen ${age} ago`,
  title: (headline: string) => `${headline} · ${productName}`,
};

/** 7 → "7 s", 90 → "1 min", 7,300 → "2 h". */
export function formatAge(seconds: number): string {
  return seconds < 60 ? `${Math.floor(seconds)} s`
    : seconds < 3_600 ? `${Math.floor(seconds / 60)} min`
      : seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} days`;
}

/** 7 → "7 min", 65 → "1 h 5 min". */
export function formatMinutes(minutes: number): string {
  const rest = minutes % 60;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`;
}

/** 84 → "80 m", 1,240 → "1.2 km", 23,400 → "23 km". */
export function formatDistance(metres: number): string {
  return metres < 995 ? `${Math.round(metres / 10) * 10} m`
    : metres < 9_950 ? `${(metres / 1_000).toFixed(1)} km` : `${Math.round(metres / 1_000)} km`;
}

export const formatTime = (ms: number): string =>
  new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
