// What somebody is writing on a card is never lost: not by a mistake, not by uploading a picture.
import { createDeck, expect, open, reacts, teacher, test, type Page } from './people.ts'

// One transparent pixel.
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

async function write(page: Page): Promise<void> {
  await page.getByLabel('Front', { exact: true }).fill('Which river?\n\n**Think**')
  await page.getByLabel('Back', { exact: true }).fill('Emajõgi')
  await page.getByLabel('Hint', { exact: true }).fill('Tartu')
}

async function isThere(page: Page): Promise<void> {
  await expect(page.getByLabel('Front', { exact: true })).toHaveValue('Which river?\n\n**Think**')
  await expect(page.getByLabel('Back', { exact: true })).toHaveValue('Emajõgi')
  await expect(page.getByLabel('Hint', { exact: true })).toHaveValue('Tartu')
}

for (const javaScriptEnabled of [true, false]) {
  test(`a picture is uploaded from the middle of writing, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ device }) => {
    const page = await device('computer', { javaScriptEnabled })
    await teacher(page)
    await page.goto(await createDeck(page, 'Rivers', 'front,back\nEstonia,Narva\n'))
    await page.getByRole('link', { name: 'Edit Estonia' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Edit card' })).toBeVisible()
    if (javaScriptEnabled) {
      await page.reload()
      await reacts(page)
    }
    await write(page)
    await page.getByLabel('Picture', { exact: true }).setInputFiles({ name: 'map.png', mimeType: 'image/png', buffer: PICTURE })
    await page.getByRole('button', { name: 'Upload' }).click()
    await expect(page.getByText('The picture is here.')).toBeVisible()
    await isThere(page)
    const markdown = (await page.locator('code').first().textContent()) ?? ''
    expect(markdown).toMatch(/^!\[\]\(\/images\/[0-9a-f-]{36}\)$/)
    if (javaScriptEnabled) await reacts(page)
    await isThere(page)

    // No file chosen: told, and still nothing lost.
    await page.getByRole('button', { name: 'Upload' }).click()
    await expect(page.getByText('This picture cannot be used.')).toBeVisible()
    await isThere(page)
    if (javaScriptEnabled) await reacts(page)

    await page.getByLabel('Back', { exact: true }).fill(`Emajõgi ${markdown}`)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Rivers' })).toBeVisible()
    const row = page.getByRole('row').filter({ hasText: 'Which river?' })
    await expect(row).toContainText('Emajõgi')
    await expect(row.locator('img')).toHaveJSProperty('naturalWidth', 1)
  })
}

test('without JavaScript a refused card comes back as it was written', async ({ device }) => {
  const page = await device('computer', { javaScriptEnabled: false })
  await teacher(page)
  const deck = await createDeck(page, 'Rivers', 'front,back\nEstonia,Narva\n')
  await page.goto(deck)
  await page.getByRole('link', { name: 'Edit Estonia' }).click()
  await write(page)
  const tags = Array.from({ length: 21 }, (_, n) => `tag${n}`).join(' ')
  await page.getByLabel('Tags').fill(tags)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('At most 20 are possible.')).toBeVisible()
  await isThere(page)
  await expect(page.getByLabel('Tags')).toHaveValue(tags)

  await page.goto(deck)
  await page.getByLabel('Front', { exact: true }).fill('Latvia')
  await page.getByLabel('Back', { exact: true }).fill('Daugava')
  await page.getByLabel('Tags').last().fill(tags)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('At most 20 are possible.')).toBeVisible()
  await expect(page.getByLabel('Front', { exact: true })).toHaveValue('Latvia')
  await expect(page.getByLabel('Back', { exact: true })).toHaveValue('Daugava')
})

test('the picture of a card opened in the deck is uploaded without a reload before', async ({ device }) => {
  const page = await device('computer')
  await teacher(page)
  await open(page, await createDeck(page, 'Rivers', 'front,back\nEstonia,Narva\n'))
  await page.getByRole('link', { name: 'Edit Estonia' }).click()
  await write(page)
  await page.getByLabel('Picture', { exact: true }).setInputFiles({ name: 'map.png', mimeType: 'image/png', buffer: PICTURE })
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(page.getByText('The picture is here.')).toBeVisible()
  await isThere(page)
})
