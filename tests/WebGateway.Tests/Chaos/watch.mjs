// The SDK watching one request: each line printed is the number of an event, or a state of the connection.
import { watchRequest } from '@artmqtt/client'

const [url, requestId, token] = process.argv.slice(2)
const say = (value) => console.log(JSON.stringify(value))

// Ten times as hasty as it is: so it changes between WebSocket and polling often enough within a test.
const clock = {
  setTimeout: (action, ms) => setTimeout(action, ms / 10),
  clearTimeout: (timer) => clearTimeout(timer),
}

const watch = watchRequest(url, requestId, token, { clock })
watch.on('connection', say)
for (const name of ['operator:location', 'customer:location', 'request:status:updated', 'operator:presence']) {
  // What comes from a snapshot has no number.
  watch.on(name, ({ seq }) => { if (seq !== undefined) say(seq) })
}
setInterval(() => undefined, 60_000)
