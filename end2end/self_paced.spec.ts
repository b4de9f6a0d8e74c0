// The same quiz later: the host makes the link, a learner plays it on a phone against the room, with a reload in the
// middle and by keyboard, and stands in the report.
import AxeBuilder from '@axe-core/playwright'
import { answer, choice, choices, createGroup, expect, hostQuiz, importCountries, joinAs, next, open, openQuestion, reacts, reload, teacher, test, type Page } from './people.ts'

/** Pictures of what is on the page in both themes; and axe finds nothing serious. */
async function look(page: Page, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const width = page.viewportSize()!.width
    await page.screenshot({ path: test.info().outputPath(`${name}-${width}-${scheme}.png`), fullPage: true })
    const found = await new AxeBuilder({ page }).analyze()
    expect(found.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')).toEqual([])
    const { scroll, client } = await page.evaluate(() => {
      const { scrollWidth: scroll, clientWidth: client } = document.documentElement
      return { scroll, client }
    })
    expect(scroll, 'nothing stands over the edge').toBeLessThanOrEqual(client)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Two questions in a room with Ben, who gets the first right. Ends on the report. */
async function played(host: Page, ben: Page, seconds = 60): Promise<void> {
  await teacher(host)
  const deck = await importCountries(host, await createGroup(host, 'Geography 8b'))
  const pin = await hostQuiz(host, deck, { cards: 2, seconds })
  await joinAs(ben, pin, 'Ben')
  await next(host, 'Start').click()
  for (const question of [1, 2]) {
    await openQuestion(host)
    await answer(ben, question === 1)
    await expect(host.getByText(`${2 - question} of 1 right`, { exact: true })).toBeVisible()
    if (question === 2) break
    await next(host, 'Leaderboard').click()
    await next(host, 'Next question').click()
  }
  await next(host, 'To the podium').click()
  await next(host, 'Finish').click()
  await host.getByRole('link', { name: 'Report' }).click()
  await expect(host.getByRole('heading', { level: 1, name: 'Report' })).toBeVisible()
}

/** Makes the link; gives its address. */
async function link(host: Page): Promise<string> {
  await host.getByRole('link', { name: 'Self-paced play' }).click()
  await expect(host.getByRole('heading', { level: 1, name: 'Self-paced play' })).toBeVisible()
  // In the zone of the reader: the browser's own.
  await reacts(host)
  await expect(host.getByText('In UTC.')).toHaveCount(0)
  await expect(host.getByLabel('Open until')).toHaveValue(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
  await host.getByRole('button', { name: 'Make the link' }).click()
  await expect(host.getByRole('img', { name: /QR code/ })).toBeVisible()
  await reacts(host)
  await host.getByRole('button', { name: 'Copy' }).click()
  await expect(host.getByRole('button', { name: 'Copied' })).toBeVisible()
  const address = await host.getByLabel('Link').inputValue()
  expect(address).toMatch(/\/again\/[0-9a-f]{32}$/)
  return new URL(address).pathname
}

test('a guest plays it later on a phone and stands in the report', async ({ device }) => {
  test.setTimeout(240_000)
  const [host, ben, ada] = await Promise.all([device('computer'), device('phone'), device('phone')])
  await played(host, ben)
  await look(host, 'report-before')
  const path = await link(host)
  await look(host, 'teacher')

  await open(ada, path)
  await expect(ada.getByRole('heading', { level: 1, name: 'Capitals' })).toBeVisible()
  await expect(ada.getByText('2 questions, 60 s each')).toBeVisible()
  await look(ada, 'door')
  await ada.getByLabel('Your name').fill('ben')
  await ada.getByRole('button', { name: 'Join' }).click()
  await expect(ada.getByText(/Free is: ben 2/)).toBeVisible()
  await ada.getByLabel('Your name').fill('Ada')
  await ada.getByRole('button', { name: 'Join' }).click()
  await expect(ada.getByText('Ready, Ada?')).toBeVisible()
  await look(ada, 'ready')
  await ada.getByRole('button', { name: 'Start' }).click()
  await expect(ada.getByText('Get ready')).toBeVisible()
  await expect(choices(ada)).toHaveCount(0)
  await expect(choices(ada)).toHaveCount(4)
  await look(ada, 'question')
  await test.step('a reload shows the same question with less time', async () => {
    const question = await ada.getByRole('heading', { level: 1 }).textContent()
    await reload(ada)
    await expect(ada.getByRole('heading', { level: 1 })).toHaveText(question!)
    await expect(choices(ada)).toHaveCount(4)
    const left = Number(await ada.locator('.ring-text').textContent())
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(60)
  })
  await (await choice(ada, true)).click()
  await expect(ada.getByText('Right', { exact: true })).toBeVisible()
  await expect(ada).toHaveTitle(/^Right · /)
  await expect(ada.getByText('In the room 1 of 1 were right.')).toBeVisible()
  await expect(ada.getByText(/^Place [12] of 2$/)).toBeVisible()
  await look(ada, 'reveal')
  await test.step('the second by keyboard alone', async () => {
    await expect(ada.getByRole('button', { name: 'Next question' })).toBeFocused()
    await ada.keyboard.press('Enter')
    await expect(choices(ada)).toHaveCount(4)
    await reacts(ada)
    const right = (await (await choice(ada, true)).locator('.answer-letter').textContent())!
    await ada.keyboard.press(right.toLowerCase())
    await expect(ada.getByText('Right', { exact: true })).toBeVisible()
    await expect(ada.getByText('In the room 0 of 1 were right.')).toBeVisible()
    await expect(ada.getByRole('button', { name: 'To the result' })).toBeFocused()
    await ada.keyboard.press('Enter')
  })
  await expect(ada.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
  await expect(ada.getByText('Place 1 of 2')).toBeVisible()
  await look(ada, 'end')
  await ada.getByRole('link', { name: 'My answers' }).click()
  await expect(ada.getByRole('heading', { level: 1, name: 'Capitals: your answers' })).toBeVisible()
  await expect(ada.getByRole('link', { name: 'Create an account' })).toBeVisible()

  await host.reload()
  await expect(host.getByRole('row', { name: /Ada/ })).toContainText('finished')
  await look(host, 'teacher-played')
  await host.getByRole('link', { name: 'Report' }).click()
  await expect(host.getByRole('row', { name: /Ada/ })).toContainText('self-paced')
  await expect(host.locator('.tile').filter({ hasText: 'Players' })).toContainText('2')
  await look(host, 'report')
  await host.setViewportSize({ width: 390, height: 844 })
  await look(host, 'report')
  await host.getByRole('link', { name: 'Live only' }).click()
  await expect(host.locator('.tile').filter({ hasText: 'Players' })).toContainText('1')
  await expect(host.getByRole('row', { name: /Ada/ })).toHaveCount(0)
  await host.getByRole('link', { name: 'Self-paced play' }).click()
  await look(host, 'teacher-played')
  await host.getByRole('button', { name: 'Close now' }).click()
  await expect(host.getByText('Closed since')).toBeVisible()
  await open(ben, path)
  await expect(ben.getByText('This quiz is closed')).toBeVisible()
  await look(ben, 'closed')
})

test('by plain forms, and time that runs out is no answer', async ({ device }) => {
  test.setTimeout(240_000)
  const [host, ben, ada] = await Promise.all([device('computer'), device('phone'), device('phone', { javaScriptEnabled: false })])
  await played(host, ben, 5)
  const path = await link(host)
  await ada.goto(path)
  await ada.getByLabel('Your name').fill('Ada')
  await ada.getByRole('button', { name: 'Join' }).click()
  await ada.getByRole('button', { name: 'Start' }).click()
  // The page looks again by itself: for the options, and when the time is over.
  await expect(choices(ada)).toHaveCount(4)
  await expect(ada.getByText('No answer', { exact: true })).toBeVisible({ timeout: 20_000 })
  await ada.getByRole('button', { name: 'Next question' }).click()
  await expect(choices(ada)).toHaveCount(4)
  await choices(ada).first().click()
  await expect(ada.getByText(/^(Right|Not this time)$/)).toBeVisible()
  await ada.getByRole('button', { name: 'To the result' }).click()
  await expect(ada.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
})
