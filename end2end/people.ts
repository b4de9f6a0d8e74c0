// Owns the people of the browser tests: their devices, and what they do in more than one spec.
// Specs import `test` and `expect` from here. Every device is watched: an error in its console fails the test.
import { test as base, expect } from './server.ts'
import type { APIResponse, BrowserContextOptions, Locator, Page } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export { expect }
export type { Page, Locator }

export const PASSWORD = 'calm river under bridge'
export const COUNTRIES = join(import.meta.dirname, '../demo/countries.csv')

/** Capitals by country, as in the demo's list. */
export const capitals = new Map(
  readFileSync(COUNTRIES, 'utf8').trim().split(/\r?\n/).slice(1).map(line => {
    // A cell with a comma in it stands in quotation marks.
    const [country, capital] = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(cell => cell[1]?.replaceAll('""', '"') ?? cell[2]!)
    return [country!, capital!] as const
  }),
)

const screens = {
  computer: { viewport: { width: 1280, height: 720 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} satisfies Record<string, BrowserContextOptions>

interface People {
  /** A page on a new device that shares nothing with the others. */
  device: (screen: keyof typeof screens, options?: BrowserContextOptions) => Promise<Page>
  /** Entries of the consoles that are part of the story, such as a lost line. */
  expected: RegExp | undefined
}

export const test = base.extend<People>({
  expected: [undefined, { option: true }],
  device: async ({ browser, expected }, use) => {
    const contexts: { close(): Promise<void> }[] = []
    const complaints: string[] = []
    await use(async (screen, options) => {
      const context = await browser.newContext({ ...screens[screen], ...options })
      contexts.push(context)
      await context.addInitScript(markHydration)
      context.on('console', message => {
        if (message.type() === 'error') complaints.push(`${message.page()?.url()}: ${message.text()}`)
      })
      context.on('weberror', error => complaints.push(`${error.page()?.url()}: ${error.error().stack}`))
      return context.newPage()
    })
    for (const context of contexts) await context.close()
    // Browsers report every refused form as an error; the specs look at what the page makes of it.
    const known = (text: string) => /status of 4\d\d/.test(text) || expected?.test(text)
    expect(complaints.filter(text => !known(text)), 'errors in the consoles').toEqual([])
  },
})

/** Runs in the page: sets `hydrated` when the browser's side has taken over what the server rendered. */
function markHydration(): void {
  const instantiate = WebAssembly.instantiateStreaming
  WebAssembly.instantiateStreaming = async (...args) => {
    const module = await instantiate(...args)
    // What comes after in the same turn is hydration; the next turns are its effects.
    setTimeout(() => setTimeout(() => document.documentElement.setAttribute('data-hydrated', ''), 50), 0)
    return module
  }
}

/** Opens the page and waits until it reacts. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await reacts(page)
}

/** Waits until a page that was loaded as a whole reacts. */
export async function reacts(page: Page): Promise<void> {
  await expect(page.locator('html[data-hydrated]')).toBeAttached({ timeout: 20_000 })
}

export async function reload(page: Page): Promise<void> {
  await page.reload()
  await reacts(page)
}

/** From now on [`expectNoReload`] notices when the page is loaded again. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => { Object.assign(window, { marked: true }) })
}

export async function expectNoReload(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'marked' in window), 'the page was never loaded again').toBe(true)
}

let people = 0

/** A new account by the sign-up form; `role` is not asked for the first one. */
export async function signUp(page: Page, name: string, role?: 'I teach' | 'I learn'): Promise<string> {
  const email = `person${++people}@school.test`
  await page.goto('/sign-up')
  if (role) await page.getByRole('radio', { name: role }).check()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { name: `Hello, ${name}` })).toBeVisible()
  return email
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Hello,' })).toBeVisible()
}

/** Sends a form without its page, for what a spec only needs to be there. Gives the path it leads to. */
export async function send(page: Page, path: string, form: Record<string, string>): Promise<string> {
  const reply = await page.request.post(path, { form, maxRedirects: 0, headers: formHeaders })
  return leadsTo(reply)
}

const formHeaders = { accept: 'text/html', 'sec-fetch-site': 'same-origin' }

async function leadsTo(reply: APIResponse): Promise<string> {
  const { location } = reply.headers()
  if (!location || location.includes('__err')) throw new Error(`${reply.url()}: ${reply.status()} ${location} ${await reply.text()}`)
  return location
}

