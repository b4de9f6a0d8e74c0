// Three people study a deck at the same time: who is in, the timer, the conversation, a lost line, a quiz and back.
import AxeBuilder from '@axe-core/playwright'
import { createDeck, createGroup, expect, expectNoReload, mark, next, open, reacts, send, signUp, teacher, test, type Page } from './people.ts'

test.use({ world: 'study-room', expected: /ERR_INTERNET_DISCONNECTED|WebSocket/ })

const DECK = 'front,back\nEstonia,Tallinn\nLatvia,Riga\nLithuania,Vilnius\nFinland,Helsinki\n'

interface Class {
  host: Page
  mina: Page
  otto: Page
  room: string
}

/** A teacher with a room and two learners of the group in it. */
async function meet(device: (screen: 'computer' | 'phone') => Promise<Page>): Promise<Class> {
  const [host, mina, otto] = await Promise.all([device('computer'), device('computer'), device('phone')])
  await teacher(host)
  const group = await createGroup(host, 'Geography 8b')
  const deck = await createDeck(host, 'Baltic', DECK, group)
  await send(host, '/api/create_invite', { group: group.replace('/groups/', '') })
  await host.goto(group)
  const invite = (await host.locator('#invite').getByRole('link').getAttribute('href'))!
  const code = invite.slice(invite.lastIndexOf('/') + 1)
  for (const [page, name] of [[mina, 'Mina'], [otto, 'Otto']] as const) {
    await signUp(page, name, 'I learn')
    await send(page, '/api/accept_invite', { code })
  }
  // From the deck's page, as a person does.
  await open(host, deck)
  await host.getByRole('button', { name: 'Open a study room' }).click()
  await expect(host.getByText('Card 1 of 4')).toBeVisible()
  await reacts(host)
  const room = new URL(host.url()).pathname
  // The others find it in the group.
  await open(mina, group)
  await mina.locator('#rooms').getByRole('link', { name: 'Go in' }).click()
  await open(otto, room)
  for (const page of [host, mina, otto]) await expect(person(page)).toHaveCount(3)
  return { host, mina, otto, room }
}

const person = (page: Page, name?: string) => page.locator('.room-person').filter({ hasText: name })
const messages = (page: Page) => page.locator('.room-message:not(.is-unsent) .room-text')

async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel('Write a message').fill(text)
  await page.getByLabel('Write a message').press('Enter')
}

/** When the page shows this time, in Unix ms of the one machine. */
function sees(page: Page, text: string): Promise<number> {
  return page.evaluate(text => new Promise<number>(done => {
    const clock = document.querySelector('.room-clock')!
    const look = () => clock.textContent === text ? done(Date.now()) : requestAnimationFrame(look)
    look()
  }), text)
}

