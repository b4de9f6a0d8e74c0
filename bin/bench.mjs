// Owns the measuring: starts the server as a process of its own in an empty folder, lets `studyhall load` or itself
// be the visitor, takes the median of several runs and compares it with its goal. Called by bin/bench.
import { spawn } from 'node:child_process'
import { openSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

const binary = process.env.STUDYHALL_BIN

// Goals: at most this, or with `least` at least this. Figures that are not named here are printed for information.
const goals = {
  size: { most: 350 },
  start: { most: 300 },
  idle: { most: 40 },
  decks_requests: { least: 3000 },
  decks_answer_p99: { most: 20 },
  game_acknowledged_p99: { most: 150 },
  game_acknowledged_burst_p99: { most: 150 },
  game_reveal_last: { most: 300 },
  game_reveal_last_burst: { most: 300 },
  quiz_burst_acknowledged_burst_max: { most: 50 },
  quiz_2000_acknowledged_p99: { most: 250 },
  quiz_2000_reveal_last: { most: 400 },
  quiz_5000_acknowledged_p99: { most: 1000 },
  quiz_100x30_acknowledged_p99: { most: 150 },
  quiz_flat: { most: 1.5 },
  quiz_engine_events_per_second: { least: 1_000_000 },
  ...Object.fromEntries(['burst', '100', '2000', '5000', '100x30'].flatMap(name =>
    ['lost', 'doubled', 'refused'].map(what => [`quiz_${name}_${what}`, { most: 0 }]))),
  game_lost: { most: 0 },
  game_doubled: { most: 0 },
  import: { most: 2000 },
  realtime_connects: { least: 8000 },
  realtime_idle_memory: { most: 7 },
  realtime_idle_processor: { most: 1 },
  realtime_50k_processor: { most: 8 },
  realtime_50k_delivery_p99: { most: 50 },
  realtime_120k_deliveries: { least: 118_000 },
  realtime_120k_delivery_p99: { most: 50 },
  realtime_1000_last_p99: { most: 12 },
  realtime_5000_last_p99: { most: 60 },
  realtime_overload_wrong: { most: 0 },
  realtime_overload_memory_grew: { most: 100 },
  realtime_storm_back_99: { most: 10_000 },
  realtime_storm_lost: { most: 0 },
  realtime_storm_wrong: { most: 0 },
  realtime_storm_began_anew: { most: 0 },
  soak_memory_slope: { most: 100 },
  ...Object.fromEntries(['wrong', 'left_subscriptions', 'left_connections', 'left_devices'].map(what => [`soak_${what}`, { most: 0 }])),
}

// With two cores or more, the server has one and the visitor the other; a game shares both, as it would in a school.
const pinned = core => (availableParallelism() > 1 ? ['taskset', '-c', core] : [])

const now = () => Number(process.hrtime.bigint()) / 1e6
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

// Below the range from which the visitors' own ends get their ports: a server that starts anew finds its port free.
const freePort = () =>
  new Promise(resolve => {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = net.createServer().once('error', () => resolve(freePort()))
    server.listen(port, () => server.close(() => resolve(port)))
  })

// The answer's status, head and body as sent; rejects while nobody listens.
const get = (url, headers = {}) =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { headers, agent: false }, answer => {
      const parts = []
      answer.on('data', part => parts.push(part))
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }))
    })
    request.on('error', reject)
    request.setTimeout(10_000, () => request.destroy(new Error(`${url} does not answer`)))
  })

// Asks until the page is there, and gives its body.
async function firstPage(url, server, patience = 20_000) {
  for (const until = now() + patience; now() < until; ) {
    try {
      const { status, body } = await get(url, { accept: 'text/html' })
      if (status === 200) return body.toString()
      throw new Error(`${url} answered ${status}`)
    } catch (error) {
      if (error.code !== 'ECONNREFUSED' || server.process.exitCode !== null) throw error
    }
    await pause(2)
  }
  throw new Error('the server did not start')
}

