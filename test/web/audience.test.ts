import type { Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { inBrowser, openPage } from '../support/browser.ts'
import { openWebRig } from './web-rig.ts'

interface Contact {
  id: string
  name: string
  tags: string[]
  attributes: Record<string, unknown>
}

let web: Awaited<ReturnType<typeof openWebRig>>
let page: Page
let problems: string[] = []
const people = [
  { waId: '4915100000001', name: 'Ann Miller', city: 'Berlin', tags: ['lead'] },
  { waId: '4915100000002', name: 'Bea Costa', city: 'Lisbon', tags: ['lead'] },
  { waId: '4915100000003', name: 'Carl Jung', city: 'Lisbon', tags: [] },
]
const made: Contact[] = []

beforeAll(async () => {
  web = await openWebRig()
  await web.call('POST', '/attributes', { name: 'visits', type: 'integer', label: 'Visits' })
  for (const person of people) made.push(await web.call<Contact>('POST', '/contacts', person))
  const opened = await openPage(web.url)
  if (opened) ({ page, problems } = opened)
})
afterEach(() => expect(problems.splice(0)).toEqual([]))

const names = () => page.getByRole('table', { name: 'Contacts' }).getByRole('link').allTextContents()
const addCondition = async (kind: string) => {
  await page.getByRole('button', { name: 'Add condition' }).last().click()
  await page.getByRole('menuitem', { name: kind, exact: true }).click()
}

inBrowser('a wrong password is told, the right one opens the contacts', async () => {
  await page.goto(`${web.url}/app/contacts?sort=name+asc`)
  await page.getByLabel('User name').fill(web.admin.username)
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong')
  await page.keyboard.press('Enter')
  await page
    .getByRole('alert')
    .getByText(/Request/)
    .waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill(web.admin.password)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Ann Miller' }).waitFor()
  expect(await names()).toEqual(['Ann Miller', 'Bea Costa', 'Carl Jung'])
})

inBrowser('contacts are sorted, searched, and the address keeps it', async () => {
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await eventually(async () => expect(await names()).toEqual(['Carl Jung', 'Bea Costa', 'Ann Miller']))
  await page.getByLabel('Search contacts').fill('costa')
  await page.getByText('1 contact fits').waitFor()
  await page.reload()
  await page.getByText('1 contact fits').waitFor()
  expect(await names()).toEqual(['Bea Costa'])
  await page.getByLabel('Search contacts').fill('nobody at all')
  await page.getByRole('button', { name: 'Show all contacts' }).click()
  await page.getByText('3 contacts').waitFor()
})

inBrowser('columns are chosen, and a saved view brings them back', async () => {
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'City' }).check()
  await page.getByRole('checkbox', { name: 'Visits' }).check()
  await page.keyboard.press('Escape')
  const heads = page.getByRole('columnheader')
  await heads.filter({ hasText: 'Visits' }).waitFor()
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Save what is shown' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('With cities')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.goto(`${web.url}/app/contacts`)
  await page.getByRole('link', { name: 'Ann Miller' }).waitFor()
  expect(await heads.filter({ hasText: 'City' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'With cities' }).first().click()
  await heads.filter({ hasText: 'City' }).waitFor()
  await page.goto(`${web.url}/app/contacts`)
})

