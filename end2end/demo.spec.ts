// The demo that an operator makes to look around in.
import { expect, signIn, test } from './people.ts'

test.use({ world: 'demo' })

test('the printed account leads to a group with two decks', async ({ device, server }) => {
  const printed = await server.run('admin', 'demo')
  const word = (name: string) => new RegExp(`${name}: +(.+)`).exec(printed)?.[1] ?? ''
  const page = await device('computer')
  await signIn(page, word('Teacher'), word('Password'))
  await expect(page.getByText('Geography 8b').first()).toBeVisible()
  await page.getByRole('link', { name: 'Geography 8b' }).click()
  await expect(page.getByText('11 people')).toBeVisible()
  await expect(page.getByRole('link', { name: /Chemical elements.*118 cards/ })).toBeVisible()
  await page.getByRole('link', { name: /Capitals of the world.*195 cards/ }).click()
  await expect(page.getByRole('link', { name: 'Host a quiz' })).toBeVisible()
  await expect(page.getByText('Page 1 of')).toBeVisible()

  // Once more changes nothing.
  expect(await server.run('admin', 'demo')).toBe(printed)
  const learner = await device('phone')
  await signIn(learner, word('Learners').split(', ')[0]!, word('Password'))
  await expect(learner.getByRole('link', { name: 'Geography 8b' })).toBeVisible()
})
