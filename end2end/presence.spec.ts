// Who is there: it appears, changes and goes without a reload, and a lost network shows nothing for a while.
import { createDeck, createGroup, expect, expectNoReload, mark, open, reacts, reload, send, signUp, teacher, test, type Page } from './people.ts'

test.use({ expected: /ERR_INTERNET_DISCONNECTED|WebSocket connection/ })

async function join(page: Page, teacherPage: Page, group: string, name: string): Promise<void> {
  await signUp(page, name, 'I learn')
  await send(teacherPage, '/api/create_invite', { group: group.replace('/groups/', '') })
  await teacherPage.reload()
  const code = (await teacherPage.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).first().textContent())!
  await send(page, '/api/accept_invite', { code })
}

/** The button of the own menu, where the status is chosen. */
const menu = (page: Page) => page.locator('header summary').filter({ hasText: 'Account menu' })

/** The member's line in the list of the group's page. */
const line = (page: Page, name: string) => page.locator('#people li').filter({ hasText: name })

test('people appear, study, go away and come back', async ({ device }) => {
  test.setTimeout(180_000)
  const [desk, mina, otto] = await Promise.all([device('computer'), device('phone'), device('computer')])
  await teacher(desk)
  const group = await createGroup(desk, 'Chemistry 9a')
  const deck = await createDeck(desk, 'Organic chemistry', 'front,back\nCH4,Methane\n', group)
  await open(desk, group)
  await join(mina, desk, group, 'Mina')
  await join(otto, desk, group, 'Otto')
  await open(desk, group)
  await mark(desk)

  await test.step('who opens a page is online, who studies shows what', async () => {
    await open(otto, '/')
    await expect(line(desk, 'Otto')).toContainText('online')
    await open(mina, deck)
    await expect(line(desk, 'Mina')).toContainText('online, studying Organic chemistry')
    await expect(desk.locator('#people')).toContainText('3 here now')
  })
  await test.step('the first page and the deck show who is there, also without a socket', async () => {
    await expect(otto.getByRole('listitem').filter({ hasText: 'Mina, online, studying Organic chemistry' })).toBeAttached()
    await otto.goto(deck)
    await expect(otto.locator('.here')).toContainText('Studying now')
    await expect(otto.locator('.here').getByText('Mina, online, studying Organic chemistry')).toBeAttached()
    await expect(mina.locator('.here').getByText('Otto, online, studying Organic chemistry')).toBeAttached()
  })
  await test.step('the own status is chosen in the menu, also on the other device', async () => {
    await reacts(otto)
    await menu(otto).click()
    await otto.getByRole('button', { name: 'busy' }).click()
    await expect(line(desk, 'Otto')).toContainText('busy')
    await menu(otto).click()
    await otto.getByRole('button', { name: 'invisible' }).click()
    await expect(line(desk, 'Otto')).toContainText('last seen just now')
    await expect(mina.locator('.here').getByText('Otto')).toHaveCount(0)
    await menu(otto).click()
    await otto.getByRole('button', { name: 'online' }).click()
    await expect(line(desk, 'Otto')).toContainText('online')
  })
  await test.step('a short loss of the network shows nothing', async () => {
    const seen: string[] = []
    await desk.exposeFunction('note', (text: string) => { seen.push(text) })
    await line(desk, 'Mina').evaluate(element => {
      const note = (window as unknown as { note: (text: string) => void }).note
      new MutationObserver(() => note(element.textContent ?? '')).observe(element, { subtree: true, childList: true, characterData: true })
    })
    await mina.context().setOffline(true)
    await expect.poll(() => mina.evaluate(() => navigator.onLine)).toBe(false)
    await mina.context().setOffline(false)
    // The line is cut and comes back as another tab.
    await reload(mina)
    await expect(mina.locator('.here').getByText('Otto, online, studying Organic chemistry')).toBeAttached()
    await expect(line(desk, 'Mina')).toContainText('online, studying Organic chemistry')
    expect(seen.filter(text => !text.includes('online, studying Organic chemistry'))).toEqual([])
  })
  await test.step('who closes the page is gone within ten seconds', async () => {
    await mina.close()
    await expect(line(desk, 'Mina')).toContainText('last seen just now', { timeout: 12_000 })
    await expect(desk.locator('#people')).toContainText('2 here now')
  })
  await expectNoReload(desk)
})

test('without JavaScript the status is chosen as well, and pages say who is there', async ({ device }) => {
  const page = await device('computer', { javaScriptEnabled: false })
  await teacher(page, 'Ms. Plain')
  const group = await createGroup(page, 'History 7c')
  await page.goto(group)
  await menu(page).click()
  await page.getByRole('button', { name: 'busy' }).click()
  await expect(page).toHaveURL(new RegExp(`${group}\\??$`))
  await expect(line(page, 'Ms. Plain')).toContainText('busy')
})
