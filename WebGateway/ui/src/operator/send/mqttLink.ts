import type { MqttClient } from 'mqtt';
import type { Credentials } from '../credentials';
import { readControl, type Control } from '../gps/control';
import { liveTopics } from '../jobs/live';
import type { Fix } from '../storage/database';
import { answer, nobody, type Answer } from './answer';

/** A connection to the broker, used once. */
export interface Link {
  send(fixes: readonly Fix[]): Promise<Answer>;
  /** Subscribes to what is told of these requests, and of no others. */
  follow(requestIds: readonly string[]): void;
  close(): void;
  /** Resolves when it has ended, whoever ended it. */
  readonly closed: Promise<void>;
}

/** Opens a connection; `refused` when the server does not take the sign-in, null when there is none to be had now. */
export type OpenLink = (credentials: Credentials, clientId: string, events: LinkEvents) => Promise<Link | 'refused' | null>;

export interface LinkEvents {
  readonly onControl: (control: Control) => void;
  /** Something was told of a request. */
  readonly onNews: (topic: string, payload: string) => void;
}

const connectTimeoutMs = 8_000;
/** A network that swallows everything must not keep a position longer than this. */
const acknowledgeTimeoutMs = 10_000;
const payloadInvalid = 0x99;
const wrongCredentials: readonly unknown[] = [0x86];

/** MQTT 5 over a WebSocket. The library is loaded here, when somebody goes on duty for the first time. */
export const openMqttLink: OpenLink = async (credentials, clientId, events) => {
  const mqtt = await load();
  if (mqtt === null) {
    return null;
  }
  const client = mqtt.connect(`${location.origin.replace(/^http/, 'ws')}/mqtt`, {
    protocolVersion: 5, clientId, username: credentials.deviceId, password: credentials.secret,
    clean: true, keepalive: 30, connectTimeout: connectTimeoutMs,
    // The queue is in IndexedDB and who connects again is the publisher: the library's own would send twice.
    reconnectPeriod: 0, queueQoSZero: false, resubscribe: false,
    // Its other timers are workers from a blob:, which our content security policy has not.
    timerVariant: 'native',
  });
  const closed = new Promise<void>(resolve => client.once('close', resolve));
  const control = `art/devices/${credentials.deviceId}/control`;
  client.on('message', (topic, payload) => {
    const told = topic === control ? readControl(payload.toString()) : null;
    if (told !== null) {
      events.onControl(told);
    } else if (topic !== control) {
      events.onNews(topic, payload.toString());
    }
  });
  const outcome = await connected(client, closed);
  if (outcome !== 'open') {
    client.end(true);
    return outcome === 'refused' ? 'refused' : null;
  }
  client.subscribe(control, { qos: 1 });
  return {
    send: fixes => Promise.race([
      publish(client, `art/devices/${credentials.deviceId}/position`, fixes), closed.then(() => nobody)]),
    follow: following(client),
    close: () => void client.end(true),
    closed,
  };
};

function following(client: MqttClient): (requestIds: readonly string[]) => void {
  const followed = new Set<string>();
  return requestIds => {
    for (const id of [...followed].filter(known => !requestIds.includes(known))) {
      followed.delete(id);
      client.unsubscribe(liveTopics(id));
    }
    for (const id of requestIds.filter(wanted => !followed.has(wanted))) {
      followed.add(id);
      client.subscribe(liveTopics(id), { qos: 1 }, (error, granted) => {
        if (error || granted?.some(({ qos }) => qos >= 0x80)) {
          followed.delete(id); // assigned a moment ago, and not known everywhere: the next list asks again
        }
      });
    }
  };
}

// Its build for browsers has a default export only.
async function load(): Promise<typeof import('mqtt').default | null> {
  try {
    return (await import('mqtt')).default;
  } catch {
    return null; // not loaded yet, and no network
  }
}

function connected(client: MqttClient, closed: Promise<void>): Promise<'open' | 'refused' | 'lost'> {
  return new Promise(resolve => {
    client.once('connect', () => resolve('open'));
    // Stays for as long as the client lives: an error nobody listens to would be thrown.
    client.on('error', error => resolve(
      wrongCredentials.includes((error as { code?: unknown }).code) ? 'refused' : 'lost'));
    void closed.then(() => resolve('lost'));
  });
}

function publish(client: MqttClient, topic: string, fixes: readonly Fix[]): Promise<Answer> {
  return new Promise(resolve => {
    const impatience = setTimeout(() => {
      resolve(nobody);
      client.end(true);
    }, acknowledgeTimeoutMs);
    const payload = JSON.stringify(fixes.length === 1 ? fixes[0] : fixes);
    client.publish(topic, payload, { qos: 1, properties: { contentType: 'application/json' } }, (error, packet) => {
      clearTimeout(impatience);
      const { code } = (error ?? {}) as { code?: unknown };
      const reason = (packet as { properties?: { reasonString?: string } } | undefined)?.properties?.reasonString ?? '';
      resolve(
        !error ? answer('stored')
          : code === payloadInvalid ? answer('rejected', reason || 'position_malformed')
            : typeof code === 'number' ? answer('later', reason) : nobody);
    });
  });
}