async function start(folder, command = []) {
  const port = await freePort()
  const log = openSync(join(folder, 'log'), 'a')
  const line = [...command, binary, 'serve']
  const started = now()
  const child = spawn(line[0], line.slice(1), {
    cwd: folder,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, DATABASE_URL: `sqlite://${folder}/studyhall.db`, LEPTOS_SITE_ADDR: `127.0.0.1:${port}` },
  })
  const ended = new Promise(resolve => child.once('exit', resolve))
  const server = { process: child, started, url: `http://127.0.0.1:${port}` }
  server.stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return server
}

// Runs `visit` against a fresh server on an empty database.
async function withServer(command, visit) {
  const folder = mkdtempSync(join(tmpdir(), 'studyhall-bench-'))
  const server = await start(folder, command)
  try {
    await firstPage(server.url + '/sign-in', server)
    return await visit(server, folder)
  } catch (error) {
    error.message += `\n${readFileSync(join(folder, 'log'), 'utf8').split('\n').slice(-6).join('\n')}`
    throw error
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

// Runs `studyhall load …` and gives its figures, each named `prefix_…` (the one called like the prefix keeps its name).
function load(prefix, command, ...words) {
  return loadWith(() => {}, prefix, command, ...words)
}

// The same; `kill` is called when the visitor asks for it.
function loadWith(kill, prefix, command, ...words) {
  return new Promise((resolve, reject) => {
    const line = [...command, binary, 'load', ...words, '--json']
    const child = spawn(line[0], line.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', part => {
      text += part
      if (text.includes('kill\n')) {
        text = text.replace('kill\n', '')
        kill()
      }
    })
    child.once('error', reject)
    child.once('close', status => {
      if (status !== 0) return reject(new Error(`studyhall load ${words[0]} ended with status ${status}`))
      const figures = text.trim().split('\n').map(line => JSON.parse(line))
      resolve(figures.map(figure => ({ ...figure, name: figure.name === prefix ? prefix : `${prefix}_${figure.name}` })))
    })
  })
}

// The same by several teachers at once, since an account has ten connections at most: what is counted is added up, of
// times the worst teacher's stand.
async function loadBy(teachers, prefix, command, ...words) {
  const emails = Array.from({ length: teachers }, (_, n) => ['--email', `load${n}@studyhall.test`])
  const all = await Promise.all(emails.map(email => load(prefix, command, ...words, ...email)))
  const add = (a, b) => (a.unit === '' ? a.value + b.value : Math.max(a.value, b.value))
  return all.reduce((sum, one) => sum.map((figure, n) => ({ ...figure, value: add(figure, one[n]) })))
}

// A server with `rooms` groups for `connections` connections, on the first core; gives `visit` what to measure.
async function withStage(rooms, connections, visit) {
  const folder = mkdtempSync(join(tmpdir(), 'studyhall-bench-'))
  const [port, orders] = [await freePort(), await freePort()]
  const stage = () => {
    const log = openSync(join(folder, 'log'), 'a')
    const words = ['load', 'stage', '--folder', folder, '--port', port, '--orders', orders, '--rooms', rooms, '--connections', connections]
    const line = [...pinned(0), binary, ...words.map(String)]
    const child = spawn(line[0], line.slice(1), { cwd: folder, stdio: ['ignore', log, log], env: { PATH: process.env.PATH } })
    child.ended = new Promise(resolve => child.once('exit', resolve))
    return child
  }
  let child = stage()
  try {
    const there = () => firstPage(`http://127.0.0.1:${port}/sign-in`, { process: child }, 120_000)
    await there()
    // What making the people needed is not what connections need.
    child.kill('SIGTERM')
    await child.ended
    child = stage()
    await there()
    const measure = (scenario, ...more) => {
      const place = ['--folder', folder, '--port', port, '--orders', orders, '--process', child.pid, '--connections', connections]
      return ['realtime', scenario, ...place.map(String), ...more]
    }
    const kill = async () => {
      child.kill('SIGKILL')
      await child.ended
      child = stage()
    }
    return await visit(measure, kill)
  } catch (error) {
    error.message += `\n${readFileSync(join(folder, 'log'), 'utf8').split('\n').slice(-6).join('\n')}`
    throw error
  } finally {
    child.kill('SIGTERM')
    await child.ended
    rmSync(folder, { recursive: true, force: true })
  }
}

// Milliseconds of processor time that a process has used.
function processorTime(id) {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

// KiB that a process holds.
const memory = id => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1])

