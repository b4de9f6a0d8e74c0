// Owns the server under test: the release binary in an empty folder, on a free port, with its own database.
// Specs import `test` and `expect` from here, not from @playwright/test.
import { test as base } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const binary = resolve(process.env.STUDYHALL_BIN ?? join(import.meta.dirname, '../target/bin/studyhall'))
const patience = 15_000 // ms for the server to get ready, and again to stop

type Environment = Record<string, string>

export class Server {
  /** Everything the server wrote so far, over all its starts. */
  log = ''
  private process?: ChildProcess
  private exited: Promise<unknown> = Promise.resolve()

  private constructor(
    /** The server's working directory; its database is in it. */
    readonly folder: string,
    readonly port: number,
    private readonly environment: Environment,
  ) {}

  /** A running server with no data. */
  static async fresh(environment: Environment = {}): Promise<Server> {
    const server = new Server(mkdtempSync(join(tmpdir(), 'studyhall-')), await freePort(), environment)
    await server.start()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts the server on the port and data it had, and waits until it is ready. */
  async start(): Promise<void> {
    const child = spawn(binary, ['serve'], { cwd: this.folder, env: this.fullEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    this.process = child
    this.exited = new Promise(done => {
      child.once('exit', done)
      child.once('error', error => { this.log += `${error}\n`; done(error) })
    })
    child.stdout.on('data', chunk => { this.log += chunk })
    child.stderr.on('data', chunk => { this.log += chunk })

    let over = false
    void this.exited.then(() => { over = true })
    for (const deadline = Date.now() + patience; Date.now() < deadline && !over;) {
      if (await this.ready()) return
      await new Promise(next => setTimeout(next, 25))
    }
    await this.kill()
    throw new Error(`${binary} did not get ready at ${this.url}. It wrote:\n${this.log}`)
  }

  /** Asks the server to stop, as a person's Ctrl-C would; kills it when it takes too long, and says so. */
  async stop(): Promise<void> {
    this.process?.kill('SIGTERM')
    const timer = setTimeout(() => {
      this.log += `[test] did not stop within ${patience} ms\n`
      this.process?.kill('SIGKILL')
    }, patience)
    await this.exited
    clearTimeout(timer)
  }

  /** Ends the server in the middle of whatever it does, as a power cut would. */
  async kill(): Promise<void> {
    this.process?.kill('SIGKILL')
    await this.exited
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** Runs another subcommand on the same data, for example `run('admin', 'demo')`, and gives back what it printed. */
  async run(...args: string[]): Promise<string> {
    const child = spawn(binary, args, { cwd: this.folder, env: this.fullEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', chunk => { output += chunk })
    child.stderr.on('data', chunk => { output += chunk })
    const code = await new Promise(done => child.once('close', done))
    if (code !== 0) throw new Error(`studyhall ${args.join(' ')} ended with ${code}:\n${output}`)
    return output
  }

  /** Stops the server and removes its data. */
  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private fullEnvironment(): NodeJS.ProcessEnv {
    // Settings of the person who runs the tests must not leak into the server under test.
    const outside = Object.entries(process.env).filter(([name]) => !/^(STUDYHALL|LEPTOS)_|^DATABASE_URL$/.test(name))
    return {
      ...Object.fromEntries(outside),
      LEPTOS_SITE_ADDR: `127.0.0.1:${this.port}`,
      DATABASE_URL: 'sqlite://studyhall.db',
      ...this.environment,
    }
  }

  private ready(): Promise<boolean> {
    return fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(1_000) }).then(reply => reply.ok, () => false)
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().once('error', failed).listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => found(port))
    })
  })
}

interface PerWorker {
  /** Files that `test.use` the same world share a server and its data; name one to have a server alone. */
  world: string
  /** Extra environment of the server. */
  environment: Environment
  server: Server
}

export const test = base.extend<{ logOnFailure: void }, PerWorker>({
  world: ['shared', { scope: 'worker', option: true }],
  environment: [{}, { scope: 'worker', option: true }],
  // Naming `world` is what makes a file of another world start another server.
  server: [async ({ world: _world, environment }, use) => {
    const server = await Server.fresh(environment)
    await use(server)
    await server.remove()
  }, { scope: 'worker' }],

  baseURL: async ({ server }, use) => { await use(server.url) },

  logOnFailure: [async ({ server }, use, testInfo) => {
    const before = server.log.length
    await use()
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server.log', { body: server.log.slice(before), contentType: 'text/plain' })
    }
  }, { auto: true }],
})

export { expect } from '@playwright/test'
