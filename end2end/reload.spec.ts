// Losing the page or the server in the middle of a quiz: everybody is back in the same view.
import { answer, capitals, choice, choices, createDeck, expect, expectNoReload, hostQuiz, joinAs, mark, next, openQuestion, questionOn, reacts, reload, teacher, test, type Page } from './people.ts'

test.use({ world: 'losses' })

const deck = (host: Page) => createDeck(host, 'Capitals', ['front,back', ...[...capitals].slice(0, 12).map(pair => pair.join(','))].join('\n'))

/** The seconds in the ring. */
const seconds = async (page: Page) => Number(await page.getByRole('timer').textContent())

test('a reload brings host and player back in every phase', async ({ device }) => {
  test.slow()
  const [host, phone, other] = await Promise.all([device('computer'), device('phone'), device('phone')])
  await teacher(host)
  const pin = await hostQuiz(host, await deck(host), { cards: 2 })
  await joinAs(phone, pin, 'Mina')
  await joinAs(other, pin, 'Otto')

  await test.step('lobby', async () => {
    await reload(host)
    await expect(host.locator('.pin .visually-hidden')).toHaveText([...pin].join(' '))
    await expect(host.getByText('Mina', { exact: true })).toBeVisible()
    await reload(phone)
    await expect(phone.getByRole('heading', { name: 'You are in' })).toBeVisible()
    await expect(phone.getByText('Mina', { exact: true }).first()).toBeVisible()
    await expect(host.getByText('2 players', { exact: true }).first()).toBeVisible()
  })
  await test.step('lead-in', async () => {
    await next(host, 'Start').click()
    await expect(phone.getByText('Get ready')).toBeVisible()
    // It lasts four seconds: what the server sends first shows it already.
    await Promise.all([host, phone].map(async page => {
      await page.reload({ waitUntil: 'commit' })
      await expect(page.getByText('Get ready')).toBeVisible()
      await expect(page.getByRole('timer')).toBeVisible()
    }))
    await Promise.all([reacts(host), reacts(phone)])
  })
  const question = await test.step('question, before the answer', async () => {
    // The lead-in may have ended by itself.
    await expect(choices(phone).first()).toBeVisible()
    await expect(next(host, 'Reveal now')).toBeVisible()
    const question = await questionOn(phone)
    for (const page of [host, phone]) {
      const before = await seconds(page)
      await reload(page)
      expect(await questionOn(page)).toBe(question)
      expect(await seconds(page)).toBeLessThanOrEqual(before)
      expect(await seconds(page)).toBeGreaterThan(20)
    }
    await expect(choices(phone)).toHaveCount(4)
    await expect(choices(phone).first()).toBeEnabled()
    return question
  })
  await test.step('question, after the answer', async () => {
    const given = await (await choice(phone, true)).textContent()
    await answer(phone, true)
    await expect(phone.getByText('Taken', { exact: true })).toBeVisible()
    await reload(phone)
    await expect(phone.getByText('Taken', { exact: true })).toBeVisible()
    await expect(phone.getByRole('button', { pressed: true })).toHaveText(given!)
    await expect(choices(phone).first()).toBeDisabled()
    await reload(host)
    expect(await questionOn(host)).toBe(question)
    await expect(host.getByText('1 of 2', { exact: true })).toBeVisible()
  })
  await test.step('reveal', async () => {
    await next(host, 'Reveal now').click()
    await expect(phone.getByText('Right', { exact: true })).toBeVisible()
    const points = await phone.getByText(/^\+\d/).textContent()
    await reload(host)
    await expect(host.getByText('1 of 1 right', { exact: true })).toBeVisible()
    await reload(phone)
    await expect(phone.getByText('Right', { exact: true })).toBeVisible()
    await expect(phone.getByText(points!, { exact: true })).toBeVisible()
    await expect(phone.getByText('Place 1 of 2')).toBeVisible()
    await reload(other)
    await expect(other.getByText('No answer')).toBeVisible()
  })
  await test.step('leaderboard', async () => {
    await next(host, 'Leaderboard').click()
    for (const page of [host, phone]) {
      await expect(page.getByRole('heading', { name: 'Leaderboard' })).toBeVisible()
      await reload(page)
      await expect(page.getByRole('heading', { name: 'Leaderboard' })).toBeVisible()
      await expect(page.getByRole('listitem').filter({ hasText: 'Mina' })).toContainText('points')
    }
  })
  await test.step('podium', async () => {
    await next(host, 'Next question').click()
    await openQuestion(host)
    await next(host, 'Reveal now').click()
    await next(host, 'To the podium').click()
    await expect(phone.getByText('Place 1 of 2')).toBeVisible()
    await reload(host)
    await expect(host.getByRole('heading', { name: 'Podium' })).toBeVisible()
    await reload(phone)
    await expect(phone.getByText('Place 1 of 2')).toBeVisible()
    await next(host, 'Finish').click()
    await expect(host.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
    await reload(host)
    await expect(host.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
    await reload(phone)
    await expect(phone.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
  })
})

test.describe('when the server dies', () => {
  test.use({ expected: /WebSocket connection|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED/ })

  test('in the middle of a question, all come back by themselves and no answer is lost', async ({ device, server }) => {
    test.slow()
    const [host, phone, other] = await Promise.all([device('computer'), device('phone'), device('phone')])
    await teacher(host)
    const pin = await hostQuiz(host, await deck(host), { cards: 2, seconds: 120 })
    await joinAs(phone, pin, 'Mina')
    await joinAs(other, pin, 'Otto')
    await next(host, 'Start').click()
    await openQuestion(host)
    const question = await questionOn(host)
    const given = await (await choice(phone, true)).textContent()
    await answer(phone, true)
    await expect(host.getByText('1 of 2', { exact: true })).toBeVisible()
    const left = await seconds(other)
    for (const page of [host, phone, other]) await mark(page)

    await server.kill()
    for (const page of [host, phone, other]) await expect(page.getByText('Reconnecting').first()).toBeVisible()
    await expect(phone.getByText('your answer is safe')).toBeVisible()
    await server.start()

    for (const page of [host, phone, other]) {
      await expect(page.getByText('Connected', { exact: true })).toBeAttached({ timeout: 30_000 })
      expect(await questionOn(page)).toBe(question)
    }
    await expect(phone.getByText('Taken', { exact: true })).toBeVisible()
    await expect(phone.getByRole('button', { pressed: true })).toHaveText(given!)
    await expect(host.getByText('1 of 2', { exact: true })).toBeVisible()
    expect(await seconds(other)).toBeLessThanOrEqual(left)
    expect(await seconds(other)).toBeGreaterThan(left - 60)

    await answer(other, true)
    await expect(host.getByText('2 of 2 right', { exact: true })).toBeVisible()
    await expect(phone.getByText('Right', { exact: true })).toBeVisible()
    await expect(other.getByText('Right', { exact: true })).toBeVisible()
    for (const page of [host, phone, other]) await expectNoReload(page)
  })

  test('a phone without network comes back when the network does', async ({ device }) => {
    const [host, phone] = await Promise.all([device('computer'), device('phone')])
    await teacher(host)
    const pin = await hostQuiz(host, await deck(host), { cards: 1 })
    await joinAs(phone, pin, 'Mina')
    await expect(phone.getByText('Connected', { exact: true })).toBeAttached()
    await phone.context().setOffline(true)
    await next(host, 'Start').click()
    await openQuestion(host)
    await phone.context().setOffline(false)
    await expect(choices(phone)).toHaveCount(4, { timeout: 30_000 })
    await answer(phone, true)
    await expect(host.getByText('1 of 1 right', { exact: true })).toBeVisible()
  })
})
