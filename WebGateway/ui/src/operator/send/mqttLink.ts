import type { MqttClient } from 'mqtt';
import type { Credentials } from '../credentials';
import { readControl, type Control } from '../gps/control';
import type { Fix } from '../storage/database';
import { answer, nobody, type Answer } from './answer';

/** A connection to the broker, used once. */
export interface Link {
  send(fixes: readonly Fix[]): Promise<Answer>;
  close(): void;
  /** Resolves when it has ended, whoever ended it. */
  readonly closed: Promise<void>;
}

/** Opens a connection; `refused` when the server does not take the sign-in, null when there is none to be had now. */
export type OpenLink = (credentials: Credentials, clientId: string, onControl: (control: Control) => void) =>
  Promise<Link | 'refused' | null>;

const connectTimeoutMs = 8_000;
/** A network that swallows everything must not keep a position longer than this. */
const acknowledgeTimeoutMs = 10_000;
const payloadInvalid = 0x99;
const wrongCredentials: readonly unknown[] = [0x86];

/** MQTT 5 over a WebSocket. The library is loaded here, when somebody goes on duty for the first time. */
export const openMqttLink: OpenLink = async (credentials, clientId, onControl) => {
  const { connect } = await import('mqtt');
  const client = connect(`${location.origin.replace(/^http/, 'ws')}/mqtt`, {
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
      onControl(told);
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
    close: () => void client.end(true),
    closed,
  };
};

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
