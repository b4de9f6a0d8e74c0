// A class comes together: by link, by code, with roles.
import { createDeck, createGroup, expect, open, reacts, signUp, teacher, test } from './people.ts'

test('learners join by link and by code, and see what the group has', async ({ device }) => {
  test.slow()
  const [page, byLink, byCode] = await Promise.all([device('computer'), device('phone'), device('phone')])
  await teacher(page)
  const group = await createGroup(page, 'Geography 8b')
  await createDeck(page, 'Baltic', 'front,back\nEstonia,Tallinn\n', group)
  await open(page, group)
  await page.getByRole('button', { name: 'Make an invitation' }).click()
  const code = (await page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).textContent())!
  const qr = page.getByRole('img', { name: /^QR code of the invitation/ })
  await qr.scrollIntoViewIfNeeded()
  await expect.poll(() => qr.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)

  await test.step('by link, without an account yet', async () => {
    await byLink.goto((await page.getByRole('link', { name: /\/invite\// }).getAttribute('href'))!)
    await expect(byLink.getByRole('heading', { level: 1, name: 'Join Geography 8b' })).toBeVisible()
    await byLink.getByRole('main').getByRole('link', { name: 'Sign up' }).click()
    await byLink.getByRole('radio', { name: 'I learn' }).check()
    await byLink.getByLabel('Name').fill('Liis')
    await byLink.getByLabel('E-mail').fill('liis@school.test')
    await byLink.getByLabel('Password').fill('calm river under bridge')
    await byLink.getByRole('button', { name: 'Create account' }).click()
    await byLink.getByRole('button', { name: 'Join Geography 8b' }).click()
    await expect(byLink.getByRole('heading', { level: 1, name: 'Geography 8b' })).toBeVisible()
    await expect(byLink.getByText('2 people · Member')).toBeVisible()
    await expect(byLink.getByRole('link', { name: /Baltic/ })).toBeVisible()
    await expect(byLink.getByRole('heading', { name: 'Invite people' })).toBeHidden()
  })
  await test.step('by code, as it was read aloud', async () => {
    await signUp(byCode, 'Otto', 'I learn')
    await open(byCode, '/groups')
    await byCode.getByLabel('Code').fill('WRNG-2345')
    await byCode.getByRole('button', { name: 'Join', exact: true }).click()
    await expect(byCode.getByText('There is no invitation with this code.')).toBeVisible()
    await byCode.getByLabel('Code').fill(code.toLowerCase().replace('-', ' '))
    await byCode.getByRole('button', { name: 'Join', exact: true }).click()
    await expect(byCode.getByText('3 people · Member')).toBeVisible()
  })
  await test.step('the owner makes one a teacher and removes the other', async () => {
    await page.reload()
    await reacts(page)
    const liis = page.getByRole('listitem').filter({ hasText: 'Liis' })
    await liis.getByLabel('Role of Liis').selectOption('Teacher')
    await liis.getByRole('button', { name: 'Change' }).click()
    await expect(async () => {
      await byLink.reload()
      await expect(byLink.getByText('3 people · Teacher')).toBeVisible({ timeout: 1_000 })
    }).toPass()
    await page.getByRole('button', { name: 'Remove Otto from the group' }).click()
    await expect(page.getByText('2 people · Owner')).toBeVisible()
    await byCode.reload()
    await expect(byCode.getByText('This does not exist, or it is not shared with you.')).toBeVisible()
  })
  await test.step('an ended invitation says so', async () => {
    await page.getByRole('button', { name: 'End this invitation' }).click()
    await expect(page.getByText('There is no open invitation.')).toBeVisible()
    await byCode.goto(`/invite/${code.replace('-', '')}`)
    await expect(byCode.getByRole('heading', { level: 1, name: 'This invitation has ended' })).toBeVisible()
  })
})

test('what belongs to a group is nothing to others', async ({ device }) => {
  const [page, stranger] = await Promise.all([device('computer'), device('computer')])
  await teacher(page)
  const group = await createGroup(page, 'Geography 8b')
  const deck = await createDeck(page, 'Baltic', 'front,back\nEstonia,Tallinn\n', group)
  await teacher(stranger, 'Mr. Lind')
  for (const path of [group, deck, `${deck}/blitz`, `${deck}/import`, '/admin']) {
    const reply = await stranger.goto(path)
    expect(reply!.status(), path).toBe(404)
    await expect(stranger.getByText('This does not exist, or it is not shared with you.')).toBeVisible()
  }
})
