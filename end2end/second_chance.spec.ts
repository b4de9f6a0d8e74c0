// The most missed question comes back at the end, is marked as such, and stands in the report as what it is.
import { randomUUID } from 'node:crypto'
import { answer, expect, importCountries, joinAs, next, open, openQuestion, pinOf, send, teacher, test } from './people.ts'

test('a missed question comes back once at the end', async ({ device }) => {
  test.slow()
  const [host, mina] = await Promise.all([device('computer'), device('phone')])
  await teacher(host)
  const deck = await importCountries(host)
  await open(host, await send(host, '/api/create_live_session', {
    deck: deck.replace('/decks/', ''), category: '', card_count: '1', time_limit_s: '60', answers: 'choice', key: randomUUID(),
    'rules[second_chance]': 'on',
  }))
  await joinAs(mina, await pinOf(host), 'Mina')
  await next(host, 'Start').click()
  await openQuestion(host)
  await answer(mina, false)
  await expect(host.getByText('0 of 1 right', { exact: true })).toBeVisible()
  await next(host, 'Next question').click()
  await expect(host.getByText('Second chance 1 of 1', { exact: true })).toBeVisible()
  await expect(mina.getByText('Second chance 1 of 1', { exact: true })).toBeVisible()
  await openQuestion(host)
  await host.screenshot({ path: test.info().outputPath('second.png') })
  await mina.screenshot({ path: test.info().outputPath('phone-second.png') })
  await answer(mina, true)
  await expect(host.getByText('1 of 1 right', { exact: true })).toBeVisible()
  await next(host, 'To the podium').click()
  await next(host, 'Finish').click()
  await host.getByRole('link', { name: 'Report' }).click()
  await expect(host.getByText('Second chance of question 1')).toBeVisible()
  await host.screenshot({ path: test.info().outputPath('report.png') })
})
