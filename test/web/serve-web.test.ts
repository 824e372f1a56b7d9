import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { serveWeb } from '../../src/kit/serve-web.ts'
import { atFileEnd } from '../support/at-file-end.ts'

const folder = mkdtempSync(join(tmpdir(), 'dripline-web-'))
const page = '<meta property="csp-nonce" nonce="STYLE_NONCE" /><div id="root"></div>'

const app = express()
app.use((_request, response, next) => {
  response.set('Content-Security-Policy', "default-src 'self';style-src 'self';script-src 'self'")
  next()
})
app.use('/app', serveWeb(join(folder, 'dist')))
app.use((_request, response) => void response.status(404).send('elsewhere'))
const server = createServer(app)
atFileEnd(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
const get = async (path: string) => {
  const response = await fetch(url + path, { redirect: 'manual' })
  return { response, text: await response.text() }
}

test('before it is built, the page says how to', async () => {
  const { response, text } = await get('/app/contacts')
  expect(response.status).toBe(503)
  expect(text).toContain('npm run build-web')
})

describe('built,', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'dist/assets'), { recursive: true })
    writeFileSync(join(folder, 'dist/index.html'), page)
    writeFileSync(join(folder, 'dist/assets/main-1a2b.js'), 'export {}')
  })

  test('every screen is the one page, with a nonce of its own for styles', async () => {
    const answers = await Promise.all(['/app/', '/app/contacts/1?x=y'].map(get))
    const nonces = answers.map(({ response, text }) => {
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
      const nonce = /nonce="([^"]+)"/.exec(text)?.[1]
      expect(response.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`)
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
      return nonce
    })
    expect(new Set(nonces).size).toBe(2)
  })

  test('its address ends with a slash', async () => {
    const { response } = await get('/app')
    expect([response.status, response.headers.get('location')]).toEqual([308, '/app/'])
  })

  test('hashed files are kept for a year; one that is gone is no page', async () => {
    const { response } = await get('/app/assets/main-1a2b.js')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await get('/app/assets/main-0000.js')).response.status).toBe(404)
  })

  test('nothing beside it is shadowed', async () => {
    for (const path of ['/', '/apps', '/platform/v1/contacts', '/docs', '/login/x']) {
      expect((await get(path)).text).toBe('elsewhere')
    }
  })
})
