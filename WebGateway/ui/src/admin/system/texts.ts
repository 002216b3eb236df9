import type { Condition } from './nodes';
import type { Status } from './system';

/** Words of the system page. */
export const texts = {
  title: 'System',
  detail: 'All nodes, and below them the one that answers this page.',
  thisNode: 'This node',
  nodes: 'Nodes',
  nodesUnknown: 'Redis is away: what the other nodes do is not known.',
  thisOne: 'this one',
  condition: 'Condition',
  roles: 'Roles',
  started: 'Started',
  mqttClients: 'MQTT clients',
  browsers: 'Browsers',
  watching: 'Watches',
  inSpool: 'In the spool',
  heard: (duration: string): string => `heard ${duration} ago`,
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

export const conditionWords: Readonly<Record<Condition, string>> = {
  ready: 'Ready', degraded: 'Degraded', unready: 'Not ready', draining: 'Draining', missing: 'Missing', unknown: 'Not known',
};
export const conditionTones: Readonly<Record<Condition, string>> = {
  ready: 'is-good', degraded: 'is-warn', unready: 'is-bad', draining: 'is-warn', missing: 'is-bad', unknown: '',
};
