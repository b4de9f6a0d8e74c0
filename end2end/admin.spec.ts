// The admin turns features on and off, for everybody at once, and gives roles.
import { createDeck, expect, open, reacts, signUp, teacher, test } from './people.ts'

test.use({ world: 'administration' })

test('features and roles are changed for everybody at once', async ({ device }) => {
  test.slow()
  const [admin, other, learner] = await Promise.all([device('computer'), device('computer'), device('phone')])
  // The first account is the admin's.
  await teacher(admin, 'The admin')
  await teacher(other)
  const deck = await createDeck(other, 'Baltic', 'front,back\nEstonia,Tallinn\nLatvia,Riga\n')
  await open(admin, '/admin')
  const quiz = admin.getByRole('row').filter({ has: admin.getByRole('rowheader', { name: /^BLITZ_QUIZ/ }) })
  await quiz.getByLabel('Now').selectOption('Off')
  await quiz.getByRole('button', { name: 'Set' }).click()
  await expect(quiz.getByText('set here')).toBeVisible()
  await other.goto(`${deck}/blitz`)
  await expect(other.getByText('The feature BLITZ_QUIZ is switched off here.')).toBeVisible()
  await quiz.getByRole('button', { name: 'Take back' }).click()
  await expect(quiz.getByText('by configuration')).toBeVisible()
  await open(other, `${deck}/blitz`)
  await expect(other.getByRole('button', { name: 'Open the lobby' })).toBeVisible()

  // What needs a feature keeps it from being turned off below it.
  const realtime = admin.getByRole('row').filter({ has: admin.getByRole('rowheader', { name: /^REALTIME/ }) })
  await realtime.getByLabel('Now').selectOption('Off')
  await realtime.getByRole('button', { name: 'Set' }).click()
  await expect(admin.getByText(/needs REALTIME\. Turn on REALTIME as well/)).toBeVisible()
  const unbuilt = admin.getByRole('row').filter({ has: admin.getByRole('rowheader', { name: /^AI_COACH/ }) })
  await expect(unbuilt.getByText('Not in this version yet')).toBeVisible()
  await expect(unbuilt.getByRole('button')).toHaveCount(0)

  await signUp(learner, 'Liis', 'I learn')
  await learner.goto('/groups')
  await expect(learner.getByText('Teachers make groups.')).toBeVisible()
  await open(admin, '/admin')
  await admin.getByLabel('Role of Liis').selectOption('Teacher')
  await admin.getByRole('row').filter({ hasText: 'Liis' }).getByRole('button', { name: 'Set' }).click()
  await expect(async () => {
    await learner.reload()
    await expect(learner.getByRole('button', { name: 'Make group' })).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await reacts(learner)
})
