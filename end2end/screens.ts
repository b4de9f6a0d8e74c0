// A picture of every page as people see it: with nothing in it, with a class's data, after a mistake.
// See screens.config.ts for how to take them.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import {
  answer, choices, createDeck, createGroup, expect, hostQuiz, importCountries, joinAs, next, open, openQuestion, pinOf,
  reacts, send, signUp, teacher, test, uploadTo, type Page,
} from './people.ts'

test.use({ world: 'screens', expected: /./ })

const folder = process.env.SCREENS ?? join(import.meta.dirname, 'screens')
const LONG = 'A name of sixty characters which nobody would choose, but 60'
const SORTS = `front,back
Primary colours,"- red
- yellow
- blue"
Steps of a proof,"1. assume
2. derive
3. conclude"
Height of Everest in metres,8848
Planets without moons,"- Mercury
- Venus"
Capital of Estonia,Tallinn
Capital of Latvia,Riga
`

/** The page as it is now, in every size and colour. `whole` takes what is below the fold as well. */
async function shot(page: Page, name: string, whole = true): Promise<void> {
  const size = page.viewportSize()!
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 720 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      if (whole) await page.evaluate(() => scrollTo(0, 0))
      await page.screenshot({ path: join(folder, `${name}.${width}.${colorScheme}.png`), fullPage: whole })
    }
  }
  await page.setViewportSize(size)
}

const id = (path: string) => path.slice(path.lastIndexOf('/') + 1)

interface School {
  cookies: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>
  learner: School['cookies']
  group: string
  deck: string
  empty: string
  sorts: string
  invite: string
}

let made: Promise<School> | undefined

async function make(device: (screen: 'computer') => Promise<Page>): Promise<School> {
  const [page, other] = [await device('computer'), await device('computer')]
  await teacher(page)
  const group = await createGroup(page, 'Geography 8b')
  await send(page, '/api/create_invite', { group: id(group) })
  await page.goto(group)
  const invite = (await page.locator('#invite').getByRole('link').getAttribute('href'))!
  const deck = await importCountries(page, group)
  const sorts = await createDeck(page, 'All sorts of cards, with a title that is as long as a title of a deck can sensibly become', SORTS, group)
  const empty = await createDeck(page, 'Empty')
  for (let n = 1; n <= 5; n++) await createDeck(page, `Unit ${n}`, 'front,back\none,eins\ntwo,zwei\n')
  await createGroup(page, `Group of ${LONG}`.slice(0, 60))
  for (const name of ['Mina', LONG.slice(0, 40), 'Otto', 'Õie Käär', '王小明', 'محمد']) {
    const member = name === 'Mina' ? other : await device('computer')
    await signUp(member, name, 'I learn')
    await send(member, '/api/accept_invite', { code: id(invite) })
  }
  return { cookies: await page.context().storageState(), learner: await other.context().storageState(), group, deck, empty, sorts, invite }
}

const school = (device: Parameters<typeof make>[0]) => made ??= make(device)

/** Sends the form that has this button past what the browser itself would refuse. */
async function force(page: Page, button: string): Promise<void> {
  await page.locator('form').evaluateAll(forms => forms.forEach(form => { (form as HTMLFormElement).noValidate = true }))
  await page.getByRole('button', { name: button, exact: true }).first().click()
  await expect(page.locator('[role=alert]:not(:empty)').first()).toBeVisible()
}

test('strangers', async ({ device }) => {
  await school(device)
  const page = await device('computer')
  for (const [name, path] of Object.entries({
    'home-stranger': '/', 'sign-in': '/sign-in', 'sign-up': '/sign-up', 'join': '/join', 'not-found': '/nothing/here',
    'invite-stranger': (await made!).invite, 'invite-wrong': '/invite/AAAA2222', 'decks-stranger': '/decks', 'groups-stranger': '/groups', 'account-stranger': '/account',
  })) {
    await open(page, path)
    await shot(page, name)
  }
  await open(page, '/sign-up')
  await page.getByLabel('Name').fill('Ms. Tamm')
  await page.getByLabel('E-mail').fill('no address')
  await page.getByLabel('Password').fill('short')
  await force(page, 'Create account')
  await shot(page, 'sign-up-mistakes')
  await open(page, '/sign-in')
  await page.getByLabel('E-mail').fill('tamm@school.test')
  await page.getByLabel('Password').fill('wrong password')
  await force(page, 'Sign in')
  await shot(page, 'sign-in-mistake')
  await open(page, '/join/123456')
  await page.getByLabel('Your name').fill('Mina')
  await force(page, 'Join')
  await shot(page, 'join-mistake')
})