/** A new account that teaches, signed in. */
export async function teacher(page: Page, name = 'Ms. Tamm'): Promise<string> {
  const email = `person${++people}@school.test`
  await send(page, '/api/sign_up', { email, display_name: name, password: PASSWORD, role: 'teacher' })
  return email
}

/** A new group. Gives its path. */
export function createGroup(page: Page, name: string): Promise<string> {
  return send(page, '/api/create_group', { name })
}

/** A new deck with the cards of this CSV. Gives its path. */
export async function createDeck(page: Page, title: string, csv = '', group = ''): Promise<string> {
  const deck = await send(page, '/api/create_deck', { title, group: group.replace('/groups/', '') })
  if (csv) {
    const look = await uploadTo(page, deck, csv)
    const import_ = look.slice(look.lastIndexOf('/') + 1)
    const guess = { encoding: '', separator: '', row_end: '', header: '', columns: '' }
    await send(page, '/api/confirm_import', { import: import_, ...guess })
  }
  return deck
}

/** Uploads without confirming. Gives the preview's path. */
export async function uploadTo(page: Page, deck: string, csv: string): Promise<string> {
  const file = { name: 'cards.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }
  return leadsTo(await page.request.post(`${deck}/import`, { multipart: { file }, maxRedirects: 0, headers: formHeaders }))
}

/** A deck with the countries and their capitals. */
export function importCountries(page: Page, group = ''): Promise<string> {
  return createDeck(page, 'Capitals', readFileSync(COUNTRIES, 'utf8'), group)
}

interface Rules {
  cards?: number
  seconds?: number
  answers?: 'choice' | 'typed' | 'mixed' | 'varied'
}

/** Opens a lobby and shows it. Gives its PIN. */
export async function hostQuiz(page: Page, deck: string, { cards = 3, seconds = 60, answers = 'choice' }: Rules = {}): Promise<string> {
  const path = await send(page, '/api/create_live_session', {
    deck: deck.replace('/decks/', ''), category: '', card_count: `${cards}`, time_limit_s: `${seconds}`, answers, hints: 'on', key: randomUUID(),
  })
  await open(page, path)
  return pinOf(page)
}

/** The PIN that the lobby shows. */
export async function pinOf(host: Page): Promise<string> {
  const text = await host.locator('.pin .visually-hidden').textContent()
  const pin = (text ?? '').replaceAll(/\s/g, '')
  expect(pin).toMatch(/^\d{6}$/)
  return pin
}

/** Joins as a person does who scanned the code. */
export async function joinAs(page: Page, pin: string, name: string): Promise<void> {
  await open(page, `/join/${pin}`)
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'You are in' })).toBeVisible()
  await expect(page.getByText(name, { exact: true }).first()).toBeVisible()
}

/** The answers a player can tap. */
export function choices(player: Page): Locator {
  return player.getByRole('form', { name: 'Answers' }).getByRole('button')
}

/** The question that this page shows. */
export async function questionOn(page: Page): Promise<string> {
  return (await page.getByRole('heading', { level: 1 }).textContent())?.trim() ?? ''
}

/** The choice that is right for the question on the page, or another one. */
export async function choice(player: Page, right: boolean): Promise<Locator> {
  await expect(choices(player).first()).toBeVisible()
  const capital = capitals.get(await questionOn(player))
  expect(capital, 'the question is a country of the list').toBeDefined()
  const text = player.getByText(capital!, { exact: true })
  return choices(player).filter(right ? { has: text } : { hasNot: text }).first()
}

/** Answers, and sees that the answer was taken. */
export async function answer(player: Page, right: boolean): Promise<void> {
  await (await choice(player, right)).click()
}

/** The host's button for what comes next. */
export function next(host: Page, name: 'Start' | 'Show the answers' | 'Reveal now' | 'Leaderboard' | 'Next question' | 'To the podium' | 'Finish'): Locator {
  return host.getByRole('navigation', { name: 'Quiz controls' }).getByRole('button', { name, exact: true })
}

/** From the lobby or the leaderboard to the open question. */
export async function openQuestion(host: Page): Promise<void> {
  await next(host, 'Show the answers').click()
  await expect(next(host, 'Reveal now')).toBeVisible()
}
