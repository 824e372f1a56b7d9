import { type Browser, chromium, type Page } from 'playwright-core'
import { atFileEnd } from './at-file-end.ts'
import { findChromium } from './chromium.ts'

const flags = '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking'
const found = await findChromium()
if ('missing' in found) console.warn(`the pages are not tested: ${found.missing}`)

/** A test that skips, having said why, where no Chromium can be had. */
export const inBrowser = 'executablePath' in found ? test : test.skip

let browser: Browser | undefined
atFileEnd(async () => browser?.close())

/**
 * A page of its own, with a list of what went wrong in it: errors of scripts and the console, and requests to
 * other places than `url`. What the API refuses on purpose is not among them.
 */
export async function openPage(url: string): Promise<{ page: Page; problems: string[] } | undefined> {
  if (!('executablePath' in found)) return undefined
  browser ??= await chromium.launch({ executablePath: found.executablePath, args: flags.split(' ') })
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => {
    const isRefusal = /status of (400|401|404|409|422)/.test(line.text())
    if (line.type() === 'error' && !isRefusal) problems.push(line.text())
  })
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url))
      problems.push(`asked ${request.url()}`)
  })
  page.setDefaultTimeout(30_000)
  return { page, problems }
}
