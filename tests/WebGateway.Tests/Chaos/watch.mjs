// The SDK watching two requests on one connection: each line printed is the number of an event of the first, or a state of
// the connection.
import { signalRLinkOf, watchRequest } from '@artmqtt/client'
import { JsonHubProtocol } from '@microsoft/signalr'
import { shareLinks } from '../../../sdk/client/dist/sharedLink.js'

const [url, token, requestId, otherId] = process.argv.slice(2)
const names = ['operator:location', 'customer:location', 'request:status:updated', 'operator:presence']
const say = (value) => console.log(JSON.stringify(value))

// Ten times as hasty as it is: so it changes between WebSocket and polling often enough within a test.
const clock = {
  setTimeout: (action, ms) => setTimeout(action, ms / 10),
  clearTimeout: (timer) => clearTimeout(timer),
}
const createLink = shareLinks(signalRLinkOf(new JsonHubProtocol()), names)

const watch = watchRequest(url, requestId, token, { clock, createLink })
watchRequest(url, otherId, token, { clock, createLink })
watch.on('connection', say)
for (const name of names) {
  // What comes from a snapshot has no number.
  watch.on(name, ({ seq }) => { if (seq !== undefined) say(seq) })
}
setInterval(() => undefined, 60_000)
