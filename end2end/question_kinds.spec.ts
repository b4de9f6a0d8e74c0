// Each card is asked for what it is good for: a list, an order, a number, true or false.
import { choices, createDeck, expect, hostQuiz, joinAs, next, openQuestion, questionOn, teacher, test, type Page } from './people.ts'

const DECK = `front,back
Primary colours,"- red
- yellow
- blue"
Planets without moons,"- Mercury
- Venus"
Steps of a proof,"1. assume
2. derive
3. conclude"
Height of Everest in metres,8848
Capital of Estonia,Tallinn
Capital of Latvia,Riga
`
const several = new Map([['Primary colours', ['red', 'yellow', 'blue']], ['Planets without moons', ['Mercury', 'Venus']]])
const capitals = new Map([['Capital of Estonia', 'Tallinn'], ['Capital of Latvia', 'Riga']])

/** Answers the question on the phone so that it is right. */
async function answerRightly(phone: Page): Promise<string> {
  const question = await questionOn(phone)
  const options = phone.getByRole('group', { name: 'Answers' })
  const pick = async (names: string[]) => {
    for (const name of names) await options.getByRole('button').filter({ hasText: new RegExp(`${name}$`) }).click()
    await phone.getByRole('button', { name: 'Send' }).click()
  }
  if (several.has(question)) {
    await expect(phone.getByText('Pick all that are right.')).toBeVisible()
    await pick(several.get(question)!)
    return 'several'
  }
  if (question === 'Steps of a proof') {
    const send = phone.getByRole('button', { name: 'Send' })
    await options.getByRole('button').first().click()
    await expect(send).toBeDisabled()
    await phone.getByRole('button', { name: 'Start over' }).click()
    await pick(['assume', 'derive', 'conclude'])
    return 'order'
  }
  if (question.startsWith('Height')) {
    await phone.getByLabel('Your answer').fill('8,900')
    await phone.getByRole('button', { name: 'Send' }).click()
    return 'number'
  }
  const [front, shown] = question.split(' – ')
  const capital = capitals.get(front)!
  if (shown) {
    await choices(phone).filter({ hasText: shown === capital ? 'True' : 'False' }).click()
    return 'true or false'
  }
  const field = phone.getByLabel('Your answer')
  if (await field.count()) {
    await field.fill(capital)
    await phone.getByRole('button', { name: 'Send' }).click()
    return 'typed'
  }
  await choices(phone).filter({ hasText: capital }).click()
  return 'choice'
}

test('all kinds of question, on the projector and on the phone', async ({ device }) => {
  test.slow()
  const [host, mina] = await Promise.all([device('computer'), device('phone')])
  await teacher(host)
  const pin = await hostQuiz(host, await createDeck(host, 'All sorts', DECK), { cards: 6, answers: 'varied' })
  await joinAs(mina, pin, 'Mina')
  await next(host, 'Start').click()
  const kinds = new Set<string>()
  for (let question = 1; question <= 6; question++) {
    await openQuestion(host)
    await expect(mina.getByRole('timer')).toBeVisible()
    kinds.add(await answerRightly(mina))
    await expect(host.getByText('1 of 1 right', { exact: true })).toBeVisible()
    await expect(mina.getByText('Right', { exact: true })).toBeVisible()
    if (question === 6) break
    await next(host, 'Leaderboard').click()
    await next(host, 'Next question').click()
  }
  for (const kind of ['several', 'order', 'number']) expect(kinds).toContain(kind)
})
