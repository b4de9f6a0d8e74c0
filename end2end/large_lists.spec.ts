// Lists as they come from old and large sources: Latin-1, ten thousand cards, ten megabytes.
import { createDeck, expect, open, reacts, teacher, test, type Page } from './people.ts'

const MEGABYTE = 1024 * 1024

/** Chooses the file on the import page, and looks at it. */
async function look(page: Page, deck: string, name: string, buffer: Buffer): Promise<void> {
  await open(page, `${deck}/import`)
  await page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: 'Look at it first' }).click()
}

test('a list in Latin-1 is read as it was meant', async ({ device }) => {
  const page = await device('computer')
  await teacher(page)
  const deck = await createDeck(page, 'Küche')
  const list = 'front;back\r\nKäse;cheese\r\nBrötchen;roll\r\nErdbeere;fraise à la crème\r\nStraße;street\r\n'
  await look(page, deck, 'küche.csv', Buffer.from(list, 'latin1'))
  await expect(page.getByText('4 cards will be added')).toBeVisible()
  for (const text of ['Käse', 'Brötchen', 'fraise à la crème', 'Straße']) {
    await expect(page.getByRole('cell', { name: text, exact: true })).toBeVisible()
  }
  // Read as something else it would show, and can be put right here.
  await expect(page.getByLabel('Encoding')).toHaveValue(/windows-1252/i)
  await page.getByRole('button', { name: 'Import 4 cards' }).click()
  await expect(page.getByText('4 cards imported.')).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'Brötchen' })).toContainText('roll')
})

test('ten thousand cards are imported, paged through and searched', async ({ device }) => {
  test.slow()
  const page = await device('computer')
  await teacher(page)
  const deck = await createDeck(page, 'Numbers')
  const rows = Array.from({ length: 10_000 }, (_, n) => `Number ${n + 1},in words ${n + 1}`)
  await look(page, deck, 'numbers.csv', Buffer.from(`front,back\n${rows.join('\n')}\n`))
  await expect(page.getByText('10000 cards will be added')).toBeVisible()
  await page.getByRole('button', { name: 'Import 10000 cards' }).click()
  await expect(page.getByText('10000 cards imported.')).toBeVisible()
  await expect(page.getByText('Page 1 of 200')).toBeVisible()
  await expect(page.getByRole('row')).toHaveCount(51)
  await reacts(page)

  await page.getByRole('link', { name: 'Next' }).click()
  await expect(page.getByText('Page 2 of 200')).toBeVisible()
  await expect(page.getByRole('row').nth(1)).toContainText('Number 51')
  await page.getByRole('link', { name: 'Previous' }).click()
  await expect(page.getByRole('row').nth(1)).toContainText('Number 1')

  await open(page, `${deck}?page=200`)
  await expect(page.getByText('Page 200 of 200')).toBeVisible()
  await expect(page.getByRole('row').last()).toContainText('Number 10000')
  await expect(page.getByRole('link', { name: 'Next' })).toHaveCount(0)

  await page.getByRole('searchbox', { name: 'Search cards' }).fill('9876')
  await expect(page.getByText('1 card found')).toBeVisible()
  await expect(page.getByRole('row').last()).toContainText('Number 9876')
})

test('a file of ten megabytes is read, a larger one is refused in words', async ({ device }) => {
  test.slow()
  const page = await device('computer')
  await teacher(page)
  const deck = await createDeck(page, 'Long texts')
  const back = 'word '.repeat(400).trim()
  let list = 'front,back\n'
  let cards = 0
  while (list.length + back.length + 20 < 10 * MEGABYTE) list += `Text ${++cards},${back}\n`
  await look(page, deck, 'long.csv', Buffer.from(list))
  await expect(page.getByText(`${cards} cards will be added`)).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: `Import ${cards} cards` }).click()
  await expect(page.getByText(`${cards} cards imported.`)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(`Page 1 of ${Math.ceil(cards / 50)}`)).toBeVisible()

  await look(page, deck, 'longer.csv', Buffer.from(list + 'x'.repeat(MEGABYTE)))
  await expect(page.getByText('This file is too large. At most 10 MB are possible; split it and import the parts.')).toBeVisible()
})