test('cards, hands, timer and messages are shared; a lost line loses nothing', async ({ device }) => {
  test.setTimeout(180_000)
  const { host, mina, otto, room } = await meet(device)
  await test.step('everybody turns their own card, and the others see which', async () => {
    await mina.getByRole('button', { name: 'Next' }).click()
    await mina.getByRole('button', { name: 'Show the answer' }).click()
    await expect(mina.getByText('Riga')).toBeVisible()
    await expect(person(host, 'Mina')).toContainText('on card 2')
    await expect(host.getByText('Estonia')).toBeVisible()
  })
  await test.step('hands stand in order, and the teacher takes one down', async () => {
    await otto.getByRole('button', { name: 'Raise hand' }).click()
    await expect(person(host, 'Otto')).toContainText('✋1')
    await mina.getByRole('button', { name: 'Raise hand' }).click()
    await expect(person(otto, 'Mina')).toContainText('✋2')
    await host.getByRole('button', { name: 'Lower the hand of Otto' }).click()
    await expect(person(otto, 'Mina')).toContainText('✋1')
    await mina.getByRole('button', { name: 'Applause' }).click()
    await expect(person(host, 'Mina').getByRole('img', { name: 'Applause' })).toBeVisible()
  })
  await test.step('the timer changes at the same moment on all screens', async () => {
    await expect(mina.getByRole('button', { name: 'Start', exact: true })).toBeHidden()
    const moments = Promise.all([host, mina, otto].map(page => sees(page, '24:57')))
    await host.getByRole('button', { name: 'Start', exact: true }).click()
    const seen = await moments
    expect(Math.max(...seen) - Math.min(...seen), 'milliseconds between the screens').toBeLessThanOrEqual(200)
    // A reload does not move it.
    await mina.reload()
    await reacts(mina)
    const again = await Promise.all([host, mina].map(page => sees(page, '24:35')))
    expect(Math.abs(again[0]! - again[1]!)).toBeLessThanOrEqual(200)
  })
  await test.step('written while the line was gone, read while it was gone: all of it once', async () => {
    await write(host, 'one')
    await expect(messages(mina)).toHaveText(['one'])
    await mark(mina)
    await mina.context().setOffline(true)
    await write(mina, 'from the tunnel')
    await expect(mina.getByText('Sends when the line is back').first()).toBeVisible()
    await write(host, 'two')
    await write(host, 'three')
    await expect(messages(host)).toHaveText(['one', 'two', 'three'])
    await mina.context().setOffline(false)
    const all = ['one', 'two', 'three', 'from the tunnel']
    for (const page of [mina, host]) await expect(messages(page)).toHaveText(all, { timeout: 30_000 })
    await expectNoReload(mina)
  })
  await test.step('own messages are changed and taken back, others by the teacher', async () => {
    const act = async (page: Page, text: string, what: string) => {
      const message = page.locator('.room-message').filter({ hasText: text })
      await message.locator('summary').click()
      await message.getByRole('button', { name: what }).click()
    }
    await act(mina, 'from the tunnel', 'Change')
    await expect(mina.getByLabel('Write a message')).toHaveValue('from the tunnel')
    await write(mina, 'see https://tallinn.test/map.')
    await expect(host.getByRole('link', { name: 'https://tallinn.test/map' })).toBeVisible()
    await act(host, 'tallinn.test', 'Let Mina only read')
    await expect(mina.getByText('You can read here, but not write for now.')).toBeVisible()
    await expect(mina.getByLabel('Write a message')).toBeDisabled()
    await act(host, 'tallinn.test', 'Delete for everybody')
    await expect(mina.getByText('This message was removed by a host or teacher.')).toBeVisible()
    await act(host, 'three', 'Delete for everybody')
    await expect(mina.getByText('This message was taken back.')).toBeVisible()
  })
  await test.step('the chat of a phone is a sheet that counts what is new', async () => {
    const bar = otto.getByRole('button', { name: /^Chat/ })
    await expect(bar).toHaveAttribute('aria-expanded', 'false')
    await write(host, 'Otto, are you with us?')
    await expect(bar).toContainText('new message')
    await bar.click()
    await expect(messages(otto).last()).toHaveText('Otto, are you with us?')
    await write(otto, 'yes')
    await expect(messages(host).last()).toHaveText('yes')
    await bar.click()
  })
  await test.step('typing shows to the others alone', async () => {
    await host.getByLabel('Write a message').pressSequentially('hm')
    await expect(mina.getByText('Ms. Tamm is writing …')).toBeVisible()
    await expect(host.getByText('is writing …')).toBeHidden()
  })
  await test.step('all look at one card', async () => {
    await host.getByText('Room settings').click()
    await host.getByLabel('All look at the same card').check()
    await expect(otto.getByText('The host turns the cards.')).toBeVisible()
    await host.getByRole('button', { name: 'Next' }).click()
    await host.getByRole('button', { name: 'Next' }).click()
    await host.getByRole('button', { name: 'Show the answer' }).click()
    for (const page of [mina, otto]) await expect(page.getByText('Vilnius')).toBeVisible()
  })
  await test.step('nothing serious that axe finds', async () => {
    for (const page of [host, otto]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze()
        const serious = violations.filter(one => one.impact === 'serious' || one.impact === 'critical')
        expect(serious.map(one => `${one.id}: ${one.nodes.map(node => node.target).join(' ')}`)).toEqual([])
      }
      const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }))
      expect(scroll, 'nothing stands over the edge').toBeLessThanOrEqual(client)
    }
  })
  await test.step('by keyboard alone', async () => {
    await host.getByRole('button', { name: 'Pause' }).focus()
    await host.keyboard.press('Enter')
    await expect(mina.locator('.room-clock')).not.toHaveAttribute('data-running')
    await host.getByRole('button', { name: 'Previous' }).focus()
    await host.keyboard.press('Space')
    await expect(mina.getByText('Latvia')).toBeVisible()
  })
  await test.step('the host closes it; it stays to be read', async () => {
    await host.getByRole('button', { name: 'Close the room' }).click()
    await host.getByRole('dialog').getByRole('button', { name: 'Close the room' }).click()
    for (const page of [host, mina, otto]) await expect(page.getByRole('heading', { name: 'This room is closed' })).toBeVisible()
    await open(mina, room)
    await expect(messages(mina).first()).toHaveText('one')
    await expect(mina.getByLabel('Write a message')).toBeHidden()
  })
})

test('a quiz is started from the room, and everybody comes back', async ({ device }) => {
  test.setTimeout(120_000)
  const { host, mina, room } = await meet(device)
  await host.getByRole('link', { name: 'Start a quiz here' }).click()
  await host.locator('#card_count').fill('1')
  await host.getByRole('button', { name: 'Open the lobby' }).click()
  await expect(next(host, 'Start')).toBeVisible()
  await mina.getByRole('link', { name: 'Join the quiz' }).click()
  await mina.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(mina.getByRole('heading', { name: 'You are in' })).toBeVisible()
  await mina.getByRole('link', { name: 'Back to the study room' }).click()
  await expect(mina.getByText('Card 1 of 4')).toBeVisible()
  await expect(mina).toHaveURL(room)
  await expect(mina.getByRole('link', { name: 'Join the quiz' })).toBeVisible()
  await host.getByRole('link', { name: 'Back to the study room' }).click()
  await expect(person(host, 'Mina')).toBeVisible()
})

test('without JavaScript the room is read, and a form writes', async ({ device }) => {
  test.slow()
  const { host, room } = await meet(device)
  const cookies = await host.context().storageState()
  const plain = await device('phone', { javaScriptEnabled: false, storageState: cookies })
  await plain.goto(room)
  await expect(plain.getByText('25:00')).toBeVisible()
  await expect(person(plain, 'Otto')).toBeVisible()
  await plain.getByLabel('Write a message').fill('by plain form')
  await plain.getByRole('button', { name: 'Send' }).click()
  await expect(messages(plain)).toHaveText(['by plain form'])
  await expect(messages(host)).toHaveText(['by plain form'])
})
