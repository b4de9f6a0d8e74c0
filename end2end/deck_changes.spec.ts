// What one does with a deck over time: categories, order, pictures, a copy as a file, its end.
import { createDeck, expect, open, reacts, teacher, test, type Page } from './people.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const LIST = 'front,back,category\nEstonia,Tallinn,Baltic\nLatvia,Riga,Baltic\nFinland,Helsinki,Nordic\n'

const fronts = (page: Page) => page.getByRole('row').locator('td:nth-child(2)').allTextContents().then(all => all.map(text => text.trim()))

test('orders cards, filters by category, renames and deletes one', async ({ device }) => {
  const page = await device('computer')
  await teacher(page)
  await open(page, await createDeck(page, 'North', LIST))
  await page.getByRole('button', { name: 'Move Estonia down' }).click()
  await expect.poll(() => fronts(page)).toEqual(['Latvia', 'Estonia', 'Finland'])
  await page.getByLabel('Category', { exact: true }).first().selectOption('Nordic')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(page.getByText('1 card found')).toBeVisible()
  await expect.poll(() => fronts(page)).toEqual(['Finland'])
  await page.getByLabel('Category', { exact: true }).first().selectOption('All categories')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect.poll(() => fronts(page)).toEqual(['Latvia', 'Estonia', 'Finland'])

  await page.getByText('Change this deck').click()
  await page.getByLabel('New name of Nordic').fill('The north')
  await page.locator('form').filter({ has: page.getByLabel('New name of Nordic') }).getByRole('button', { name: 'Rename' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Finland' })).toContainText('The north')
  await page.getByRole('button', { name: 'Delete the category The north; its cards stay' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Finland' })).not.toContainText('The north')
  await expect(page.getByText('3 cards', { exact: true })).toBeVisible()
})

test('puts a picture on a card', async ({ device }) => {
  const page = await device('computer')
  await teacher(page)
  await open(page, await createDeck(page, 'North', LIST))
  await page.getByRole('link', { name: 'Edit Estonia' }).click()
  const picture = page.getByLabel('Picture', { exact: true })
  await picture.setInputFiles({ name: 'flag.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') })
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(page.getByText('This picture cannot be used.')).toBeVisible()
  await reacts(page)
  await picture.setInputFiles(join(import.meta.dirname, '../public/icon-192.png'))
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(page.getByText('The picture is here.')).toBeVisible()
  await reacts(page)
  const markdown = (await page.locator('code').filter({ hasText: '/images/' }).textContent())!
  await page.getByLabel('Back', { exact: true }).fill(`Tallinn ${markdown}`)
  await page.getByRole('button', { name: 'Save' }).click()
  const image = page.getByRole('row').filter({ hasText: 'Tallinn' }).locator('img')
  await expect.poll(() => image.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBe(192)
})

test('takes a copy as CSV, which imports again as it was', async ({ device }) => {
  const page = await device('computer')
  await teacher(page)
  await open(page, await createDeck(page, 'North', LIST))
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export CSV' }).click()])
  expect(download.suggestedFilename()).toBe('North.csv')
  const csv = readFileSync(await download.path(), 'utf8')
  for (const text of ['Estonia', 'Helsinki', 'Nordic']) expect(csv).toContain(text)
  await open(page, await createDeck(page, 'Copy', csv))
  await expect.poll(() => fronts(page)).toEqual(['Estonia', 'Latvia', 'Finland'])
  await expect(page.getByRole('row').filter({ hasText: 'Finland' })).toContainText('Nordic')
})

test('deletes a deck, and takes it back', async ({ device }) => {
  const page = await device('phone')
  await teacher(page)
  await open(page, await createDeck(page, 'North', LIST))
  await page.getByText('Change this deck').click()
  await page.getByRole('button', { name: 'Delete deck' }).click()
  await expect(page.getByText('The deck was deleted.')).toBeVisible()
  await expect(page.getByRole('link', { name: /North/ })).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'North' })).toBeVisible()
  await expect(page.getByText('3 cards', { exact: true })).toBeVisible()
})
