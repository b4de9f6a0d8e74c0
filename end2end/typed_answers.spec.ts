// Questions that are answered by typing: what counts as the same, and what does not.
import { createDeck, expect, hostQuiz, joinAs, next, openQuestion, teacher, test } from './people.ts'

test('accents, case and small slips do not matter, a further right answer counts, a hint helps', async ({ device }) => {
  test.slow()
  const [host, ...phones] = await Promise.all([device('computer'), device('phone'), device('phone'), device('phone')])
  await teacher(host)
  const list = 'front,back,hint,aliases\nSão Tomé and Príncipe,São Tomé,On an island,Sao Thome\n'
  const pin = await hostQuiz(host, await createDeck(host, 'Islands', list), { cards: 1, answers: 'typed' })
  const typed = [['Mina', '  sao  tome '], ['Otto', 'SAO THOME'], ['Liis', 'Tallinn']] as const
  for (const [i, [name]] of typed.entries()) await joinAs(phones[i]!, pin, name)
  await next(host, 'Start').click()
  await openQuestion(host)
  await expect(host.getByText('On an island')).toBeVisible()
  for (const [i, [, answer]] of typed.entries()) {
    const field = phones[i]!.getByLabel('Your answer')
    await expect(field).toBeFocused()
    await field.fill(answer)
    await field.press('Enter')
  }
  await expect(host.getByText('2 of 3 right', { exact: true })).toBeVisible()
  await expect(host.getByText('São Tomé', { exact: true })).toBeVisible()
  await expect(phones[0]!.getByText('Right', { exact: true })).toBeVisible()
  await expect(phones[1]!.getByText('Right', { exact: true })).toBeVisible()
  await expect(phones[2]!.getByText('Not this time', { exact: true })).toBeVisible()
  await expect(phones[2]!.getByText('You answered: Tallinn')).toBeVisible()
})
