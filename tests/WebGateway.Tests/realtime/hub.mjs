// Watches a request with the SignalR client from npm over each transport and protocol that it has: node hub.mjs URL TOKEN REQUEST.
// Each line printed is one JSON value for the test; a line read ends it.
import { createInterface } from 'node:readline'
import { HttpTransportType, HubConnectionBuilder, JsonHubProtocol, LogLevel } from '@microsoft/signalr'
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack'

const [url, token, requestId] = process.argv.slice(2)
const say = (kind, value = null) => console.log(JSON.stringify({ kind, value }))
const events = ['operator:location', 'customer:location', 'request:status:updated', 'operator:presence']
const ways = {
  'json WebSockets': [JsonHubProtocol, HttpTransportType.WebSockets],
  'json ServerSentEvents': [JsonHubProtocol, HttpTransportType.ServerSentEvents],
  'messagepack WebSockets': [MessagePackHubProtocol, HttpTransportType.WebSockets],
}

const connections = []
for (const [way, [Protocol, transport]] of Object.entries(ways)) {
  const connection = new HubConnectionBuilder()
    .withUrl(`${url}/hubs/tracking`, { transport, accessTokenFactory: () => token })
    .withHubProtocol(new Protocol()).configureLogging(LogLevel.Error).build()
  for (const name of events) connection.on(name, (data) => say(way, { name, data }))
  await connection.start()
  say(way, { name: 'joined', data: await connection.invoke('join:request', requestId, null) })
  await connection.invoke('customer:location', requestId, { lat: 1.5, lng: 2, timestamp: 3, extra: [null, true, 'x', { y: -7 }] })
    .catch((error) => say(way, { name: 'refused', data: error.message }))
  connections.push(connection)
}

await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next()
for (const connection of connections) await connection.stop()
