// Sound on the projector: silent until the host wants it, and the device remembers.
import { answer, expect, hostQuiz, importCountries, joinAs, next, openQuestion, reload, teacher, test, type Page } from './people.ts'

/** How many tones the page has begun. */
const tones = (page: Page) => page.evaluate(() => (window as unknown as { tones: number }).tones)

test('sound is off until the host turns it on, and stays so on this device', async ({ device }) => {
  test.slow()
  const [host, mina] = await Promise.all([device('computer'), device('phone')])
  await host.addInitScript(() => {
    const counted = window as unknown as { tones: number }
    counted.tones = 0
    const start = AudioScheduledSourceNode.prototype.start
    AudioScheduledSourceNode.prototype.start = function (when?: number) { counted.tones++; start.call(this, when) }
    OscillatorNode.prototype.start = AudioScheduledSourceNode.prototype.start
  })
  await teacher(host)
  const pin = await hostQuiz(host, await importCountries(host), { cards: 2 })
  await joinAs(mina, pin, 'Mina')
  await next(host, 'Start').click()
  await openQuestion(host)
  await answer(mina, true)
  await expect(host.getByText('1 of 1 right', { exact: true })).toBeVisible()
  expect(await tones(host)).toBe(0)
  await host.getByRole('button', { name: 'Sound: off' }).click()
  await expect(host.getByRole('button', { name: 'Sound: on' })).toBeVisible()
  expect(await tones(host)).toBe(1)
  await reload(host)
  await expect(host.getByRole('button', { name: 'Sound: on' })).toBeVisible()
  await next(host, 'Leaderboard').click()
  await next(host, 'Next question').click()
  await openQuestion(host)
  const before = await tones(host)
  await answer(mina, true)
  await expect(host.getByText('1 of 1 right', { exact: true })).toBeVisible()
  await expect.poll(() => tones(host)).toBe(before + 2)
  await next(host, 'To the podium').click()
  await expect.poll(() => tones(host)).toBe(before + 6)
  await host.screenshot({ path: test.info().outputPath('bar.png') })
})