test('nothing yet', async ({ device }) => {
  await school(device)
  const [page, learner] = [await device('computer'), await device('computer')]
  await teacher(page)
  await signUp(learner, 'Liis', 'I learn')
  for (const [name, path] of Object.entries({ home: '/', groups: '/groups', decks: '/decks', quizzes: '/quizzes' })) {
    await open(page, path)
    await shot(page, `${name}-empty-teacher`)
    await open(learner, path)
    await shot(learner, `${name}-empty-learner`)
  }
  await open(page, await createGroup(page, 'New'))
  await shot(page, 'group-empty')
})

test('a class', async ({ device }) => {
  const { cookies, learner, group, deck, sorts, empty, invite } = await school(device)
  const page = await device('computer', { storageState: cookies })
  const mina = await device('computer', { storageState: learner })
  for (const [name, path] of Object.entries({
    home: '/', groups: '/groups', group, decks: '/decks', deck, 'deck-sorts': sorts, 'deck-empty': empty, 'deck-nothing-found': `${deck}?search=Atlantis`,
    account: '/account', 'invite-member': invite, 'import-empty': `${deck}/import`, 'quiz-setup': `${deck}/blitz`, 'quiz-setup-sorts': `${sorts}/blitz`,
    'quiz-setup-no-cards': `${empty}/blitz`, 'nothing-found': '/decks/0192d3b4-0000-7000-8000-000000000000', admin: '/admin', 'admin-nobody': '/admin?search=nobody',
  })) {
    await open(page, path)
    await shot(page, name)
  }
  for (const [name, path] of Object.entries({ home: '/', group, deck })) {
    await open(mina, path)
    await shot(mina, `${name}-learner`)
  }
  // What is folded, too.
  for (const [name, path] of Object.entries({ group, deck, 'quiz-setup': `${deck}/blitz`, account: '/account' })) {
    await open(page, path)
    for (const folded of await page.locator('main details:not([open])').all()) {
      if (await folded.isVisible()) await folded.locator('summary').first().click()
    }
    await shot(page, `${name}-unfolded`)
  }
  await open(page, deck)
  await page.getByLabel('Front', { exact: true }).fill('Estonia')
  await force(page, 'Add')
  await shot(page, 'deck-quick-add-mistake')
  await page.goto(deck)
  await open(page, (await page.getByRole('link', { name: 'Edit Albania' }).getAttribute('href'))!)
  await shot(page, 'card')
  await page.getByLabel('Back', { exact: true }).first().fill('')
  await force(page, 'Save')
  await shot(page, 'card-mistake')
  await open(page, '/account')
  await page.getByLabel('New password').fill('short')
  await force(page, 'Change password')
  await shot(page, 'account-mistake')
})

test('an import', async ({ device }) => {
  const { cookies } = await school(device)
  const page = await device('computer', { storageState: cookies })
  const deck = await createDeck(page, 'Import')
  await open(page, await uploadTo(page, deck, `front,back,note\nEstonia,Tallinn,\nLatvia\nLithuania,,\n${LONG} ${LONG},"a\nb",x\nEstonia,Tallinn,\n${'x'.repeat(9_000)},y,\n`))
  await shot(page, 'import-preview')
  await page.getByRole('button', { name: /^Import \d/ }).click()
  await expect(page.getByText(/imported\.$/)).toBeVisible()
  await shot(page, 'import-done')
  await open(page, `${deck}/import`)
  await force(page, 'Look at it first')
  await shot(page, 'import-mistake')
})

