// What is left of a quiz: the report, the own answers, a guest who keeps them.
import AxeBuilder from '@axe-core/playwright'
import { answer, expect, hostQuiz, importCountries, joinAs, next, open, openQuestion, PASSWORD, teacher, test } from './people.ts'

test('a report that a teacher keeps, and a guest who keeps the own answers', async ({ device }) => {
  test.slow()
  const [host, mina, fox] = await Promise.all([device('computer'), device('phone'), device('phone')])
  await teacher(host)
  const pin = await hostQuiz(host, await importCountries(host), { cards: 2 })
  await joinAs(mina, pin, 'Mina')
  await joinAs(fox, pin, 'Fox')
  await next(host, 'Start').click()
  for (const question of [1, 2]) {
    await openQuestion(host)
    await answer(mina, true)
    await answer(fox, question === 2)
    await expect(host.getByText(`${question} of 2 right`, { exact: true })).toBeVisible()
    if (question === 2) break
    await next(host, 'Leaderboard').click()
    await next(host, 'Next question').click()
  }
  await next(host, 'To the podium').click()
  await next(host, 'Finish').click()

  await host.getByRole('link', { name: 'Report' }).click()
  await expect(host.locator('.tile').filter({ hasText: 'Right' })).toContainText('75 %')
  await expect(host.getByRole('list', { name: 'Share of right answers, by question' }).getByRole('listitem')).toHaveCount(2)
  await expect(host.getByRole('row', { name: /Mina/ })).toContainText('2 of 2 right')
  await host.locator('main details').first().locator('summary').click()
  await expect(host.getByText(/Half answered within/).first()).toBeVisible()
  for (const scheme of ['light', 'dark'] as const) {
    await host.emulateMedia({ colorScheme: scheme })
    const found = await new AxeBuilder({ page: host }).analyze()
    expect(found.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')).toEqual([])
  }
  const file = host.waitForEvent('download')
  await host.getByRole('link', { name: 'Spreadsheet (XLSX)' }).click()
  expect((await file).suggestedFilename()).toBe('quiz.xlsx')
  await open(host, '/quizzes')
  await expect(host.getByRole('listitem').filter({ hasText: 'Capitals' })).toContainText('2 players')

  await fox.getByRole('link', { name: 'My answers' }).click()
  await expect(fox.getByText('Right answer', { exact: false }).first()).toBeVisible()
  await fox.getByRole('link', { name: 'Create an account' }).click()
  await fox.getByRole('radio', { name: 'I learn' }).check()
  await fox.getByLabel('Name').fill('Fox Berg')
  await fox.getByLabel('E-mail').fill('fox@school.test')
  await fox.getByLabel('Password').fill(PASSWORD)
  await fox.getByRole('button', { name: 'Create account' }).click()
  await fox.getByRole('button', { name: 'Save to my account' }).click()
  await expect(fox.getByRole('button', { name: 'Save to my account' })).toHaveCount(0)
  await open(fox, '/quizzes')
  await expect(fox.getByRole('listitem').filter({ hasText: 'Capitals' })).toContainText('Place 2 of 2')
})
