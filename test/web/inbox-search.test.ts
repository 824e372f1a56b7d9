import type { Page } from 'playwright-core'
import { createUser } from '../../src/people/users.ts'
import { inBrowser, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { openHouseRig } from './house-rig.ts'

const said = 'Green shoes & "laces" <3 never came'
const password = 'a long enough password'
/** More than a page of what is found has. */
const many = 24

let web: Awaited<ReturnType<typeof openHouseRig>>
let maria: Page
let problems: string[] = []

beforeAll(async () => {
  web = await openHouseRig()
  const { workspaceId, deps } = web.house
  await createUser(deps, { workspaceId, username: 'maria', password, role: 'user' })
  await web.house.text('491711000001', said, 'Ann Example')
  for (let number = 1; number <= many; number++)
    await web.house.text('491711000002', `Shoes of size ${number}`, 'Bea Costa')
  await eventually(async () => {
    const { items } = await web.call<{ items: object[] }>('GET', '/messages/search?q=shoes&limit=200')
    expect(items).toHaveLength(many + 1)
  })
  const opened = await openPage(web.url)
  if (!opened) return
  maria = opened.page
  problems = opened.problems
  await maria.goto(`${web.url}/app/`)
  await maria.getByLabel('User name').fill('maria')
  await maria.getByRole('textbox', { name: 'Password' }).fill(password)
  await maria.keyboard.press('Enter')
  await list().waitFor()
})
afterEach(() => expect(problems.splice(0)).toEqual([]))

const list = () => maria.getByRole('region', { name: 'Conversations' })
const found = () => maria.getByRole('region', { name: 'Messages found' })
const search = (words: string) => maria.getByLabel('Search conversations').fill(words)

inBrowser('the search finds what was said, a page at a time, and leads to it', async () => {
  await search('sho')
  await eventually(async () => expect(await found().getByRole('link').count()).toBe(20))
  await found().getByRole('button', { name: 'Show more' }).click()
  await eventually(async () => expect(await found().getByRole('link').count()).toBe(many + 1))
  const oldest = found().getByRole('link', { name: /Ann Example/ })
  expect(await oldest.textContent()).toContain(said)
  expect(await oldest.locator('mark').allTextContents()).toEqual(['shoes'])
  await oldest.click()
  await maria.waitForURL(/\/inbox\/[0-9a-f-]{36}\?.*message=/)
  await maria.locator('[data-pointed]', { hasText: 'never came' }).waitFor()
})

inBrowser('chats of that name stand beside the messages, which are filtered', async () => {
  await search('bea')
  await list()
    .getByRole('link', { name: /Bea Costa/ })
    .waitFor()
  await found().getByText('No message says so.').waitFor()
  await search('size 7')
  await found()
    .getByRole('link', { name: /size 7/ })
    .waitFor()
  await found().getByRole('button', { name: 'Filter the messages' }).click()
  await found().getByRole('combobox', { name: 'Written by' }).click()
  await maria.getByRole('option', { name: 'us', exact: true }).click()
  await found().getByText('No message says so.').waitFor()
  await found().getByRole('button', { name: 'Any message' }).click()
  await found().getByLabel('First day').fill('2020-01-01')
  await found()
    .getByRole('link', { name: /size 7/ })
    .waitFor()
  await found().getByLabel('Last day').fill('2020-01-02')
  await found().getByText('No message says so.').waitFor()
  await search('-size')
  await found().getByText('names no word to look for').waitFor()
  await search('')
  await found().waitFor({ state: 'hidden' })
})

inBrowser('somebody says that they are away, and takes the next one of the queue', async () => {
  await maria.getByRole('button', { name: 'You are online' }).click()
  await maria.getByRole('menuitem', { name: /Away/ }).click()
  await maria.getByRole('button', { name: 'You are away' }).waitFor()
  const presences = await web.house.deps.orm.em
    .fork()
    .execute(`select presence from users where workspace_id = ? and username = 'maria'`, [
      web.house.workspaceId,
    ])
  expect(presences).toEqual([{ presence: 'away' }])
  await web.call('POST', '/assignment-rules', {
    ...{ name: 'Everybody', definition: { to: { kind: 'anybody', method: 'pull' } } },
  })
  await web.house.text('491711000003', 'Is anybody there?', 'Carl Jung')
  await maria.getByRole('button', { name: 'Next from the queue, 1 waiting' }).click()
  await maria.getByRole('region', { name: 'Messages', exact: true }).getByText('Is anybody there?').waitFor()
  await maria.getByRole('button', { name: /Next from the queue/ }).waitFor({ state: 'hidden' })
})

inBrowser('a saved view is renamed, and deleted', async () => {
  await maria.goto(`${web.url}/app/inbox?status=open`)
  await maria.getByRole('button', { name: 'Filter', exact: true }).click()
  await maria.getByRole('button', { name: 'Save as a view …' }).click()
  await maria.getByRole('dialog', { name: 'Save this view' }).getByLabel('Name').fill('What is open')
  await maria.keyboard.press('Enter')
  await maria.getByRole('dialog', { name: 'Save this view' }).waitFor({ state: 'hidden' })
  await maria.getByRole('button', { name: /^View: / }).click({ force: true })
  await maria.getByRole('button', { name: /What is open/ }).click()
  const act = async (name: string) => {
    await maria.getByRole('button', { name: 'This view' }).click()
    await maria.getByRole('menuitem', { name }).click()
  }
  await act('Rename')
  await maria.getByRole('dialog', { name: 'Rename the view' }).getByLabel('Name').fill('Still open')
  await maria.keyboard.press('Enter')
  await maria.getByRole('heading', { name: 'Still open' }).waitFor()
  await act('Delete')
  await maria
    .getByRole('dialog', { name: 'Delete Still open?' })
    .getByRole('button', { name: 'Delete' })
    .click()
  await maria.getByRole('heading', { name: 'All' }).waitFor()
  const views = await web.house.deps.orm.em
    .fork()
    .execute('select name from inbox_views where workspace_id = ?', [web.house.workspaceId])
  expect(views).toEqual([])
})
