import type { Status } from './system';

/** Words of the system page. */
export const texts = {
  title: 'System',
  detail: 'This node, since the page was opened. Other nodes have pages of their own.',
  node: 'Node',
  version: 'Version',
  uptime: 'Up for',
  memory: 'Memory',
  database: 'Database',
  chunks: 'Chunks',
  letters: 'Dead letters',
  away: 'does not answer',
  checks: 'Checks',
  charts: 'The last minutes',
  written: 'Stored, positions a second',
  received: 'Received, positions a second',
  lag: 'From arrival to the database',
  spool: 'Waiting in the spool',
  spoolRecords: 'Records in the spool',
  mqtt: 'MQTT connections',
  hub: 'Browsers on the hub',
  watches: 'Requests watched',
  streams: 'Live streams',
  changesLag: 'Row changes, from commit to queue',
  changesBehind: 'Row changes not read yet',
};

export const statusWords: Readonly<Record<Status, string>> = { healthy: 'Healthy', degraded: 'Degraded', unhealthy: 'Not healthy' };
export const statusTones: Readonly<Record<Status, string>> = { healthy: 'is-good', degraded: 'is-warn', unhealthy: 'is-bad' };
