import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { inBrowser, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { openWebRig } from './web-rig.ts'

let web: Awaited<ReturnType<typeof openWebRig>>
let page: Page
let problems: string[] = []
let invitation = ''
let secret = ''
const password = 'a rather long password'

beforeAll(async () => {
  web = await openWebRig()
  const opened = await openPage(web.url)
  if (opened) ({ page, problems } = opened)
})

afterEach(() => expect(problems.splice(0)).toEqual([]))

const signIn = async (username: string, word: string) => {
  await page.getByLabel('User name').fill(username)
  await page.getByRole('textbox', { name: 'Password' }).fill(word)
  await page.keyboard.press('Enter')
}
const choose = async (label: string, option: string) => {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}
/** Each step of half a minute has one code, and each code serves once. */
const codeOf = (step: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + step * 30_000 })

inBrowser('an admin makes a team and invites an agent into it', async () => {
  await page.goto(`${web.url}/app/settings/teams`)
  await signIn(web.admin.username, web.admin.password)
  await page.getByRole('button', { name: 'New team' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Support')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('cell', { name: 'Support', exact: true }).waitFor()
  await page.getByRole('link', { name: 'People', exact: true }).click()
  await page.getByRole('button', { name: 'Add somebody' }).click()
  await page.getByRole('textbox', { name: 'User name' }).fill('no spaces please')
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByText('letters, digits and').first().waitFor()
  await page.getByRole('textbox', { name: 'User name' }).fill('maria')
  await page.getByRole('textbox', { name: 'First name' }).fill('Maria')
  await choose('Teams', 'Support')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Invite' }).click()
  const link = page.getByRole('textbox', { name: 'Invitation' })
  invitation = await link.inputValue()
  await page.getByRole('button', { name: 'Done' }).click()
  const row = page.getByRole('row', { name: /Maria/ })
  await row.getByText('invited').waitFor()
  await row.getByText('Support').waitFor()
})

inBrowser('the inbox is set by a form, and what is wrong stands at its field', async () => {
  await page.getByRole('link', { name: 'How the inbox runs' }).click()
  await page.getByRole('checkbox', { name: 'Welcome' }).check()
  const words = page.getByRole('group', { name: 'Welcome' }).getByRole('textbox', { name: 'Message' })
  await words.fill('   ')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').waitFor()
  await words.fill('Hello {{contact.first_name}}')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The inbox goes by this from now on.').waitFor()
  const { settings } = await web.call<{ settings: { welcome: object } }>('GET', '/inbox-settings')
  expect(settings.welcome).toMatchObject({ message: { text: 'Hello {{contact.first_name}}' } })
})

inBrowser('a tag is made, and a rule gives chats that carry it to the team', async () => {
  await page.getByRole('link', { name: 'Tags', exact: true }).click()
  await page.getByRole('button', { name: 'New tag' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Agent needed')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('cell', { name: 'Agent needed', exact: true }).waitFor()
  await page.getByRole('link', { name: 'Who gets a chat' }).click()
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await choose('When', 'tagged “Agent needed”')
  await choose('Who gets it', 'Support')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('cell', { name: 'the team Support, its members in turn' }).waitFor()
})

inBrowser('who is invited chooses a password, and sets up a second factor', async () => {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.goto(`${web.url}${new URL(invitation).pathname}`)
  await page.getByText('Your user name is maria.').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill('short')
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  await page
    .getByRole('alert')
    .or(page.getByText(/at least 8/))
    .first()
    .waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  await page.getByRole('heading', { name: 'Welcome, maria' }).waitFor()
  await page.goto(`${web.url}/app/settings`)
  await signIn('maria', password)
  const card = page.getByRole('region', { name: 'Second factor' })
  await card.getByRole('textbox', { name: 'Your password' }).fill(password)
  await card.getByRole('button', { name: 'Set it up' }).click()
  await card.getByRole('img', { name: 'The secret as a QR code' }).waitFor()
  secret = (await card.locator('code').first().textContent()) ?? ''
  await card.getByRole('textbox', { name: 'Code of the authenticator' }).fill(codeOf(0))
  await card.getByRole('button', { name: 'Switch it on' }).click()
  await page.getByText('Keep these codes').waitFor()
  expect(await page.getByRole('link', { name: 'Log of changes' }).count()).toBe(0)
})

inBrowser('from then on signing in takes the code too', async () => {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await signIn('maria', password)
  await page.getByRole('textbox', { name: 'Code' }).fill('000000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  problems.splice(0)
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(1))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).waitFor()
})

inBrowser('the log of changes tells who did it', async () => {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await signIn(web.admin.username, web.admin.password)
  await page.getByRole('link', { name: 'Log of changes' }).click()
  await eventually(async () =>
    expect(await page.getByRole('row', { name: /Accept an invitation/ }).count()).toBeGreaterThan(0),
  )
})
