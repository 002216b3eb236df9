// Clients of row changes with the unmodified npm packages. The first argument names what to do; each line printed is one
// JSON value for the test, each line read is a command of the test.
import { createInterface } from 'node:readline'
import { RealtimeClient } from '@supabase/realtime-js'
import { createClient } from '@supabase/supabase-js'

const [scenario, url, key, id, other] = process.argv.slice(2)
const say = (kind, value = null) => console.log(JSON.stringify({ kind, value }))
const commands = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const command = async () => (await commands.next()).value
const joined = (channel) => new Promise((resolve, reject) => channel.subscribe((status, error) => {
  say(status, error?.message)
  if (status === 'SUBSCRIBED') resolve()
  if (status === 'CHANNEL_ERROR') reject(error)
}))
const realtime = (token, options = {}) =>
  new RealtimeClient(url.replace('http', 'ws') + '/realtime/v1', { params: { apikey: token }, ...options })
const all = { event: '*', schema: 'public', table: 'service_requests' }

const scenarios = {
  // The line that people have in their code, as it stands.
  async line() {
    const supabase = createClient(url, key)
    const cb = (payload) => say('change', payload)
    const channel =
      supabase.channel('request-'+id).on('postgres_changes', {event:'UPDATE', schema:'public', table:'service_requests', filter:'id=eq.'+id}, cb).subscribe()
    channel.on('system', {}, (message) => say('system', message))
    await command()
    await supabase.removeAllChannels()
  },

  // All kinds of changes on one table, in both versions of the protocol, and only some columns.
  async kinds() {
    const clients = [realtime(key, { vsn: '1.0.0' }), realtime(key, { vsn: '2.0.0' })]
    for (const client of clients) {
      await joined(client.channel('kinds')
        .on('postgres_changes', all, (p) => say(client.vsn, p))
        .on('postgres_changes', { ...all, event: 'DELETE', filter: `id=eq.${id}` }, (p) => say(client.vsn + ' DELETE', p))
        .on('postgres_changes', { ...all, event: 'INSERT', select: ['status'] }, (p) => say(client.vsn + ' select', p)))
    }
    say('ready')
    await command()
  },

  // One channel, with what the test says: {name, config, changes: [...]}; then tokens to renew with.
  async channel() {
    const wanted = JSON.parse(id)
    const client = realtime(key)
    if (wanted.token) await client.setAuth(wanted.token)
    const channel = client.channel(wanted.name ?? 'changes', { config: wanted.config ?? {} })
    for (const filter of wanted.changes ?? []) channel.on('postgres_changes', filter, (p) => say('change', p))
    channel.on('system', {}, (message) => say('system', message))
    channel.subscribe((status, error) => say(status, error?.message))
    for (let token = await command(); token; token = await command()) await client.setAuth(token)
  },

  // Two clients on one topic: broadcasts as JSON and as bytes, acknowledged or not, to others and to itself.
  async broadcast() {
    for (const vsn of ['1.0.0', '2.0.0']) {
      const [sender, receiver] = [realtime(key, { vsn }), realtime(other, { vsn: '2.0.0' })]
      const from = sender.channel(id, { config: { broadcast: { ack: true, self: true } } })
      const to = receiver.channel(id)
      const heard = (who) => ({ event, payload }) =>
        say(who, { event, payload: payload instanceof ArrayBuffer ? [...new Uint8Array(payload)] : payload })
      await joined(from.on('broadcast', { event: '*' }, heard(`${vsn} itself`)))
      await joined(to.on('broadcast', { event: 'near' }, heard(`${vsn} other`)))
      say(`${vsn} sent`, await from.send({ type: 'broadcast', event: 'near', payload: { meters: 120, wo: 'Straße' } }))
      if (vsn === '2.0.0') {
        say('bytes sent', await from.send({ type: 'broadcast', event: 'near', payload: new Uint8Array([1, 2, 255]).buffer }))
      }
      await command()
      await Promise.all([sender.disconnect(), receiver.disconnect()])
    }
  },

  // Two clients see each other come, change and go.
  async presence() {
    const [first, second] = [realtime(key, { vsn: '1.0.0' }), realtime(other)]
    const here = first.channel(id, { config: { presence: { key: 'ada' } } })
    const there = second.channel(id, { config: { presence: { key: 'bob' } } })
    const names = (state) => Object.fromEntries(
      Object.entries(state).map(([name, metas]) => [name, metas.map(({ presence_ref, ...meta }) => meta)]))
    await joined(here.on('presence', { event: 'sync' }, () => say('ada sees', names(here.presenceState()))))
    say('tracked', await here.track({ at: 1 }))
    await joined(there.on('presence', { event: 'sync' }, () => say('bob sees', names(there.presenceState()))))
    await command()
    say('tracked', await there.track({ at: 2 }))
    await command()
    say('tracked', await there.track({ at: 3 }))
    await command()
    say('untracked', await here.untrack())
    await command()
    await second.disconnect()
    await command()
  },
}

await scenarios[scenario]()
say('end')
process.exit(0)
