// Owns the cut of code that the browser cannot reach: functions that are linked in only because a table of Leptos
// names them. Each becomes a trap, and wasm-opt removes what only they used.
//   node bin/cut.mjs IN.wasm OUT.wasm      (IN must still have its names)
import { readFileSync, writeFileSync } from 'node:fs'

// Asynchronous hydration is for pages that are loaded lazily (`hydrate_lazy`), the list of routes for the server; the
// app uses neither in the browser. The compiler gives equal functions one body, under any of their names: so only the
// functions themselves and their states of waiting are cut, not what is nested in them, and nothing that is short
// enough to be equal to something else by chance.
const UNREACHED = /\b(hydrate_async|new_with_async_value|new_with_async_value_erased|into_any_nested_route::generate_routes)(::\{\{closure\}\})?(::h[0-9a-f]{16})?$/
const SHORT = 160
const unreachable = name => UNREACHED.test(name)

const [from, to] = process.argv.slice(2)
const wasm = readFileSync(from)

function number(at) {
  let value = 0, shift = 0, byte
  do {
    byte = wasm[at++]
    value += (byte & 127) * 2 ** shift
    shift += 7
  } while (byte > 127)
  return [value, at]
}

function encoded(value) {
  const bytes = []
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0))
    value = Math.floor(value / 128)
  } while (value > 0)
  return Buffer.from(bytes)
}

const skip = at => { const [length, start] = number(at); return start + length }

const sections = []
for (let at = 8; at < wasm.length;) {
  const [length, start] = number(at + 1)
  sections.push({ id: wasm[at], start, end: start + length })
  at = start + length
}
const section = id => sections.find(section => section.id === id)

// Imported functions are counted before those with a body.
let imported = 0
for (let [count, at] = number(section(2).start); count > 0; count--) {
  at = skip(skip(at))
  const kind = wasm[at++]
  if (kind === 0) { imported++; [, at] = number(at) }
  else if (kind === 3) at += 2
  else {
    // A table begins with the type of what it holds; both have limits: flags, least, most.
    if (kind === 1) at++
    const most = wasm[at++] & 1;
    [, at] = number(at)
    if (most) [, at] = number(at)
  }
}

const unreached = new Set()
for (const { id, start, end } of sections) {
  if (id !== 0) continue
  const [length, name] = number(start)
  if (wasm.toString('utf8', name, name + length) !== 'name') continue
  for (let at = name + length; at < end;) {
    const kind = wasm[at]
    const [size, from] = number(at + 1)
    if (kind === 1) {
      let [count, entry] = number(from)
      for (; count > 0; count--) {
        const [index, text] = number(entry)
        const [size, start] = number(text)
        if (unreachable(wasm.toString('utf8', start, start + size))) unreached.add(index - imported)
        entry = start + size
      }
    }
    at = from + size
  }
}
if (unreached.size === 0) {
  console.error(`\nbuild: could not go on: ${from} has no names of what is to be cut
  What you can do: keep strip = "none" in the profile wasm-release; see whether Leptos renamed what bin/cut.mjs looks for.`)
  process.exit(1)
}

// No locals, unreachable, end.
const TRAP = Buffer.from([3, 0, 0x00, 0x0b])
const code = section(10)
let [count, at] = number(code.start)
const bodies = [encoded(count)]
let saved = 0, functions = 0
for (let index = 0; index < count; index++) {
  const next = skip(at)
  const cut = unreached.has(index) && next - at > SHORT
  if (cut) { saved += next - at; functions += 1 }
  bodies.push(cut ? TRAP : wasm.subarray(at, next))
  at = next
}
const body = Buffer.concat(bodies)
const parts = [wasm.subarray(0, 8)]
for (const { id, start, end } of sections) {
  const content = id === 10 ? body : wasm.subarray(start, end)
  parts.push(Buffer.from([id]), encoded(content.length), content)
}
writeFileSync(to, Buffer.concat(parts))
console.log(`build: cut ${functions} functions that are never reached, ${(saved / 1000).toFixed(0)} kB`)
