// A small client of Studyhall's socket in its JSON form, without any library: follows one channel, prints its events,
// comes back after a loss, and misses nothing. See PROTOCOL.md.
//
//   node --experimental-websocket docs/example-client.mjs URL COOKIE CHANNEL [EVENTS]
//
//   URL      http://127.0.0.1:3000
//   COOKIE   studyhall_session=…, as the browser has it after signing in; "" without an account
//   CHANNEL  as JSON: {"group":"<id>"}
//   EVENTS   ends after so many
//
// From Node 22 on the flag is not needed.

const [url, cookie, channelText, most = 'Infinity'] = process.argv.slice(2)
const channel = JSON.parse(channelText)
const tab = crypto.randomUUID() // The same over all connections: a command that is sent again is known by it.
const same = other => JSON.stringify(other) === JSON.stringify(channel)

let position = null // Of the last event that counted. Belongs to the channel: it outlives the connection.
let failures = 0
let left = Number(most)
const outbox = new Map() // Commands without an answer, by id: sent again on each connection, with the same key.

// How a command is sent so that it counts once: `await command({ end_live_session: { session, seen } })`.
let nextId = 1
let send = () => {}
function command(command) {
  return new Promise((resolve, reject) => {
    const frame = { command: { id: nextId++, key: crypto.randomUUID(), command } }
    outbox.set(frame.command.id, { frame, resolve, reject })
    send(frame)
  })
}

function connect() {
  const headers = { origin: url, ...(cookie && { cookie }) }
  const socket = new WebSocket(url.replace(/^http/, 'ws') + '/ws', { protocols: ['studyhall.v1+json'], headers })
  let silence
  const heard = () => {
    clearTimeout(silence)
    // The server pings every 25 s.
    silence = setTimeout(() => socket.close(), 35_000)
  }
  socket.onopen = () => {
    heard()
    const hello = { tab, subscriptions: [{ channel, position }] }
    socket.send(JSON.stringify({ hello }))
  }
  socket.onmessage = message => {
    heard()
    const [[kind, body]] = Object.entries(JSON.parse(message.data))
    const say = frame => socket.send(JSON.stringify(frame))
    switch (kind) {
      case 'welcomed':
        failures = 0
        send = say
        for (const { frame } of outbox.values()) say(frame)
        break
      case 'pinged':
        say({ pong: { nonce: body.nonce } })
        break
      case 'subscribed':
        // Everything that was missed follows; what counted already is not counted again.
        position ??= body.position
        console.log('subscribed', position.offset)
        break
      case 'resynced':
        position = body.position
        console.log('resynced', position.offset, JSON.stringify(body.snapshot))
        break
      case 'happened':
        if (!same(body.channel)) break
        if (body.position.epoch === position.epoch && body.position.offset <= position.offset) break
        if (body.position.epoch !== position.epoch || body.position.offset > position.offset + 1) {
          say({ subscribe: { channel, position } })
          break
        }
        position = body.position
        show('happened', position.offset, JSON.stringify(body.event))
        break
      case 'changed':
        show('changed', JSON.stringify(body.event))
        break
      case 'acknowledged':
      case 'command_refused': {
        const waiting = outbox.get(body.id)
        outbox.delete(body.id)
        if (kind === 'acknowledged') waiting?.resolve(body.outcome)
        else waiting?.reject(body.reason)
        break
      }
      case 'subscription_refused':
        console.log('refused', JSON.stringify(body.reason))
        process.exit(1)
    }
  }
  socket.onclose = event => {
    clearTimeout(silence)
    send = () => {}
    if (left <= 0) process.exit(0)
    if (event.code >= 4100) {
      console.log('closed for good', event.code)
      process.exit(1)
    }
    // Full jitter, drawn after the cap, so that a class does not come back at the same moment.
    const longest = failures === 0 ? 1000 : Math.min(20_000, 500 * 2 ** failures)
    failures += 1
    setTimeout(connect, Math.random() * longest)
  }
  socket.onerror = () => {}
}

function show(...words) {
  console.log(...words)
  left -= 1
  if (left <= 0) process.exit(0)
}

connect()
