import { chromium, type Browser, type Page } from 'playwright-core'
import { findChromium } from '../../support/chromium.ts'
import { atFileEnd } from '../../support/at-file-end.ts'
import { changesOf, startSandboxRig } from './sandbox-rig.ts'

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const found = await findChromium()
const inBrowser = 'executablePath' in found ? test : test.skip
if ('missing' in found) console.warn(`the phone page is not tested: ${found.missing}`)

let browser: Browser
let page: Page
const problems: string[] = []
const rig = await startSandboxRig()

beforeAll(async () => {
  if (!('executablePath' in found)) return
  browser = await chromium.launch({ executablePath: found.executablePath, args: flags.split(' ') })
  page = await browser.newPage({ viewport: { width: 1180, height: 900 } })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => line.type() === 'error' && problems.push(line.text()))
  page.setDefaultTimeout(10_000)
})
atFileEnd(async () => browser?.close())

const said = () => changesOf(rig.endpoint.received).flatMap((change) => change.value.messages ?? [])

inBrowser('a customer types, sees an answer with buttons and taps one', async () => {
  await page.goto(rig.url)
  await page.getByLabel('Phone or BSUID').fill('+1 555 010 2030')
  await page.getByLabel('Name', { exact: true }).fill('Ana Lima')
  await page.getByRole('button', { name: 'Add customer' }).click()
  await page.getByText('You are Ana Lima').waitFor()
  await page.getByLabel('Message', { exact: true }).fill('hello')
  await page.keyboard.press('Enter')
  await page.locator('.message.in', { hasText: 'hello' }).waitFor()
  expect(said()).toMatchObject([{ from: '15550102030', type: 'text', text: { body: 'hello' } }])

  const button = (id: string, title: string) => ({ type: 'reply', reply: { id, title } })
  const answer = await rig.send({
    to: '15550102030',
    type: 'interactive',
    interactive: {
      type: 'button',
      body: { text: 'Hello *Ana*! <img src=x onerror=alert(1)>' },
      action: { buttons: [button('yes', 'Yes'), button('no', 'No')] },
    },
  })
  await page.getByRole('log').getByRole('button', { name: 'Yes' }).click()
  await page.locator('.message.in', { hasText: 'Yes' }).waitFor()
  expect(said().at(-1)).toMatchObject({
    type: 'interactive',
    interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } },
    context: { id: answer.body.messages[0].id },
  })
  // What a message holds is text, never markup.
  expect(await page.locator('.message img').count()).toBe(0)
  expect(await page.locator('.message.out strong').textContent()).toBe('Ana')
  await page.locator('.message.out .ticks.read').waitFor()
  expect(await page.getByRole('button', { name: 'No', exact: true }).isDisabled()).toBe(true)
})

inBrowser('a list is answered with the keyboard', async () => {
  const row = (id: string, title: string) => ({ id, title })
  await rig.send({
    to: '15550102030',
    type: 'interactive',
    interactive: {
      type: 'list',
      body: { text: 'Where to?' },
      action: { button: 'Departments', sections: [{ rows: [row('a', 'Kitchen'), row('b', 'Garden')] }] },
    },
  })
  await page.getByRole('button', { name: 'Departments' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: 'Kitchen' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('.message.in', { hasText: 'Garden' }).waitFor()
  expect(said().at(-1)).toMatchObject({ interactive: { list_reply: { id: 'b', title: 'Garden' } } })
})

inBrowser(
  'a template is shown with its words, typing is shown, and nothing went wrong underneath',
  async () => {
    await rig.send({
      to: '15550102030',
      type: 'template',
      template: { name: 'hello_world', language: { code: 'en_US' } },
    })
    await page.locator('.message.out', { hasText: 'Welcome and congratulations!' }).waitFor()
    const receipt = { status: 'read', message_id: said().at(-1)?.id, typing_indicator: { type: 'text' } }
    await rig.send({ to: undefined, ...receipt })
    await page.getByText('typing…').waitFor()
    expect(problems).toEqual([])
  },
)

test('the page is served with a strict policy', async () => {
  const response = await fetch(rig.url)
  expect(await response.text()).toContain('<title>WhatsApp sandbox</title>')
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
})
