// A teacher's first lesson, from the first account of an installation to the podium.
import { answer, choices, COUNTRIES, expect, expectNoReload, joinAs, mark, next, open, openQuestion, pinOf, reacts, signUp, teacher, test } from './people.ts'

test.use({ world: 'a first lesson' })

test('a teacher hosts a quiz from a real list, three learners play it on their phones', async ({ device }) => {
  test.slow()
  const host = await device('computer')

  await test.step('signs up, first of all', async () => {
    await host.goto('/sign-up')
    await expect(host.getByText('It becomes its admin')).toBeVisible()
    await signUp(host, 'Ms. Tamm')
    await reacts(host)
  })
  await test.step('makes a group, and a deck in it', async () => {
    await host.getByRole('link', { name: 'Make a group' }).click()
    await host.getByLabel('Name of the group').fill('Geography 8b')
    await host.getByRole('button', { name: 'Make group' }).click()
    await expect(host.getByRole('heading', { level: 1, name: 'Geography 8b' })).toBeVisible()
    await host.getByRole('link', { name: 'Make deck' }).click()
    await expect(host.getByLabel('Belongs to')).toHaveValue(/.+/)
    await host.getByLabel('Title').fill('Capitals of the world')
    await host.getByRole('button', { name: 'Make deck' }).click()
    await expect(host.getByRole('heading', { level: 1, name: 'Capitals of the world' })).toBeVisible()
    await expect(host.getByText('0 cards · Geography 8b')).toBeVisible()
  })
  await test.step('imports the list, after a look at it', async () => {
    await host.getByRole('link', { name: 'Import' }).click()
    await host.getByLabel('File', { exact: true }).setInputFiles(COUNTRIES)
    await host.getByRole('button', { name: 'Look at it first' }).click()
    await expect(host.getByText('195 cards will be added')).toBeVisible()
    await expect(host.getByText('no line is refused')).toBeVisible()
    await reacts(host)
    await host.getByRole('button', { name: 'Import 195 cards' }).click()
    await expect(host.getByText('195 cards imported.')).toBeVisible()
    await expect(host.getByText('195 cards · Geography 8b')).toBeVisible()
  })
  const pin = await test.step('opens the lobby', async () => {
    await host.getByRole('link', { name: 'Host a quiz' }).click()
    await host.getByLabel('Number of questions').fill('3')
    await host.getByLabel('Time for each question').selectOption('60 s')
    await host.getByRole('button', { name: 'Open the lobby' }).click()
    await expect(host.getByText('Waiting for the first player')).toBeVisible()
    await expect(next(host, 'Start')).toBeDisabled()
    await expect(host.getByRole('img', { name: /^QR code/ })).toBeVisible()
    await mark(host)
    return pinOf(host)
  })

  const phones = await Promise.all([device('phone'), device('phone'), device('phone')])
  const [mina, fox, otto] = phones
  await test.step('learners join, and the projector shows it at once', async () => {
    await joinAs(mina, pin, 'Mina')
    await expect(host.getByRole('listitem').getByText('Mina', { exact: true })).toBeVisible()
    // From the first page, as somebody without a code reader does.
    await open(fox, '/')
    await fox.getByLabel('PIN').fill(pin)
    await fox.getByRole('button', { name: 'Join' }).click()
    await fox.getByLabel('Your name').fill('🦊 Füchsin')
    await fox.getByRole('button', { name: 'Join', exact: true }).click()
    await expect(fox.getByRole('heading', { name: 'You are in' })).toBeVisible()
    await expect(host.getByText('🦊 Füchsin', { exact: true })).toBeVisible()
    // Signed in: the name is there already.
    await teacher(otto, 'Otto Berg')
    await open(otto, `/join/${pin}`)
    await expect(otto.getByLabel('Your name')).toHaveValue('Otto Berg')
    await otto.getByRole('button', { name: 'Join', exact: true }).click()
    await expect(otto.getByRole('heading', { name: 'You are in' })).toBeVisible()
    await expect(host.getByText('Otto Berg', { exact: true })).toBeVisible()
    await expect(host.getByText('3 players', { exact: true }).first()).toBeVisible()
    for (const phone of phones) await mark(phone)
  })

  await next(host, 'Start').click()
  for (const question of [1, 2, 3]) {
    await test.step(`question ${question}`, async () => {
      await expect(host.getByText(`Question ${question} of 3`)).toBeVisible()
      await expect(mina.getByText('Get ready')).toBeVisible()
      await openQuestion(host)
      for (const phone of phones) await expect(choices(phone)).toHaveCount(4)

      await answer(mina, true)
      await expect(mina.getByText('Taken', { exact: true })).toBeVisible()
      await expect(choices(mina).first()).toBeDisabled()
      await expect(host.getByText('1 of 3', { exact: true })).toBeVisible()
      await answer(fox, true)
      await expect(fox.getByText('Taken', { exact: true })).toBeVisible()
      // The last answer closes the question.
      await answer(otto, false)
      await expect(host.getByText('2 of 3 right', { exact: true })).toBeVisible()
      await expect(host.getByText('Right answer', { exact: true })).toBeAttached()
      await expect(mina.getByText('Right', { exact: true })).toBeVisible()
      await expect(mina.getByText(/^\+\d/)).toBeVisible()
      await expect(otto.getByText('Not this time', { exact: true })).toBeVisible()
      await expect(otto.getByText('Place 3 of 3')).toBeVisible()

      if (question === 3) return
      await next(host, 'Leaderboard').click()
      await expect(host.getByRole('heading', { name: 'Leaderboard' })).toBeVisible()
      await expect(host.getByRole('listitem').filter({ hasText: 'Otto Berg' })).toContainText('0 points')
      await expect(fox.getByRole('heading', { name: 'Leaderboard' })).toBeVisible()
      await next(host, 'Next question').click()
    })
  }
  await test.step('the podium', async () => {
    await next(host, 'To the podium').click()
    await expect(host.getByRole('heading', { name: 'Podium' })).toBeVisible()
    await expect(host.getByRole('listitem').filter({ hasText: 'Mina' })).toContainText('points')
    await expect(mina.getByText(/Place [12] of 3/)).toBeVisible()
    await expect(otto.getByText('Place 3 of 3')).toBeVisible()
    for (const page of [host, ...phones]) await expectNoReload(page)

    await next(host, 'Finish').click()
    await expect(host.getByRole('heading', { name: 'The quiz is over' })).toBeVisible()
    await expect(mina.getByRole('link', { name: 'Join another quiz' })).toBeVisible()
  })
})
