import type { Condition, Entry } from './device';

/** Words of the device list and the device page. */
export const texts = {
  title: 'Devices',
  add: 'Add a device',
  search: 'Search',
  searchHint: 'Id or name',
  conditions: 'Condition',
  device: 'Device',
  state: 'State',
  fix: 'Last position',
  battery: 'Battery',
  rate: 'Per minute',
  lag: 'Lag',
  agent: 'Program',
  empty: 'There are no such devices.',
  never: 'never',
  notSaid: 'not said',
  back: 'All devices',
  notFound: 'Which device?',
  identity: 'Identity',
  tenant: 'Tenant',
  connection: 'Connection',
  since: 'Since',
  address: 'Address',
  clientId: 'Client id',
  protocol: 'Protocol',
  place: 'Place',
  map: 'On the map',
  created: 'Added',
  secretSince: 'Secret since',
  oldSecret: 'Old secret until',
  certificate: 'Certificate',
  anyCertificate: 'any of its name',
  period: 'Period',
  periods: { 1: 'Last hour', 24: 'Last day', 168: 'Last week', 720: 'Last 30 days' } as Readonly<Record<number, string>>,
  timeline: 'What happened',
  nothing: 'Nothing happened in this period.',
  most: 'The newest 500 are shown.',
  chartRate: 'Positions a minute',
  chartSpeed: 'Highest speed',
  chartBattery: 'Battery',
  chartLag: 'Longest lag',
  at: 'When',
  what: 'What',
  why: 'Why',
  letters: 'Dead letters',
  actions: 'Change',
  enable: 'Enable',
  disable: 'Disable',
  disableTitle: (id: string): string => `Disable ${id}?`,
  disableDetail: 'It cannot sign in by any credential, and its open connections end within a second. Its history stays.',
  rotate: 'New secret',
  rotateTitle: (id: string): string => `Give ${id} a new secret?`,
  rotateDetail: 'The new secret is shown once. The old one stays valid for the time you choose, so that the device can be told.',
  overlap: 'Old secret stays valid',
  overlaps: { 86400: 'for a day', 3600: 'for an hour', 0: 'not at all' } as Readonly<Record<number, string>>,
  secretTitle: 'The new secret',
  secretDetail: 'It is shown this once and cannot be read again.',
  secret: 'Secret',
  pin: 'Pin a certificate',
  pinDetail: 'From then on no other certificate of its name is accepted. Paste the certificate (PEM) or its SHA-256 in hex.',
  pinField: 'Certificate or SHA-256',
  unpin: 'Accept any certificate',
  unpinTitle: (id: string): string => `Accept any certificate of ${id}?`,
  unpinDetail: 'Every certificate that your authority issued in its name is accepted again.',
  remove: 'Remove',
  removeTitle: (id: string): string => `Remove ${id}?`,
  removeDetail: 'Only a device that never reported and never served a request can be removed; others can be disabled.',
};

export const conditionWords: Readonly<Record<Condition, string>> = {
  '': 'All', online: 'Online', silent: 'Silent', disabled: 'Disabled', low_battery: 'Low battery',
};

export const stateWords = {
  online: 'Online', offline: 'Offline', silent: 'Silent', disabled: 'Disabled', never: 'Never seen',
};

export const entryWords: Readonly<Record<Entry['kind'], string>> = {
  connected: 'Connected', disconnected: 'Disconnected', refused: 'Sign-in refused', dead_letter: 'Dead letter',
};

const reasons: Readonly<Record<string, string>> = {
  client: 'it said goodbye', network: 'the connection broke', absent: 'it did not come back after a restart',
  credentials: 'wrong credentials', disabled: 'it is disabled', KeepAliveTimeout: 'it fell silent',
  SessionTakenOver: 'it connected again', AdministrativeAction: 'somebody ended it', ServerShuttingDown: 'the node stopped',
  NotAuthorized: 'its token has expired', QuotaExceeded: 'it did not read', MessageRateTooHigh: 'it sent too much',
};

/** Why, in words; codes that have none stay. */
export const reasonOf = (reason: string): string => reasons[reason] ?? reason;
