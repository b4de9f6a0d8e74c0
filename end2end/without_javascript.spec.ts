// Forms and reading without any script, up to a whole question of a quiz.
import { choices, expect, next, pinOf, signUp, teacher, test } from './people.ts'

const plain = { javaScriptEnabled: false }

test('a teacher signs up, makes a deck and hosts it, a learner answers, all by plain forms', async ({ device }) => {
  test.slow()
  // The first account would not be asked for its role.
  await teacher(await device('computer'))
  const [host, phone] = await Promise.all([device('computer', plain), device('phone', plain)])

  await test.step('a form with a mistake comes back with its error and with what was typed', async () => {
    await host.goto('/sign-up')
    await host.getByRole('radio', { name: 'I teach' }).check()
    await host.getByLabel('Name').fill('Ms. Tamm')
    await host.getByLabel('E-mail').fill('tamm@school.test')
    await host.getByLabel('Password').fill('short')
    await host.getByRole('button', { name: 'Create account' }).click()
    await expect(host.getByText('At least 10 characters are needed.')).toBeVisible()
    await expect(host.getByLabel('Name')).toHaveValue('Ms. Tamm')
    await expect(host.getByLabel('E-mail')).toHaveValue('tamm@school.test')
    await expect(host.getByRole('radio', { name: 'I teach' })).toBeChecked()
  })
  await signUp(host, 'Ms. Tamm', 'I teach')
  await test.step('makes a deck and adds a card', async () => {
    await host.getByRole('link', { name: 'Decks', exact: true }).first().click()
    await host.getByLabel('Title').fill('Baltic')
    await host.getByRole('button', { name: 'Make deck' }).click()
    await expect(host.getByRole('heading', { level: 1, name: 'Baltic' })).toBeVisible()
    await host.getByLabel('Front', { exact: true }).fill('Estonia')
    await host.getByLabel('Back', { exact: true }).fill('Tallinn')
    await host.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(host.getByRole('cell', { name: 'Tallinn' })).toBeVisible()
    await expect(host.getByText('1 card', { exact: true })).toBeVisible()
  })
  await test.step('imports a paste', async () => {
    await host.getByRole('link', { name: 'Import' }).click()
    await host.getByLabel('Paste').fill('Latvia\tRiga\nLithuania\tVilnius\nFinland\tHelsinki')
    await host.getByRole('button', { name: 'Look at it first' }).click()
    await expect(host.getByText('3 cards will be added')).toBeVisible()
    await host.getByRole('button', { name: 'Import 3 cards' }).click()
    await expect(host.getByText('3 cards imported.')).toBeVisible()
    await expect(host.getByText('4 cards', { exact: true })).toBeVisible()
  })
  await test.step('opens a lobby, and a learner joins', async () => {
    await host.getByRole('link', { name: 'Host a quiz' }).click()
    await host.getByLabel('Number of questions').fill('1')
    await host.getByLabel('Time for each question').selectOption('60 s')
    await host.getByRole('button', { name: 'Open the lobby' }).click()
    await expect(host.getByText('Waiting for the first player')).toBeVisible()
    await phone.goto('/')
    await phone.getByLabel('PIN').fill(await pinOf(host))
    await phone.getByRole('button', { name: 'Join' }).click()
    await phone.getByLabel('Your name').fill('Mina')
    await phone.getByRole('button', { name: 'Join', exact: true }).click()
    await expect(phone.getByRole('heading', { name: 'You are in' })).toBeVisible()
  })
  await test.step('a question', async () => {
    // The pages look again by themselves.
    await expect(host.getByText('Mina', { exact: true })).toBeVisible()
    await next(host, 'Start').click()
    await expect(choices(phone)).toHaveCount(4)
    await choices(phone).first().click()
    await expect(phone.getByText(/^(Right|Not this time)$/)).toBeVisible()
    await expect(host.getByText(/^[01] of 1 right$/)).toBeVisible()
    await next(host, 'To the podium').click()
    await expect(host.getByRole('heading', { name: 'Podium' })).toBeVisible()
    await expect(phone.getByText('Place 1 of 1')).toBeVisible()
  })
})
