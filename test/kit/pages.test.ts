import { chromium, type Browser, type Page } from 'playwright-core'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { findChromium } from '../support/chromium.ts'
import { freshDatabase } from '../support/postgres.ts'

const flags = '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking'
const found = await findChromium()
const inBrowser = 'executablePath' in found ? test : test.skip
if ('missing' in found) console.warn(`the pages are not tested: ${found.missing}`)

let api: ApiRig
let browser: Browser
let page: Page
const problems: string[] = []
beforeAll(async () => {
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url, TEMPORAL_UI_URL: 'http://127.0.0.1:1' })
  if (!('executablePath' in found)) return
  browser = await chromium.launch({ executablePath: found.executablePath, args: flags.split(' ') })
  page = await browser.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => line.type() === 'error' && problems.push(line.text()))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(api.url) && !url.startsWith('data:')) problems.push(`asked ${url}`)
  })
  page.setDefaultTimeout(15_000)
})
atFileEnd(async () => {
  await browser?.close()
  await api.close()
})
afterEach(() => expect(problems.splice(0)).toEqual([]))

inBrowser('the first page says where everything is and what answers', async () => {
  await page.goto(api.url)
  await page.getByRole('heading', { name: 'Dripline' }).waitFor()
  await page.locator('.checks .ok', { hasText: 'PostgreSQL' }).waitFor()
  expect(await page.getByRole('link', { name: /^Temporal/ }).getAttribute('href')).toBe('http://127.0.0.1:1')
})

inBrowser('the API docs work offline under the content policy', async () => {
  await page.goto(`${api.url}/docs`)
  await page.getByText('/platform/v1/api-keys', { exact: true }).first().waitFor()
  await page.getByText('Make an API key, shown this once').click()
  await page.getByText('Idempotency-Key', { exact: true }).first().waitFor()
})

inBrowser('an admin signs in on the form for Temporal’s UI', async () => {
  const { admin } = await openWorkspace(api, 'pages')
  await page.goto(`${api.url}/codec/login`)
  await page.getByLabel('User name').fill(admin.username)
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('You are signed in.').waitFor()
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ name: 'dripline', httpOnly: true, sameSite: 'Lax' })
})