inBrowser('a filter becomes a live segment, counted while it is built', async () => {
  await page.getByRole('button', { name: 'Filter' }).click()
  await addCondition('Attribute')
  await page.getByRole('combobox', { name: 'Attribute' }).click()
  await page.getByRole('option', { name: 'City' }).click()
  await page.getByLabel('Value', { exact: true }).fill('Lisbon')
  await page.getByText('2 contacts fit').waitFor()
  await page.getByRole('link', { name: 'Make a live segment of it' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Leads of Lisbon')
  await page.getByRole('region', { name: 'Preview' }).getByText('2 contacts fit').waitFor()
  await addCondition('Tag')
  expect(await page.getByRole('button', { name: 'Create segment' }).isDisabled()).toBe(true)
  await page.getByPlaceholder('tag', { exact: true }).fill('lead')
  await page.getByRole('region', { name: 'Preview' }).getByText('1 contact fits').waitFor()
  await page.getByRole('button', { name: 'Create segment' }).click()
  await page.getByRole('table', { name: 'Members' }).getByRole('link', { name: 'Bea Costa' }).waitFor()
})

inBrowser('an attribute is checked at its input, then saved, and the timeline tells', async () => {
  await page.goto(`${web.url}/app/contacts/${made[0]?.id}`)
  await page.getByRole('region', { name: 'Attributes' }).getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Visits').fill('many')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('must be a whole number', { exact: true }).waitFor()
  await page.getByLabel('Visits').fill('7')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('region', { name: 'Attributes' }).getByRole('row', { name: 'Visits 7' }).waitFor()
  await page.getByText(/attributes of the contact were set: visits/).waitFor()
  const { attributes } = await web.call<Contact>('GET', `/contacts/${made[0]?.id}`)
  expect(attributes).toEqual({ visits: 7 })
})

inBrowser('the journeys of a contact are paused, and go on', async () => {
  const pause = page.getByRole('region', { name: 'Pause', exact: true })
  await pause.getByText('Nothing holds this contact').waitFor()
  await pause.getByRole('button', { name: 'Pause the journeys …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Why' }).fill('on holiday')
  await dialog.getByRole('button', { name: 'Pause the contact' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await pause.getByText('on holiday').waitFor()
  const places = `/pauses?active=true&scopeId=${made[0]?.id}`
  expect((await web.call<{ items: object[] }>('GET', places)).items).toMatchObject([{ scope: 'contact' }])
  expect(await web.call('GET', `/pauses?active=true&scopeId=${made[1]?.id}`)).toMatchObject({ items: [] })
  await pause.getByRole('button', { name: 'Resume the contact' }).click()
  await pause.getByText('Nothing holds this contact').waitFor()
  expect((await web.call<{ items: object[] }>('GET', places)).items).toEqual([])
})

inBrowser('what messages cost is entered by country and category', async () => {
  await page.getByRole('link', { name: 'Rate cards' }).click()
  await page.getByRole('button', { name: 'Enter an example' }).click()
  await page.getByText('These prices are made up').waitFor()
  await page.getByRole('button', { name: 'Add a country' }).click()
  await page.getByRole('textbox', { name: 'Country code' }).last().fill('xx')
  await page.getByRole('textbox', { name: 'XX, marketing' }).fill('0.07')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('XX, marketing: must be a country code like IN, or *').waitFor()
  await page.getByRole('textbox', { name: 'Country code' }).last().fill('pt')
  await page.getByRole('textbox', { name: 'IN, utility' }).fill('')
  await page.getByRole('textbox', { name: 'Name' }).fill('Our contract')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('table', { name: 'Rate cards' }).getByRole('link', { name: 'Our contract' }).waitFor()
  const { items } = await web.call<{ items: { rates: object[] }[] }>('GET', '/rate-cards')
  expect(items).toMatchObject([{ name: 'Our contract', example: false, currency: 'USD' }])
  expect(items[0]?.rates).toHaveLength(9)
  expect(items[0]?.rates).toContainEqual({ country: 'PT', category: 'marketing', price: '0.07' })
  await page.getByRole('link', { name: 'Our contract' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'No rate cards yet' }).waitFor()
})

inBrowser('many contacts are tagged at once', async () => {
  await page.goto(`${web.url}/app/contacts`)
  await page.getByLabel('Choose all shown').check()
  await page.getByRole('button', { name: 'Add tags' }).click()
  await page.getByPlaceholder('Type a tag and press Enter').fill('spring')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'For 3 chosen' }).click()
  await page.getByText('3 contacts changed').waitFor({ timeout: 20_000 })
  await eventually(async () => expect(await page.getByText('spring', { exact: true }).count()).toBe(3))
})

inBrowser('a CSV file is mapped, checked, and imported to its end', async () => {
  const file = 'Phone,Full name,Points\n+4915100000011,Dina Rao,5\n+4915100000012,Emre Oz,6\nnone,Nobody,7\n'
  await page.getByRole('link', { name: 'Imports' }).click()
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  await page.getByRole('button', { name: 'Upload' }).click()
  const target = (column: string) => page.getByRole('combobox', { name: `${column} becomes` })
  await target('Phone').waitFor()
  expect(await target('Phone').inputValue()).toBe('Phone number')
  await target('Points').click()
  await page.getByRole('option', { name: 'New: whole number' }).click()
  await page.getByRole('button', { name: 'Check without storing' }).click()
  await page.getByText('Nothing was stored yet').waitFor({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Start the import' }).click()
  await page.getByRole('link', { name: 'See the contacts' }).waitFor({ timeout: 20_000 })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Download what was not taken \(1 row\)/ }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.csv$/)
  const { items } = await web.call<{ items: Contact[] }>('GET', '/contacts?search=dina')
  expect(items).toMatchObject([{ name: 'Dina Rao', attributes: { points: 5 } }])
})

inBrowser('signing out leaves nothing on the screen', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in to Dripline' }).waitFor()
  await page.goto(`${web.url}/app/contacts`)
  await page.getByLabel('User name').waitFor()
  expect(await page.getByText('Ann Miller').count()).toBe(0)
})
