// Every page, light and dark, on a computer and on a phone: nothing serious that axe finds, no error in the console.
import AxeBuilder from '@axe-core/playwright'
import {
  answer, createDeck, createGroup, expect, hostQuiz, importCountries, joinAs, next, open, openQuestion, reacts, send, teacher, test, uploadTo, type Page,
} from './people.ts'

test.use({ world: 'accessibility' })

/** Fails with what axe calls serious or critical, for each theme and size. */
async function check(page: Page): Promise<void> {
  await expect(page).toHaveTitle(/\S/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
  const found = new Map<string, string[]>()
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 720 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze()
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue
        for (const node of nodes) {
          const text = `${id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim()}`
          found.set(text, [...found.get(text) ?? [], `${colorScheme} ${width}`])
        }
      }
    }
    const { scroll, client } = await page.evaluate(() => {
      const { scrollWidth: scroll, clientWidth: client } = document.documentElement
      return { scroll, client }
    })
    expect.soft(scroll, `nothing stands over the edge at ${width}`).toBeLessThanOrEqual(client)
  }
  expect.soft(Object.fromEntries(found)).toEqual({})
}

/** What the pages of a signed-in person show; made once. */
interface School {
  cookies: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>
  group: string
  deck: string
  invite: string
  preview: string
}

let made: Promise<School> | undefined

async function make(page: Page): Promise<School> {
  // The first account: the admin.
  await teacher(page)
  const group = await createGroup(page, 'Geography 8b')
  await send(page, '/api/create_invite', { group: group.replace('/groups/', '') })
  await page.goto(group)
  const invite = await page.locator('#invite').getByRole('link').getAttribute('href')
  const deck = await importCountries(page, group)
  const empty = await createDeck(page, 'Empty')
  const preview = await uploadTo(page, empty, 'front,back,note\nEstonia,Tallinn,\nLatvia\nLithuania,,\n')
  return { cookies: await page.context().storageState(), group, deck, invite: invite!, preview }
}

const strangers: Record<string, string> = {
  'the first page': '/', 'sign in': '/sign-in', 'sign up': '/sign-up', 'join': '/join', 'not found': '/nothing/here',
}
for (const [name, path] of Object.entries(strangers)) {
  test(`${name}, signed out`, async ({ device }) => {
    made ??= make(await device('computer'))
    await made
    const page = await device('computer')
    await open(page, path)
    await check(page)
  })
}

const members: Record<string, (school: School, page: Page) => string | Promise<string>> = {
  'the first page': () => '/',
  'account': () => '/account',
  'groups': () => '/groups',
  'group': school => school.group,
  'invitation': school => school.invite,
  'decks': () => '/decks',
  'deck with 195 cards': school => school.deck,
  'card': async (school, page) => {
    await page.goto(school.deck)
    return (await page.getByRole('link', { name: 'Edit Albania' }).getAttribute('href'))!
  },
  'import': school => `${school.deck}/import`,
  'import preview': school => school.preview,
  'quiz set-up': school => `${school.deck}/blitz`,
  'administration': () => '/admin',
}
for (const [name, path] of Object.entries(members)) {
  test(name, async ({ device }) => {
    test.slow()
    made ??= make(await device('computer'))
    const school = await made
    const page = await device('computer', { storageState: school.cookies })
    await open(page, await path(school, page))
    // Also what is folded.
    for (const folded of await page.locator('main details').all()) await folded.locator('summary').click()
    await check(page)
  })
}

test('the invitation, for a stranger', async ({ device }) => {
  made ??= make(await device('computer'))
  const page = await device('computer')
  await open(page, (await made).invite)
  await check(page)
})

for (const answers of ['choice', 'typed'] as const) {
  test(`a quiz on projector and phone, answers: ${answers}`, async ({ device }) => {
    test.setTimeout(240_000)
    made ??= make(await device('computer'))
    const school = await made
    const [host, phone, other] = await Promise.all([device('computer', { storageState: school.cookies }), device('computer'), device('phone')])
    const pin = await hostQuiz(host, school.deck, { cards: 2, seconds: 120, answers })
    await joinAs(phone, pin, 'Mina')
    await joinAs(other, pin, '🦊')
    const both = (name: string) => test.step(name, async () => {
      await check(host)
      await check(phone)
    })
    await both('lobby')
    await next(host, 'Start').click()
    await openQuestion(host)
    await both('question')
    if (answers === 'choice') await answer(phone, true)
    else {
      await phone.getByLabel('Your answer').fill('Atlantis')
      await phone.getByRole('button', { name: 'Send' }).click()
    }
    await expect(phone.getByText('Taken', { exact: true })).toBeVisible()
    await test.step('answered', () => check(phone))
    await next(host, 'Reveal now').click()
    await expect(phone.getByText(/^(Right|Not this time)$/)).toBeVisible()
    await both('reveal')
    await next(host, 'Leaderboard').click()
    await expect(phone.getByRole('heading', { name: 'Leaderboard' })).toBeVisible()
    await both('leaderboard')
    await next(host, 'Next question').click()
    await openQuestion(host)
    await next(host, 'Reveal now').click()
    await next(host, 'To the podium').click()
    await expect(host.getByRole('heading', { name: 'Podium' })).toBeVisible()
    await both('podium')
    await next(host, 'Finish').click()
    await expect(host.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
    await both('the end')
    await reacts(host)
  })
}
