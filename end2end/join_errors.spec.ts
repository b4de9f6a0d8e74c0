// What can go wrong on the way into a quiz and in it, and what the page says about it.
import { answer, choices, createDeck, expect, hostQuiz, joinAs, next, open, openQuestion, teacher, test } from './people.ts'

const LIST = 'front,back\nEstonia,Tallinn\nLatvia,Riga\nLithuania,Vilnius\nFinland,Helsinki\n'

test('a wrong PIN or name is told beside the field, and what was typed stays', async ({ device }) => {
  const [host, phone] = await Promise.all([device('computer'), device('phone')])
  await teacher(host)
  const pin = await hostQuiz(host, await createDeck(host, 'Baltic', LIST), { cards: 2 })
  await joinAs(await device('phone'), pin, 'Mina')

  await open(phone, '/join')
  const [pinField, nameField] = [phone.getByLabel('PIN'), phone.getByLabel('Your name')]
  const join = phone.getByRole('button', { name: 'Join', exact: true })
  const wrong = pin === '123456' ? '654321' : '123456'
  await pinField.fill(wrong)
  await nameField.fill('Otto')
  await join.click()
  await expect(phone.getByText('No open quiz takes this PIN.')).toBeVisible()
  await expect(pinField).toHaveAttribute('aria-invalid', 'true')
  await expect(pinField).toHaveValue(`${wrong.slice(0, 3)} ${wrong.slice(3)}`)
  await expect(nameField).toHaveValue('Otto')
  await expect(phone).toHaveURL(/\/join$/)

  // Written in groups, as the projector shows it.
  await pinField.fill(`${pin.slice(0, 3)} ${pin.slice(3)}`)
  for (const [name, sentence] of [
    ['   ', 'This is needed.'],
    ['x'.repeat(200), 'At most 24 characters are possible.'],
    ['Fuck you', 'Choose something else, please.'],
    // Cyrillic letters that look the same.
    ['Міna', 'Somebody here has this name already.'],
    ['mina', 'Somebody here has this name already.'],
  ] as const) {
    await nameField.fill(name)
    await join.click()
    await expect(phone.getByText(sentence)).toBeVisible()
    await expect(nameField).toHaveAttribute('aria-invalid', 'true')
    // The field itself ends at 80.
    await expect(nameField).toHaveValue(name.slice(0, 80))
    await expect(phone.getByText('No open quiz takes this PIN.')).toBeHidden()
  }
  await phone.getByRole('button', { name: 'Join as mina 2' }).click()
  await expect(phone.getByRole('heading', { name: 'You are in' })).toBeVisible()
  await expect(phone.getByText('mina 2', { exact: true }).first()).toBeVisible()
  await expect(host.getByText('mina 2', { exact: true })).toBeVisible()
})

test('the first answer counts, also when the form is sent once more by hand', async ({ device }) => {
  const [host, phone] = await Promise.all([device('computer'), device('phone')])
  await teacher(host)
  const pin = await hostQuiz(host, await createDeck(host, 'Baltic', LIST), { cards: 2 })
  await joinAs(phone, pin, 'Mina')
  await joinAs(await device('phone'), pin, 'Otto')
  await next(host, 'Start').click()
  await openQuestion(host)
  await answer(phone, true)
  await expect(phone.getByText('Taken', { exact: true })).toBeVisible()
  for (const button of await choices(phone).all()) await expect(button).toBeDisabled()
  await phone.keyboard.press('2')
  const given = await phone.getByRole('button', { pressed: true }).getAttribute('value')
  const again = await phone.request.post('/api/submit_live_answer', {
    form: { session: /live\/([^/]+)/.exec(phone.url())![1]!, card_index: '0', choice: given === '0' ? '1' : '0' },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  expect(again.status()).toBeGreaterThanOrEqual(400)
  await expect(phone.getByRole('button', { pressed: true })).toHaveAttribute('value', given!)
  await expect(host.getByText('1 of 2', { exact: true })).toBeVisible()
  await next(host, 'Reveal now').click()
  await expect(host.getByText('1 of 1 right', { exact: true })).toBeVisible()
})

test('a second tab takes the seat over, and the first says so', async ({ device }) => {
  const [host, first] = await Promise.all([device('computer'), device('phone')])
  await teacher(host)
  const pin = await hostQuiz(host, await createDeck(host, 'Baltic', LIST), { cards: 2 })
  await joinAs(first, pin, 'Mina')
  await expect(first.getByText('Connected', { exact: true })).toBeAttached()

  // Joining again in the same browser, under whatever name, leads to the same seat.
  const second = await first.context().newPage()
  await open(second, `/join/${pin}`)
  await second.getByLabel('Your name').fill('Somebody else')
  await second.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(second.getByRole('heading', { name: 'You are in' })).toBeVisible()
  await expect(second.getByText('Mina', { exact: true }).first()).toBeVisible()
  await expect(first.getByRole('alertdialog', { name: 'Open somewhere else' })).toBeVisible()
  await expect(host.getByText('1 player', { exact: true }).first()).toBeVisible()

  await first.getByRole('button', { name: 'Play here instead' }).click()
  await expect(first.getByRole('alertdialog')).toBeHidden()
  await expect(second.getByRole('alertdialog', { name: 'Open somewhere else' })).toBeVisible()
  await next(host, 'Start').click()
  await openQuestion(host)
  await expect(choices(first)).toHaveCount(4)
})

test('who has no seat is told the way in', async ({ device }) => {
  const [host, stranger] = await Promise.all([device('computer'), device('phone')])
  await teacher(host)
  await hostQuiz(host, await createDeck(host, 'Baltic', LIST), { cards: 2 })
  await stranger.goto(host.url().replace(/host$/, 'play'))
  await expect(stranger.getByRole('heading', { name: 'You are not in this quiz' })).toBeVisible()
  await expect(stranger.getByRole('link', { name: 'Join a quiz' })).toBeVisible()
  await stranger.goto(host.url())
  await expect(stranger.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await teacher(stranger, 'Mr. Lind')
  await stranger.goto(host.url())
  await expect(stranger.getByRole('heading', { name: 'This is not your quiz' })).toBeVisible()
  await stranger.getByRole('link', { name: 'Join a quiz' }).click()
  await expect(stranger.getByLabel('PIN')).toBeVisible()
})
