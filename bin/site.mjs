// Owns what a visitor downloads: writes .br and .gz beside every file that compresses, prints what a first
// visit transfers, fails above the budget, and writes the stamp that names this state of the site.
//   node bin/site.mjs SITE_DIR STAMP_FILE dev|release
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

// JS + wasm + CSS of a first visit to any page, in bytes of brotli. Above it nothing is built.
const BUDGET = 350_000

const [site, stampFile, mode] = process.argv.slice(2)
const dev = mode === 'dev'
const compressible = /\.(css|html|ico|js|json|map|mjs|svg|txt|wasm|webmanifest|xml)$/
const counted = /^pkg\/.*\.(css|js|wasm)$/

const files = readdirSync(site, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
  .map(entry => join(entry.parentPath ?? entry.path, entry.name).slice(site.length + 1))
  .sort()

const fresh = (copy, original) => existsSync(copy) && statSync(copy).mtimeMs >= statSync(original).mtimeMs

function compress(name) {
  const path = join(site, name)
  if (dev) {
    rmSync(path + '.br', { force: true })
    rmSync(path + '.gz', { force: true })
  } else if (compressible.test(name) && !(fresh(path + '.br', path) && fresh(path + '.gz', path))) {
    const bytes = readFileSync(path)
    const size = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: 24 }
    writeFileSync(path + '.br', brotliCompressSync(bytes, { params: size }))
    writeFileSync(path + '.gz', gzipSync(bytes, { level: 9 }))
  }
}

files.forEach(compress)

const stamp = createHash('sha256')
for (const name of files) {
  const bytes = readFileSync(join(site, name))
  stamp.update(`${name}\0${bytes.length}\0`).update(bytes)
}
writeFileSync(stampFile, stamp.update(mode).digest('hex').slice(0, 16) + '\n')

if (!dev) {
  const kB = bytes => (bytes / 1000).toFixed(1).padStart(8) + ' kB'
  const size = name => [statSync(join(site, name)).size, statSync(join(site, name + '.br')).size]
  // A page comes with the stylesheet and one part of the browser's side.
  const parts = files.filter(name => /^pkg\/.*\.wasm$/.test(name)).map(name => name.slice(0, -'.wasm'.length))
  const shared = files.filter(name => counted.test(name) && !parts.some(part => name === part + '.js' || name === part + '.wasm'))
  console.log('build: what a first visit downloads      raw       brotli')
  for (const name of files.filter(name => counted.test(name))) {
    console.log(`build:   ${name.padEnd(28)}${size(name).map(kB).join('  ')}`)
  }
  for (const part of parts) {
    const sizes = [...shared, part + '.js', part + '.wasm'].map(size)
    const [raw, brotli] = [0, 1].map(which => sizes.reduce((sum, one) => sum + one[which], 0))
    const verdict = brotli <= BUDGET ? 'kept' : 'MISSED'
    console.log(`build:   ${`a page of ${part.slice(4)}`.padEnd(28)}${kB(raw)}  ${kB(brotli)}   budget ${BUDGET / 1000} kB: ${verdict}`)
    if (brotli > BUDGET) {
      console.error(`\nbuild: could not go on: a first visit would download ${(brotli / 1000).toFixed(1)} kB, over the budget of ${BUDGET / 1000} kB
  What you can do: read "Pages stay small" in docs/CONTRIBUTING.md, look for a heavy crate on the browser side
  (cargo tree --no-default-features --features hydrate), or move the work to the server.`)
      process.exitCode = 1
    }
  }
}
