import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { inBrowser, openPage } from '../support/browser.ts'
import { openHouseRig } from './house-rig.ts'

interface List<T> {
  items: T[]
}

let web: Awaited<ReturnType<typeof openHouseRig>>
let page: Page
let problems: string[] = []

const people = { '491700000001': 'Ann Example', '491700000002': 'Bea Costa', '491700000003': 'Carl Jung' }
const template = {
  ...{ name: 'winter_sale', language: 'en', category: 'MARKETING' },
  components: [
    {
      ...{
        type: 'BODY',
        text: 'Hello {{1}}, our *winter sale* has begun: {{2}} off everything until Sunday.',
      },
      example: { body_text: [['Ann', '20 %']] },
    },
    { type: 'FOOTER', text: 'Reply STOP to opt out' },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Show me' }] },
  ],
}

beforeAll(async () => {
  web = await openHouseRig()
  await web.house.settings({ templateReviewMs: 10 })
  for (const [waId, name] of Object.entries(people)) await web.call('POST', '/contacts', { waId, name })
  const { id } = await web.call<{ id: string }>('POST', '/templates', template)
  await web.call('POST', `/templates/${id}/submit`)
  await eventually(
    async () => {
      const { status } = await web.call<{ status: string }>('GET', `/templates/${id}`)
      expect(status).toBe('approved')
    },
    { timeoutMs: 30_000 },
  )
  const opened = await openPage(web.url)
  if (opened) ({ page, problems } = opened)
})
afterEach(() => expect(problems.splice(0)).toEqual([]))

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const step = (name: string) => page.getByRole('tab', { name }).click()
const region = (name: string) => page.getByRole('region', { name, exact: true })
const choose = async (label: string, option: string | RegExp) => {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option, exact: typeof option === 'string' }).click()
}
/** Work that a worker does takes a while on a busy machine. */
const patient = { timeout: 60_000 }

inBrowser('a campaign is begun', async () => {
  await page.goto(`${web.url}/app/campaigns`)
  await page.getByLabel('User name').fill(web.admin.username)
  await page.getByRole('textbox', { name: 'Password' }).fill(web.admin.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'No campaigns yet' }).waitFor()
  await page.getByRole('link', { name: 'Make the first one' }).click()
  await button('Begin').click()
  await page.getByRole('textbox', { name: 'Name' }).and(page.locator('[aria-invalid=true]')).waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill('Winter sale')
  await button('Begin').click()
  await page.getByRole('heading', { name: 'Winter sale' }).waitFor()
})

inBrowser('what is missing is told at its input', async () => {
  await step('Check & launch')
  await page.getByRole('list', { name: 'To correct before it can be launched' }).waitFor()
  await expect(button('Launch …').isDisabled()).resolves.toBe(true)
  await step('Message')
  await page.getByRole('combobox', { name: 'Template' }).and(page.locator('[aria-invalid=true]')).waitFor()
})

inBrowser('its audience and message are composed, and one sees what a contact will see', async () => {
  await step('Audience')
  await button('Add people').click()
  await page.getByRole('menuitem', { name: 'Everybody' }).click()
  await step('Message')
  await choose('Template', 'winter_sale')
  await page.getByRole('textbox', { name: 'Text, place 1' }).fill('{{contact.name | "there"}}')
  await page.getByRole('textbox', { name: 'Text, place 2' }).fill('30 %')
  await page.getByRole('img', { name: /30 % off everything/ }).waitFor()
  await choose('As it looks to', 'Ann Example')
  await page.getByRole('img', { name: /^Preview: Hello Ann Example/ }).waitFor()
  await page.getByText('All changes are saved.').waitFor()
})

inBrowser('it is launched, and everybody gets it once', async () => {
  await step('Check & launch')
  await region('How many').getByText('3 people get it').waitFor(patient)
  await button('Launch …').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('3 people get it now.').waitFor()
  await dialog.getByRole('button', { name: 'Send it to 3 people' }).click()
  await page.getByRole('heading', { name: 'Winter sale, run 1' }).waitFor()
  await region('Progress').getByText(/^Done/).waitFor(patient)
  const sent = await web.house.ledger()
  expect(sent.map(({ to }) => to).toSorted()).toEqual(Object.keys(people))
})

inBrowser('its numbers, its people and a story are shown', async () => {
  await region('What came of it').getByText('delivered (100 %)').waitFor(patient)
  await region('Over time').getByRole('img').waitFor(patient)
  await button('Look again').click()
  await button('Story of Bea Costa').click()
  const story = page.getByRole('dialog')
  await story.getByText('WhatsApp took the message.').waitFor()
  await story.getByText('It was delivered.').waitFor()
  await page.keyboard.press('Escape')
  await story.waitFor({ state: 'hidden' })
})

