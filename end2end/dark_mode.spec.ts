// Light and dark: by the system until somebody chooses, then as chosen, from the first paint on.
import { createDeck, expect, hostQuiz, open, reacts, signUp, teacher, test, type Page } from './people.ts'

const theme = (page: Page) => page.locator('html').getAttribute('data-theme')

/** Whether the page's ground is dark. */
const isDark = (page: Page) => page.evaluate(() => {
  const context = document.createElement('canvas').getContext('2d')!
  context.fillStyle = getComputedStyle(document.documentElement).backgroundColor
  context.fillRect(0, 0, 1, 1)
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
  return red! + green! + blue! < 3 * 80
})

async function choose(page: Page, name: 'Light' | 'Dark' | 'As the system'): Promise<void> {
  const saved = page.waitForResponse(/\/api\/set_theme/)
  await page.locator('summary').filter({ hasText: 'Light or dark' }).click()
  await page.getByRole('button', { name, exact: true }).click()
  await saved
}

test('follows the system, then the choice, which the next page has in its first bytes', async ({ device }) => {
  const page = await device('computer', { colorScheme: 'light' })
  await open(page, '/')
  expect(await isDark(page)).toBe(false)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(() => isDark(page)).toBe(true)
  await page.emulateMedia({ colorScheme: 'light' })

  await choose(page, 'Dark')
  expect(await theme(page)).toBe('dark')
  await expect.poll(() => isDark(page)).toBe(true)
  const reply = await page.reload()
  // No flash: the document says it before any script could.
  expect(await reply!.text()).toContain('<html lang="en" data-theme="dark">')
  expect(await isDark(page)).toBe(true)
  await reacts(page)
  expect(await theme(page)).toBe('dark')

  await choose(page, 'As the system')
  await expect.poll(() => isDark(page)).toBe(false)
  await page.reload()
  expect(await theme(page)).toBe(null)
})

test('holds over signing up, and on the projector', async ({ device }) => {
  await teacher(await device('computer'))
  const page = await device('computer', { colorScheme: 'light' })
  await open(page, '/sign-up')
  await choose(page, 'Dark')
  await signUp(page, 'Ms. Tamm', 'I teach')
  expect(await theme(page)).toBe('dark')
  await hostQuiz(page, await createDeck(page, 'Baltic', 'front,back\nEstonia,Tallinn\nLatvia,Riga\n'), { cards: 1 })
  expect(await theme(page)).toBe('dark')
  expect(await isDark(page)).toBe(true)
})

test('works without JavaScript', async ({ device }) => {
  const page = await device('phone', { javaScriptEnabled: false, colorScheme: 'light' })
  await page.goto('/join')
  await page.locator('summary').filter({ hasText: 'Light or dark' }).click()
  await page.getByRole('button', { name: 'Dark', exact: true }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page).toHaveURL(/\/join/)
})
