// One's own account: in and out, the password, the other devices.
import { expect, open, PASSWORD, reacts, signIn, signUp, teacher, test, type Page } from './people.ts'

async function signOut(page: Page): Promise<void> {
  await reacts(page)
  await page.locator('summary').filter({ hasText: 'Account menu' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible()
}

test('signs up, out and in again; a wrong password is told, and the e-mail stays', async ({ device }) => {
  await teacher(await device('computer'))
  const page = await device('phone')
  const email = await signUp(page, 'Liis', 'I learn')
  await signOut(page)
  await page.goto('/account')
  await expect(page.getByText('Sign in to go on.')).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await reacts(page)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('not the right one')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('E-mail and password do not match.')).toBeVisible()
  await expect(page.getByLabel('E-mail')).toHaveValue(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  // Where one wanted to go.
  await expect(page.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
})

test('a new password ends the other devices, and so does a click', async ({ device }) => {
  const [page, phone] = await Promise.all([device('computer'), device('phone')])
  const email = await teacher(page)
  await signIn(phone, email)
  await open(page, '/account')
  await expect(page.getByText('This browser')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Sign out of / })).toHaveCount(1)
  await page.getByRole('button', { name: /^Sign out of / }).click()
  await expect(page.getByRole('button', { name: /^Sign out of / })).toHaveCount(0)
  await phone.goto('/account')
  await expect(phone.getByText('Sign in to go on.')).toBeVisible()

  await signIn(phone, email)
  await page.getByLabel('Current password').fill('not the right one')
  await page.getByLabel('New password').fill('another calm river')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('This is not right. Check it and try again.')).toBeVisible()
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByLabel('New password').fill('another calm river')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('Your password is changed.')).toBeVisible()
  await phone.goto('/account')
  await expect(phone.getByText('Sign in to go on.')).toBeVisible()
  await signIn(phone, email, 'another calm river')
  await page.reload()
  await expect(page.getByText('This browser')).toBeVisible()
})
