import type { RequestStatus } from '@artmqtt/client';
import type { GpsProblem } from './gps/receiver';
import type { Way } from './send/publisher';
import { formatCount } from './format';

/** Every word the operator reads, in one place. */
export const statuses: Record<RequestStatus, string> = {
  pending: 'Waiting',
  assigned: 'New',
  en_route: 'On the way',
  arrived: 'Arrived',
  in_progress: 'In progress',
  completed: 'Completed',
  cancelled: 'Cancelled',
};

/** What the button says that makes a job this. */
export const steps: Partial<Record<RequestStatus, string>> = {
  en_route: 'Accept and set off',
  arrived: 'I have arrived',
  in_progress: 'Start work',
  completed: 'Complete',
};

export const ways: Record<Way, string> = {
  off: 'Off',
  connecting: 'Connecting',
  mqtt: 'Live',
  http: 'Live over HTTP',
  offline: 'Offline',
  refused: 'Not accepted',
};

export const problems: Record<GpsProblem | 'storage', string> = {
  denied: 'This page may not see where you are. Allow location for this site in the settings of the browser or phone.',
  unavailable: 'The phone does not know where it is. Is location switched on?',
  timeout: 'No position yet. Outdoors it goes faster.',
  insecure: 'Positions need a secure address. Open this page with https://.',
  unsupported: 'This browser cannot tell where it is.',
  storage: 'The phone keeps nothing more: its storage is full, or this is a private window. Positions may be lost.',
};

/** Why a sign-in failed, or does not count any more. */
const refusals: Record<string, string> = {
  token_invalid: 'The device id or its secret is wrong. It may have been replaced: ask your dispatcher.',
  device_disabled: 'This device is disabled. Ask your dispatcher.',
  too_many_attempts: 'Too many attempts. Try again in a minute.',
  token_unverifiable: 'The server is just starting. Try again in a moment.',
  unreachable: 'No answer from the server. Try again when there is a connection.',
  incomplete: 'Enter the device id, small letters and digits, and its secret.',
};

/** Why a job did not move on. */
const moves: Record<string, string> = {
  version_mismatch: 'The job was changed meanwhile. Look again.',
  status_not_allowed: 'The job was changed meanwhile. Look again.',
  request_not_found: 'This job is not yours any more.',
  unreachable: 'No answer from the server. The job has not changed; try again.',
};

export const texts = {
  product: 'ArtMqtt Operator',
  loading: 'One moment.',
  noStorage: 'This browser keeps nothing, so positions could be lost. Leave the private window, or use another browser.',

  signInTitle: 'Sign in',
  signInDetail: 'With the link from your dispatcher, or with what they gave you.',
  deviceId: 'Device id',
  secret: 'Secret',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  signInAgain: 'Sign in again',
  refusal: (code: string) => refusals[code] ?? `The server did not sign you in (${code}).`,
  otherDevice: (deviceId: string) => `You opened a link of another device. This browser is signed in as ${deviceId}: sign out first.`,

  onDuty: 'On duty',
  offDuty: 'Off duty',
  dutySwitch: 'On duty',
  onDutyDetail: 'Your position is measured and sent.',
  keptDetail: 'Your position is measured and kept.',
  offDutyDetail: 'Nothing is measured, nothing is sent.',
  following: 'Another open page of this browser measures and sends. This one shows it.',
  takeOver: 'Use this page',

  lastAcknowledged: 'Last acknowledged',
  ago: (age: string) => `${age} ago`,
  notYet: 'Not yet',
  waiting: 'Waiting to be sent',
  waitingCount: (count: number) => count === 0 ? 'Nothing' : formatCount(count),
  sent: 'Sent and acknowledged',
  rejected: 'Refused by the server',
  dropped: 'Thinned, the queue was full',
  accuracy: 'Accuracy',
  accuracyValue: (metres: number) => `± ${formatCount(Math.round(metres))} m`,
  measuring: 'Measuring…',
  more: 'More',
  every: 'Measured about every',
  battery: 'Battery',
  batteryValue: (percent: number) => `${percent} %`,
  lowBattery: 'The battery is low: your position is sent less often.',
  offlineNote: 'No connection. Positions are kept on this phone and sent when there is one.',
  rest: (count: number) => `${formatCount(count)} ${count === 1 ? 'position waits' : 'positions wait'} from when you were on duty.`,
  sendRest: 'Send now',
  sendingRest: 'Sending…',

  keepScreenOn: 'Keep the screen on while on duty',
  screenUnsupported: 'This browser cannot keep the screen on. Set the phone not to lock itself.',
  screenDenied: 'The phone lets the screen go off, to save its battery.',
  background: 'Keep this page in front: phones stop it in the background.',

  jobs: 'Jobs',
  noJobs: 'No jobs at the moment.',
  noJobsDetail: 'A new one shows up here by itself.',
  loadingJobs: 'Loading your jobs…',
  oldJobs: 'The list may be out of date: no answer from the server.',
  customer: 'Customer',
  openMap: 'Open in map',
  away: (distance: string) => `${distance} away`,
  eta: 'Arrival',
  etaValue: (minutes: string, time: string) => `${minutes} · ${time}`,
  fromPickup: (distance: string) => `${distance} from the pickup point`,
  arrivalNoticed: 'It looks as if you have arrived.',
  moving: 'One moment…',
  moveFailed: (code: string) => moves[code] ?? `That did not work (${code}).`,

  completeTitle: 'Complete this job?',
  completeDetail: 'The customer sees that it is done, and live tracking ends. This cannot be taken back.',
  complete: 'Complete',
  cancel: 'Not yet',

  signedInAs: (deviceId: string) => `Signed in as ${deviceId}`,
  signOut: 'Sign out',
  signOutTitle: 'Sign out?',
  signOutDetail: 'This browser forgets the device and its secret.',
  signOutQueued: (count: number) =>
    `${formatCount(count)} ${count === 1 ? 'position has' : 'positions have'} not been sent. Whoever signs out loses them.`,
  signOutAnyway: 'Sign out and lose them',
  stay: 'Stay',

  newVersion: 'There is a new version of this page.',
  reload: 'Reload',
};