test('a quiz', async ({ device }) => {
  const { cookies, deck } = await school(device)
  const host = await device('computer', { storageState: cookies })
  const [mina, otto] = [await device('phone'), await device('phone')]
  const pin = await hostQuiz(host, deck, { cards: 2, seconds: 120 })
  await shot(host, 'lobby-empty')
  await joinAs(mina, pin, 'Mina')
  await joinAs(otto, pin, '🦊 Otto the 24 lettered x')
  await expect(host.locator('.count-big')).toHaveText('2 players')
  await shot(host, 'lobby')
  await shot(mina, 'lobby-phone')
  for (let n = 0; n < 30; n++) await fill(host, pin, n)
  await expect(host.locator('.count-big')).toHaveText('32 players')
  await shot(host, 'lobby-full')
  const own = await host.context().newPage()
  await open(own, new URL(host.url()).pathname.replace('/host', '/preview'))
  await shot(own, 'preview-asks')
  await own.getByRole('link', { name: 'Show the questions here' }).click()
  await expect(own.locator('#q1')).toBeVisible()
  await shot(own, 'preview')
  await host.getByRole('navigation', { name: 'Quiz controls' }).getByRole('button', { name: 'People' }).click()
  await shot(host, 'people', false)
  await host.keyboard.press('Escape')
  const both = async (name: string) => {
    await shot(host, name)
    await shot(mina, `${name}-phone`)
  }
  await next(host, 'Start').click()
  await expect(next(host, 'Show the answers')).toBeVisible()
  await both('question-lead-in')
  await openQuestion(host)
  await expect(choices(mina).first()).toBeVisible()
  await both('question')
  await host.getByRole('navigation', { name: 'Quiz controls' }).getByRole('button', { name: 'Pause' }).click()
  await both('paused')
  await host.getByRole('navigation', { name: 'Quiz controls' }).getByRole('button', { name: 'Go on' }).click()
  await expect(choices(mina).first()).toBeVisible()
  await answer(mina, true)
  await expect(mina.getByText('Taken', { exact: true })).toBeVisible()
  await both('question-answered')
  await mina.context().setOffline(true)
  await host.context().setOffline(true)
  await expect(mina.getByRole('status').first()).toBeAttached()
  await both('question-offline')
  await mina.context().setOffline(false)
  await host.context().setOffline(false)
  await answer(otto, false)
  await expect(mina.getByText('Right', { exact: true })).toBeVisible({ timeout: 30_000 })
  await both('reveal')
  await shot(otto, 'reveal-wrong-phone')
  await next(host, 'Leaderboard').click()
  await expect(mina.getByRole('heading', { name: 'Leaderboard' })).toBeVisible()
  await both('leaderboard')
  await next(host, 'Next question').click()
  await openQuestion(host)
  await next(host, 'Reveal now').click()
  await expect(mina.getByText('No answer', { exact: true })).toBeVisible()
  await shot(mina, 'reveal-none-phone')
  await next(host, 'To the podium').click()
  await expect(host.getByRole('heading', { name: 'Podium' })).toBeVisible()
  await both('podium')
  await next(host, 'Finish').click()
  await expect(host.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
  await both('over')
  await reacts(host)
  await host.getByRole('link', { name: 'Report' }).click()
  await expect(host.locator('.tile').first()).toBeVisible()
  await shot(host, 'report')
  for (const folded of await host.locator('main details').all()) await folded.locator('summary').first().click()
  await shot(host, 'report-unfolded')
  await mina.getByRole('link', { name: 'My answers' }).click()
  await expect(mina.getByText('Right answer').first()).toBeVisible()
  await shot(mina, 'result')
  await open(host, '/quizzes')
  await shot(host, 'quizzes')
})

/** A player without a page. */
async function fill(host: Page, pin: string, n: number): Promise<void> {
  const guest = await host.context().browser()!.newContext()
  await guest.request.post(`${new URL(host.url()).origin}/api/join_live_session`, {
    form: { pin, name: n % 5 ? `Player ${n}` : `Player of a long name ${n}`.slice(0, 24), key: randomUUID() },
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin' }, maxRedirects: 0,
  })
  await guest.close()
}

test('all kinds of question', async ({ device }) => {
  const { cookies, sorts } = await school(device)
  const [host, mina] = [await device('computer', { storageState: cookies }), await device('phone')]
  const pin = await hostQuiz(host, sorts, { cards: 6, answers: 'varied', seconds: 120 })
  await joinAs(mina, pin, 'Mina')
  await next(host, 'Start').click()
  for (let n = 1; n <= 6; n++) {
    await openQuestion(host)
    await expect(mina.getByRole('timer')).toBeVisible()
    await shot(host, `kind-${n}`)
    await shot(mina, `kind-${n}-phone`)
    await next(host, 'Reveal now').click()
    await expect(mina.getByText('No answer', { exact: true })).toBeVisible()
    await shot(host, `kind-${n}-reveal`)
    await shot(mina, `kind-${n}-reveal-phone`)
    if (n === 6) break
    await next(host, 'Leaderboard').click()
    await next(host, 'Next question').click()
  }
})

test('teams', async ({ device }) => {
  const { cookies, deck } = await school(device)
  const [host, mina, fox] = [await device('computer', { storageState: cookies }), await device('phone'), await device('phone')]
  await open(host, `${deck}/blitz`)
  await host.getByLabel('Number of questions').fill('2')
  await host.locator('summary', { hasText: 'Teams' }).click()
  await host.getByRole('radio', { name: 'Chosen teams' }).check()
  await host.getByLabel('Names of the teams').fill('Owls, Foxes')
  await host.getByRole('button', { name: 'Open the lobby' }).click()
  await expect(host.getByText('Waiting for the first player')).toBeVisible()
  const pin = await pinOf(host)
  await joinAs(mina, pin, 'Mina')
  await joinAs(fox, pin, 'Fox')
  await mina.getByRole('button', { name: 'Foxes' }).click()
  await shot(host, 'teams-lobby')
  await shot(mina, 'teams-lobby-phone')
  await next(host, 'Start').click()
  await openQuestion(host)
  await answer(mina, true)
  await answer(fox, false)
  await next(host, 'Leaderboard').click()
  await expect(host.getByRole('heading', { name: 'Teams' })).toBeVisible()
  await shot(host, 'teams-leaderboard')
  await shot(mina, 'teams-leaderboard-phone')
  await host.keyboard.press('e')
  await shot(host, 'end-dialog', false)
  await host.getByRole('dialog', { name: 'End the quiz?' }).getByRole('button', { name: 'End' }).click()
  await expect(host.getByText('Best players: Mina')).toBeVisible()
  await shot(host, 'teams-podium')
  await shot(mina, 'teams-podium-phone')
})

test('a study room', async ({ device }) => {
  const { cookies, learner, deck, group } = await school(device)
  const [host, mina] = [await device('computer', { storageState: cookies }), await device('computer', { storageState: learner })]
  await open(host, deck)
  await host.getByRole('button', { name: 'Open a study room' }).click()
  await expect(host.getByText('Card 1 of 195')).toBeVisible()
  await reacts(host)
  await shot(host, 'room-alone')
  await open(mina, new URL(host.url()).pathname)
  await host.getByRole('button', { name: 'Start', exact: true }).click()
  await mina.getByRole('button', { name: 'Show the answer' }).click()
  await mina.getByRole('button', { name: 'Raise hand' }).click()
  for (const [who, text] of [[host, 'Good morning. We begin with the capitals of Africa.'], [mina, 'ok'], [mina, `see https://example.org/${'a'.repeat(80)}`], [host, LONG]] as const) {
    await who.getByLabel('Write a message').fill(text)
    await who.getByLabel('Write a message').press('Enter')
    await expect(host.locator('.room-message:not(.is-unsent) .room-text').last()).toContainText(text)
  }
  await shot(host, 'room', false)
  await shot(mina, 'room-learner', false)
  await host.getByText('Room settings').click()
  await shot(host, 'room-settings', false)
  await mina.setViewportSize({ width: 390, height: 844 })
  await mina.getByRole('button', { name: /^Chat/ }).click()
  await shot(mina, 'room-chat', false)
  await open(host, group)
  await shot(host, 'group-live')
  await open(host, '/')
  await shot(host, 'home-live')
  await host.goBack()
  await open(host, new URL(mina.url()).pathname)
  await host.getByText('Room settings').click()
  await host.getByRole('button', { name: 'Close the room' }).click()
  await shot(host, 'room-close-dialog', false)
  await host.getByRole('dialog').getByRole('button', { name: 'Close the room' }).click()
  await expect(mina.getByRole('heading', { name: 'This room is closed' })).toBeVisible()
  await shot(mina, 'room-closed')
})
