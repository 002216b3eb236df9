import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Credentials } from '../credentials';
import type { Control } from '../gps/control';
import type { Job } from '../jobs/api';

/** A measured position as it is sent (docs/wire-format.md). */
export interface Fix {
  readonly lat: number;
  readonly lng: number;
  /** Fix time, ms since 1970. */
  readonly timestamp: number;
  /** m/s. */
  readonly speed?: number;
  /** Degrees from true north. */
  readonly heading?: number;
  /** Metres, 68 % radius. */
  readonly accuracy?: number;
  /** Metres above sea. */
  readonly altitude?: number;
  /** Percent. */
  readonly battery?: number;
}

/** What became of all fixes since the sign-in: `taken` is the sum of the others and of what is queued. */
export interface Counts {
  readonly taken: number;
  /** Fix time of the last one taken, ms since 1970; null before the first. */
  readonly takenTime: number | null;
  readonly acknowledged: number;
  /** The server will never take them. */
  readonly rejected: number;
  /** Thinned because the queue was full. */
  readonly dropped: number;
  /** ms since 1970; null before the first. */
  readonly acknowledgedAt: number | null;
  /** What the server said of the last one it rejected. */
  readonly rejection: string | null;
}

export interface Settings {
  credentials: Credentials;
  isOnDuty: boolean;
  keepsScreenOn: boolean;
  counts: Counts;
  /** What the server said last, for a page that is opened without a network. */
  control: Control;
  jobs: readonly Job[];
  /** Client id over MQTT: the same browser takes over its own connection. */
  clientId: string;
}

interface Schema extends DBSchema {
  /** By fix time: with the device it is what the server knows a position by. */
  fixes: { key: number; value: Fix };
  settings: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;

/** Opens what survives reload and hours offline. */
export const openDatabase = (name = 'artmqtt-operator'): Promise<Database> => openDB<Schema>(name, 1, {
  upgrade(db) {
    db.createObjectStore('fixes', { keyPath: 'timestamp' });
    db.createObjectStore('settings');
  },
});

export const readSetting = <K extends keyof Settings>(db: Database, key: K): Promise<Settings[K] | undefined> =>
  db.get('settings', key) as Promise<Settings[K] | undefined>;

export async function readSettings(db: Database): Promise<Partial<Settings>> {
  const { store } = db.transaction('settings');
  const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
  return Object.fromEntries(keys.map((key, i) => [key, values[i]]));
}

export async function writeSetting<K extends keyof Settings>(db: Database, key: K, value: Settings[K]): Promise<void> {
  await db.put('settings', value, key);
}

/** Forgets everything. */
export async function erase(db: Database): Promise<void> {
  const all = db.transaction(['fixes', 'settings'], 'readwrite');
  await Promise.all([all.objectStore('fixes').clear(), all.objectStore('settings').clear(), all.done]);
}
