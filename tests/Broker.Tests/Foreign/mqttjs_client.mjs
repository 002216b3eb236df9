// Plays one scenario with MQTT.js.
//
// node mqttjs_client.mjs URL 4|5 NAME: exit code 0 when all of it went as it should; NAME makes topics and ids unique.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import mqtt from 'mqtt';

const [url, version, name] = process.argv.slice(2);
const protocolVersion = Number(version);
setTimeout(() => { throw new Error('The scenario hangs.'); }, 60_000).unref();

/** Connects; the client keeps what it receives from the first moment on. */
async function connect(id, { clean = true, ...more } = {}) {
  const client = mqtt.connect(url, {
    clientId: `${name}-${id}`,
    clean,
    protocolVersion,
    reconnectPeriod: 0,
    properties: protocolVersion === 5 ? { sessionExpiryInterval: clean ? 0 : 60 } : undefined,
    ...more,
  });
  client.messages = [];
  client.on('message', (topic, payload, packet) => client.messages.push({ topic, payload: payload.toString(), packet }));
  await once(client, 'connect');
  return client;
}

async function received(client, count) {
  while (client.messages.length < count) {
    await once(client, 'message');
  }
  return client.messages.splice(0);
}

const publisher = await connect('pub');

// Every quality of service, in order.
const subscriber = await connect('sub');
await subscriber.subscribeAsync(`${name}/qos/#`, { qos: 2 });
for (const qos of [0, 1, 2]) {
  const expected = Array.from({ length: 50 }, (_, i) => `${qos}-${i}`);
  for (const payload of expected) {
    await publisher.publishAsync(`${name}/qos/${qos}`, payload, { qos });
  }

  const messages = await received(subscriber, 50);
  assert.deepEqual(messages.map(m => m.payload), expected);
  assert.ok(messages.every(m => m.packet.qos === qos));
}

// Retained.
await publisher.publishAsync(`${name}/kept`, 'kept', { qos: 1, retain: true });
await subscriber.subscribeAsync(`${name}/kept`, { qos: 1 });
const [kept] = await received(subscriber, 1);
assert.deepEqual([kept.payload, kept.packet.retain], ['kept', true]);
await publisher.publishAsync(`${name}/kept`, '', { qos: 1, retain: true });

// A session with messages that wait.
const away = await connect('away', { clean: false });
await away.subscribeAsync(`${name}/session`, { qos: 2 });
await away.endAsync();
await publisher.publishAsync(`${name}/session`, 'waited', { qos: 2 });
const back = await connect('away', { clean: false });
assert.deepEqual((await received(back, 1)).map(m => m.payload), ['waited']);
await back.endAsync();
await (await connect('away')).endAsync();

// The will of a client that is lost.
await publisher.subscribeAsync(`${name}/will`, { qos: 1 });
const lost = await connect('lost', { will: { topic: `${name}/will`, payload: Buffer.from('lost'), qos: 1, retain: false } });
lost.stream.destroy();
assert.deepEqual((await received(publisher, 1)).map(m => m.payload), ['lost']);

if (protocolVersion === 5) {
  const properties = {
    contentType: 'text/plain', responseTopic: 'answers', correlationData: Buffer.from([0, 1]),
    userProperties: { a: ['1', '3'], b: '2' },
  };
  const props = await connect('props');
  await props.subscribeAsync(`${name}/props`, { qos: 1 });
  await publisher.publishAsync(`${name}/props`, 'message', { qos: 1, properties });
  const [message] = await received(props, 1);
  for (const [key, value] of Object.entries(properties)) {
    assert.deepEqual(structuredClone(message.packet.properties[key]), structuredClone(value));
  }
  await props.endAsync();
}

await subscriber.endAsync();
await publisher.endAsync();
console.log('all as it should be');
