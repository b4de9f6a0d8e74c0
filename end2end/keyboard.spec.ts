// A whole small quiz without a mouse or a finger.
import { createDeck, expect, open, PASSWORD, pinOf, reacts, teacher, test, type Locator, type Page } from './people.ts'

const LIST = 'front,back\nEstonia,Tallinn\nLatvia,Riga\nLithuania,Vilnius\nFinland,Helsinki\n'

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, goal: Locator): Promise<void> {
  await expect(goal).toBeVisible()
  const reached = () => goal.evaluate(element => element === document.activeElement)
  for (let presses = 0; presses < 60 && !await reached(); presses++) await page.keyboard.press('Tab')
  await expect(goal).toBeFocused()
}

const focusIsVisible = (page: Page) => page.evaluate(() => {
  const style = getComputedStyle(document.activeElement!)
  return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'
})

test('Tab goes through the sign-in page in the order one reads it, and the focus is seen', async ({ device }) => {
  const page = await device('computer')
  await open(page, '/sign-in')
  const order = [
    page.getByRole('link', { name: 'Skip to the content' }),
    page.getByRole('link', { name: 'Studyhall', exact: true }),
    page.locator('summary').filter({ hasText: 'Light or dark' }),
    page.getByRole('banner').getByRole('link', { name: 'Sign in' }),
    page.getByRole('banner').getByRole('link', { name: 'Sign up' }),
    page.getByLabel('E-mail'),
    page.getByLabel('Password'),
    page.getByRole('button', { name: 'Sign in' }),
    page.getByRole('link', { name: 'No account yet? Sign up' }),
  ]
  for (const stop of order) {
    await page.keyboard.press('Tab')
    await expect(stop).toBeFocused()
    expect(await focusIsVisible(page), `the focus on ${stop} is seen`).toBe(true)
  }
})

test('a whole quiz by keyboard', async ({ device }) => {
  test.slow()
  const [elsewhere, host, player] = await Promise.all([device('computer'), device('computer'), device('computer')])
  const email = await teacher(elsewhere)
  const deck = await createDeck(elsewhere, 'Baltic', LIST)

  await test.step('the teacher signs in and opens a lobby', async () => {
    await open(host, `/sign-in?next=${deck}`)
    await tabTo(host, host.getByLabel('E-mail'))
    await host.keyboard.type(email)
    await host.keyboard.press('Tab')
    await host.keyboard.type(PASSWORD)
    await host.keyboard.press('Enter')
    await expect(host.getByRole('heading', { level: 1, name: 'Baltic' })).toBeVisible()
    await reacts(host)
    await tabTo(host, host.getByRole('link', { name: 'Host a quiz' }))
    await host.keyboard.press('Enter')
    await tabTo(host, host.getByLabel('Number of questions'))
    await host.keyboard.press('Control+A')
    await host.keyboard.type('2')
    await tabTo(host, host.getByLabel('Time for each question'))
    await host.keyboard.type('60')
    await tabTo(host, host.getByRole('button', { name: 'Open the lobby' }))
    await host.keyboard.press('Enter')
    await expect(host.getByText('Waiting for the first player')).toBeVisible()
  })
  await test.step('a player joins', async () => {
    const pin = await pinOf(host)
    await open(player, '/join')
    await expect(player.getByLabel('PIN')).toBeFocused()
    await player.keyboard.type(pin)
    await player.keyboard.press('Tab')
    await player.keyboard.type('Mina')
    await player.keyboard.press('Enter')
    await expect(player.getByRole('heading', { name: 'You are in' })).toBeVisible()
    await expect(host.getByText('Mina', { exact: true })).toBeVisible()
  })
  await test.step('the quiz', async () => {
    await host.keyboard.press('Space')
    await expect(player.getByText('Get ready')).toBeVisible()
    await host.keyboard.press('Space')
    await expect(player.getByRole('form', { name: 'Answers' })).toBeVisible()
    await player.keyboard.press('2')
    await expect(host.getByText(/^[01] of 1 right$/)).toBeVisible()
    await expect(player.getByText(/^(Right|Not this time)$/)).toBeVisible()
    await host.keyboard.press('ArrowRight')
    await expect(host.getByRole('heading', { name: 'Leaderboard' })).toBeVisible()
    await host.keyboard.press('PageDown')
    await expect(host.getByText('Question 2 of 2')).toBeVisible()
    await host.keyboard.press('Enter')
    await expect(player.getByRole('form', { name: 'Answers' })).toBeVisible()
    // Ending asks first.
    await host.keyboard.press('e')
    await expect(host.getByRole('dialog', { name: 'End the quiz?' })).toBeVisible()
    await host.keyboard.press('Escape')
    await expect(host.getByRole('dialog')).toBeHidden()
    await player.keyboard.press('a')
    await expect(host.getByText(/^[01] of 1 right$/)).toBeVisible()
    await host.keyboard.press('Space')
    await expect(host.getByRole('heading', { name: 'Podium' })).toBeVisible()
    await host.keyboard.press('Space')
    await expect(host.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
  })
})
