// How sure everybody was, from the setup to the report; and the question's card for one's own deck.
import AxeBuilder from '@axe-core/playwright'
import { answer, expect, importCountries, joinAs, next, open, openQuestion, pinOf, questionOn, signUp, teacher, test, type Page } from './people.ts'

async function noSeriousMistakes(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => v.id)).toEqual([])
  }
}

test('sure and wrong is found, and a learner takes the card along', async ({ device }) => {
  test.slow()
  const [host, mina, fox] = await Promise.all([device('computer'), device('phone'), device('phone')])
  await teacher(host)
  await open(host, `${await importCountries(host)}/blitz`)
  await host.getByLabel('Number of questions').fill('2')
  await host.getByText('More choices').click()
  await host.getByLabel('Ask how sure').check()
  await host.getByLabel('People you expect').fill('30')
  await host.getByRole('button', { name: 'Open the lobby' }).click()
  const pin = await pinOf(host)
  await signUp(mina, 'Mina', 'I learn')
  await joinAs(mina, pin, 'Mina')
  await joinAs(fox, pin, 'Fox')
  await next(host, 'Start').click()
  await openQuestion(host)
  const pick = mina.getByRole('group', { name: 'How sure are you?' })
  await expect(mina.getByText('Taken', { exact: true })).toHaveCount(0)
  await expect(pick).toHaveCount(0)
  await answer(mina, false)
  await expect(pick).toBeVisible()
  await noSeriousMistakes(mina)
  // By keyboard, and changed once.
  await pick.getByRole('button', { name: 'Not sure' }).press('Enter')
  await expect(pick.getByRole('button', { name: 'Not sure' })).toHaveAttribute('aria-pressed', 'true')
  await pick.getByRole('button', { name: 'Sure', exact: true }).click()
  await expect(pick.getByRole('button', { name: 'Sure', exact: true })).toHaveAttribute('aria-pressed', 'true')
  await mina.reload()
  await expect(pick.getByRole('button', { name: 'Sure', exact: true })).toHaveAttribute('aria-pressed', 'true')
  await answer(fox, true)
  await fox.getByRole('button', { name: 'Sure', exact: true }).click()
  await expect(host.getByText('1 person was sure and wrong')).toBeVisible()
  await noSeriousMistakes(host)
  await expect(mina.getByText('You were sure.')).toBeVisible()

  // One tap, and the game goes on.
  const country = await mina.locator('.solution h1, .solution .question').first().textContent() ?? await questionOn(mina)
  await mina.getByRole('button', { name: 'Add to my deck' }).click()
  await expect(mina.getByText('In your deck')).toBeVisible()
  await noSeriousMistakes(mina)
  await expect(fox.getByText('create an account after the quiz')).toBeVisible()
  await expect(fox.getByRole('button', { name: 'Add to my deck' })).toHaveCount(0)
  await mina.reload()
  await expect(mina.getByText('In your deck')).toBeVisible()
  await next(host, 'Leaderboard').click()
  await next(host, 'Next question').click()
  await openQuestion(host)
  await answer(mina, true)
  await answer(fox, true)
  // Nobody says how sure: the question waits a moment and closes.
  await expect(host.getByText('2 of 2 right', { exact: true })).toBeVisible({ timeout: 15_000 })
  await next(host, 'To the podium').click()
  await next(host, 'Finish').click()

  await mina.getByRole('link', { name: 'My answers' }).click()
  await expect(mina.getByText('In your deck')).toHaveCount(1)
  await mina.getByRole('button', { name: 'Add to my deck' }).click()
  await expect(mina.getByText('In your deck')).toHaveCount(2)
  await noSeriousMistakes(mina)
  await open(mina, '/decks')
  await mina.getByRole('link', { name: 'From Blitz Quizzes' }).click()
  await expect(mina.getByText(country.trim(), { exact: true }).first()).toBeVisible()

  await host.getByRole('link', { name: 'Report' }).click()
  await expect(host.getByText('1 sure and wrong', { exact: true })).toBeVisible()
  await expect(host.getByRole('row', { name: /Mina/ })).toContainText('Sure: 0 right, 1 wrong. Not sure: 0 right, 0 wrong.')
  await noSeriousMistakes(host)
})