inBrowser('the certificate adds up', async () => {
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Certificate (JSON)' }).click()
  const path = await (await coming).path()
  const { totals } = JSON.parse(readFileSync(path, 'utf8')) as { totals: object }
  expect(totals).toMatchObject({ audience: 3, intended: 3, accepted: 3, duplicates: 0 })
  await button('Check that it adds up').click()
  await page.getByText('It adds up, and nobody got it twice').waitFor()
})

inBrowser('another run is slowed down, paused, and goes on', async () => {
  await page.getByRole('link', { name: '← Winter sale' }).click()
  await page.getByRole('tab', { name: 'The next run' }).click()
  await step('Speed & limits')
  await page.getByRole('textbox', { name: 'Messages a second, at most' }).fill('0.2')
  await page.getByText('All changes are saved.').waitFor()
  await step('Check & launch')
  await region('How many').getByText('3 people get it').waitFor(patient)
  await button('Run it again …').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Send it to 3 people' }).click()
  await page.getByRole('heading', { name: 'Winter sale, run 2' }).waitFor()
  await button('Pause').click()
  await region('Progress')
    .getByText(/^It stands still/)
    .waitFor(patient)
  await button('Speed').click()
  await page.getByRole('textbox', { name: 'Messages a second, at most' }).fill('')
  await button('Set the speed').click()
  await button('Go on').click()
  await region('Progress').getByText(/^Done/).waitFor(patient)
  const { items } = await web.call<List<{ name: string; runs: number }>>('GET', '/campaigns')
  expect(items).toMatchObject([{ name: 'Winter sale', runs: 2 }])
  expect(await web.house.ledger()).toHaveLength(6)
})

inBrowser(
  'a number that is stopped stops its campaigns, which say why and go on when it is lifted',
  async () => {
    const { items } = await web.call<List<{ id: string; definition: object }>>('GET', '/campaigns')
    const id = items[0]?.id ?? ''
    const definition = { ...items[0]?.definition, messagesPerSecond: 0.5 }
    await web.call('PATCH', `/campaigns/${id}`, { definition })
    const { run } = await web.call<{ run: { id: string } }>('POST', `/campaigns/${id}/launch`)
    await page.getByRole('link', { name: 'Numbers' }).click()
    await page.getByRole('link', { name: '+15550001111' }).click()
    await button('Stop something …').click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Why' }).fill('wrong prices')
    await page.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click()
    await region('What stands still').getByText('wrong prices').waitFor()
    await page.goto(`${web.url}/app/campaigns/${id}/runs/${run.id}`)
    await page
      .getByRole('alert')
      .getByText(/wrong prices/)
      .waitFor(patient)
    await page.getByRole('link', { name: 'how the number is' }).click()
    await button('Lift it').click()
    await region('What stands still')
      .getByText(/^Nothing/)
      .waitFor()
    await page.goBack()
    await region('Progress').getByText(/^Done/).waitFor(patient)
  },
)

inBrowser('the list says how they did', async () => {
  await page.getByRole('link', { name: 'Campaigns', exact: true }).click()
  const row = page.getByRole('row', { name: /Winter sale/ })
  await row.getByText('100 %').waitFor(patient)
  await row.getByText('9', { exact: true }).waitFor()
})

inBrowser('a list is uploaded, and its columns are put into the message of another one', async () => {
  await page.getByRole('link', { name: 'New campaign' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('From a list')
  await button('Begin').click()
  await page.getByRole('heading', { name: 'From a list' }).waitFor()
  const csv = 'Phone,Percent off\n+49 170 0000002,40 %\nnonsense,1 %\n'
  const file = { name: 'good customers.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('checkbox', { name: /become contacts/ }).uncheck()
  await button('Upload the list').click()
  await page.getByText('1 number of 2 lines, 1 could not be taken.').waitFor(patient)
  await region('How many').getByText('1 person gets it').waitFor(patient)
  await step('Message')
  await choose('Template', 'winter_sale')
  await page.getByRole('textbox', { name: 'Text, place 1' }).fill('you')
  await button('Put in what is known of the contact: Text, place 2').click()
  await page.getByRole('menuitem', { name: 'Percent off' }).click()
  await choose('As it looks to', 'Bea Costa')
  await page.getByRole('img', { name: /^Preview: Hello you, .* 40 % off/ }).waitFor(patient)
})
