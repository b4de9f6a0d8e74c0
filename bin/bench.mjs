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
  game_lost: { most: 0 },
  game_doubled: { most: 0 },
  import: { most: 2000 },
}

// With two cores or more, the server has one and the visitor the other; a game shares both, as it would in a school.
const pinned = core => (availableParallelism() > 1 ? ['taskset', '-c', core] : [])

const now = () => Number(process.hrtime.bigint()) / 1e6
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

const freePort = () =>
  new Promise(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
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
async function firstPage(url, server) {
  for (const until = now() + 20_000; now() < until; ) {
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
  return new Promise((resolve, reject) => {
    const line = [...command, binary, 'load', ...words, '--json']
    const child = spawn(line[0], line.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', part => (text += part))
    child.once('error', reject)
    child.once('close', status => {
      if (status !== 0) return reject(new Error(`studyhall load ${words[0]} ended with status ${status}`))
      const figures = text.trim().split('\n').map(line => JSON.parse(line))
      resolve(figures.map(figure => ({ ...figure, name: figure.name === prefix ? prefix : `${prefix}_${figure.name}` })))
    })
  })
}

// Milliseconds of processor time that a process has used.
function processorTime(id) {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const figures = {
  // What a first visit downloads, as the server sends it.
  size: () =>
    withServer([], async server => {
      const page = await firstPage(server.url + '/', server)
      const files = new Set(page.match(/\/assets\/[0-9a-f]+\/[^"'`\s\\)]+\.(?:css|js|wasm)/g) ?? [])
      let total = 0
      for (const file of files) {
        const answer = await get(server.url + file, { 'accept-encoding': 'br' })
        if (answer.status !== 200) throw new Error(`${file} answered ${answer.status}: was the site built?`)
        total += answer.body.length
      }
      if (![...files].some(file => file.endsWith('.wasm'))) throw new Error('the first page names no wasm file')
      return [{ name: 'size', value: total / 1000, unit: 'kB' }]
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

  import: () => withServer([], server => load('import', [], 'import', '--url', server.url)),
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const words = process.argv.slice(2)
const json = words.includes('--json')
const at = words.indexOf('--runs')
const runs = at < 0 ? 3 : Number(words[at + 1])
const names = words.filter((word, index) => !word.startsWith('--') && (at < 0 || index !== at + 1))
const unknown = names.find(name => !figures[name])
if (unknown || !(runs >= 1)) {
  console.error(`bench: unknown figure '${unknown ?? words[at + 1]}'; there are: ${Object.keys(figures).join(', ')}`)
  process.exit(2)
}

let missed = false
if (!json) console.log(`${'figure'.padEnd(32)}${'value'.padStart(12)} unit   goal`)
for (const name of names.length ? names : Object.keys(figures)) {
  const all = []
  try {
    for (let run = 0; run < runs; run += 1) all.push(await figures[name]())
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