const figures = {
  // What a first visit downloads, as the server sends it: the larger of the browser's two parts.
  size: () =>
    withServer([], async server => {
      const totals = []
      for (const page of ['/', '/rooms/00000000-0000-0000-0000-000000000000']) {
        const { body } = await get(server.url + page, { accept: 'text/html' })
        const files = new Set(body.toString().match(/\/assets\/[0-9a-f]+\/[^"'`\s\\)]+\.(?:css|js|wasm)/g) ?? [])
        if (![...files].some(file => file.endsWith('.wasm'))) throw new Error(`${page} names no wasm file`)
        let total = 0
        for (const file of files) {
          const answer = await get(server.url + file, { 'accept-encoding': 'br' })
          if (answer.status !== 200) throw new Error(`${file} answered ${answer.status}: was the site built?`)
          total += answer.body.length
        }
        totals.push(total / 1000)
      }
      return [
        { name: 'size', value: Math.max(...totals), unit: 'kB' },
        { name: 'size_framed', value: totals[0], unit: 'kB' },
        { name: 'size_live', value: totals[1], unit: 'kB' },
      ]
    }),

  // On a database that is there, as after a restart.
  start: () =>
    withServer([], async (server, folder) => {
      await server.stop()
      const again = await start(folder)
      try {
        await firstPage(again.url + '/sign-in', again)
        return [{ name: 'start', value: now() - again.started, unit: 'ms' }]
      } finally {
        await again.stop()
      }
    }),

  idle: () =>
    withServer([], async server => {
      await firstPage(server.url + '/', server)
      await pause(2000)
      const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8')
      return [{ name: 'idle', value: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024, unit: 'MiB' }]
    }),

  // One core for the server, 32 connections.
  decks: () =>
    withServer(pinned(0), async server => {
      const page = ['--url', server.url, '--path', '/decks', '--needle', 'Deck number 50']
      await load('decks', pinned(1), 'http', ...page, '--decks', '50', '--seconds', '1')
      const before = processorTime(server.process.pid)
      const plain = await load('decks', pinned(1), 'http', ...page, '--seconds', '8')
      const used = processorTime(server.process.pid) - before
      const served = plain.find(figure => figure.name === 'decks_served').value
      const packed = await load('decks_gzip', pinned(1), 'http', ...page, '--seconds', '4', '--encoding', 'gzip')
      // Stays the same when the machine is busy with other things.
      return [...plain, { name: 'decks_processor', value: used / served, unit: 'ms' }, ...packed]
    }),

  game: () => withServer([], server => load('game', [], 'game', '--url', server.url)),

  // The channel: the server on one core, all its visitors on the other. `realtime_…` names say what is measured.
  realtime: async () => {
    const all = []
    const measure = async (name, rooms, connections, ...words) =>
      withStage(rooms, connections, async (line, kill) => {
        all.push(...(await loadWith(kill, `realtime_${name}`, pinned(1), ...line(...words))))
      })
    await measure('idle', 150, 15_000, 'idle', '--seconds', '30')
    await measure('50k', 50, 5_000, 'rooms', '--rate', '500', '--seconds', '8')
    await measure('120k', 50, 5_000, 'rooms', '--rate', '1200', '--seconds', '8')
    await measure('1000', 1, 1_000, 'rooms', '--rate', '10', '--seconds', '8')
    await measure('5000', 1, 5_000, 'rooms', '--rate', '10', '--seconds', '8')
    await measure('overload', 1, 1_000, 'overload', '--rate', '500', '--seconds', '4')
    await measure('storm', 100, 10_000, 'storm')
    const plain = { realtime_idle_connects: 'realtime_connects', realtime_idle_idle_memory: 'realtime_idle_memory', realtime_idle_idle_processor: 'realtime_idle_processor' }
    return all.map(figure => ({ ...figure, name: plain[figure.name] ?? figure.name }))
  },

  // People who come and go for ten minutes (`--minutes N`); only when asked for by name, and once.
  soak: () =>
    withStage(20, 2_000, (line, kill) =>
      loadWith(kill, 'soak', pinned(1), ...line('soak', '--rate', '100', '--minutes', String(minutes)))),

  // Games of all sizes, and what a player costs the server.
  quiz: async () => {
    const engine = await load('quiz_engine', pinned(1), 'engine')
    const cost = {}
    const playedBy = async (teachers, name, ...words) => {
      return withServer([], async server => {
        const [before, began] = [processorTime(server.process.pid), memory(server.process.pid)]
        const figures = await loadBy(teachers, `quiz_${name}`, [], 'game', '--url', server.url, ...words)
        const players = figures.find(figure => figure.name === `quiz_${name}_players`).value
        const answers = figures.find(figure => figure.name === `quiz_${name}_answers`).value
        const used = processorTime(server.process.pid) - before
        cost[name] = used / answers
        return [
          ...figures.filter(figure => /acknowledged|reveal|lost|doubled|refused|answers/.test(figure.name)),
          { name: `quiz_${name}_processor_per_answer`, value: used / answers, unit: 'ms' },
          { name: `quiz_${name}_memory_per_player`, value: (memory(server.process.pid) - began) / players, unit: 'KiB' },
        ]
      })
    }
    const played = (...words) => playedBy(1, ...words)
    const figures = [
      ...await played('burst', '--players', '1000', '--questions', '2', '--spread', '2000', '--burst', '1'),
      ...await played('100', '--players', '100', '--questions', '4', '--spread', '2000', '--burst', '2000'),
      ...await played('2000', '--players', '2000', '--questions', '2', '--spread', '2000', '--burst', '2000'),
      ...await played('5000', '--players', '5000', '--questions', '2', '--spread', '2000', '--burst', '2000'),
      ...await playedBy(10, '100x30', '--players', '30', '--games', '10', '--questions', '2', '--spread', '2000', '--burst', '2000'),
    ]
    return [...engine, ...figures, { name: 'quiz_flat', value: cost[5000] / cost[100], unit: '×' }]
  },

  import: () => withServer([], server => load('import', [], 'import', '--url', server.url)),
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const words = process.argv.slice(2)
const json = words.includes('--json')
const option = (name, otherwise) => (words.includes(name) ? Number(words[words.indexOf(name) + 1]) : otherwise)
const at = words.indexOf('--runs')
const runs = option('--runs', 3)
const minutes = option('--minutes', 10)
const names = words.filter((word, index) => !word.startsWith('--') && !['--runs', '--minutes'].includes(words[index - 1]))
const unknown = names.find(name => !figures[name])
if (unknown || !(runs >= 1)) {
  console.error(`bench: unknown figure '${unknown ?? words[at + 1]}'; there are: ${Object.keys(figures).join(', ')}`)
  process.exit(2)
}

let missed = false
if (!json) console.log(`${'figure'.padEnd(32)}${'value'.padStart(12)} unit   goal`)
for (const name of names.length ? names : Object.keys(figures).filter(name => name !== 'soak')) {
  const all = []
  try {
    for (let run = 0; run < (name === 'soak' ? 1 : runs); run += 1) all.push(await figures[name]())
  } catch (error) {
    console.error(`bench: ${name} could not be measured: ${error.message}`)
    missed = true
    continue
  }
  all[0].forEach((figure, place) => {
    const value = Math.round(median(all.map(run => run[place].value)) * 100) / 100
    const goal = goals[figure.name]
    const ok = goal ? (goal.most === undefined ? value >= goal.least : value <= goal.most) : null
    if (ok === false) missed = true
    if (json) {
      console.log(JSON.stringify({ name: figure.name, value, unit: figure.unit, goal: goal?.most ?? goal?.least ?? null, ok }))
    } else {
      const wish = goal ? `${goal.most === undefined ? '≥' : '≤'} ${goal.most ?? goal.least}  ${ok ? 'ok' : 'MISSED'}` : ''
      console.log(`${figure.name.padEnd(32)}${String(value).padStart(12)} ${figure.unit.padEnd(6)} ${wish}`)
    }
  })
}
console.error(`bench: load of the machine ${loadavg().map(load => load.toFixed(1)).join(' ')}, ${availableParallelism()} cores`)
process.exit(missed ? 1 : 0)
