import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { Router, type RequestHandler } from 'express'

const built = fileURLToPath(new URL('../../web/dist/', import.meta.url))

/**
 * The web app, mounted at /app: its hashed files for a year, and its one page at every other path, whose screens
 * the browser's router finds.
 */
export function serveWeb(folder = built): Router {
  const router = Router({ strict: true })
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { index: false, immutable: true, maxAge: '1y' }),
  )
  // A file that a deployment took away is missing, and no page.
  router.use('/assets', (_request, response) => {
    response.status(404).type('text').send('gone\n')
  })
  router.get('/{*path}', sendPage(join(folder, 'index.html')))
  return router
}

function sendPage(path: string): RequestHandler {
  return (request, response) => {
    response.set('Cache-Control', 'no-store')
    if (!existsSync(path)) return void response.status(503).type('html').send(notBuilt)
    if (request.originalUrl.split('?')[0] === '/app') return response.redirect(308, '/app/')
    const nonce = randomBytes(16).toString('base64')
    allowStyles(response, nonce)
    response.type('html').send(readFileSync(path, 'utf8').replace('STYLE_NONCE', nonce))
  }
}

/** Mantine writes style elements for what depends on the screen's width: these, and no others, are let in. */
function allowStyles(response: Parameters<RequestHandler>[1], nonce: string): void {
  const policy = String(response.getHeader('Content-Security-Policy'))
  response.set(
    'Content-Security-Policy',
    policy.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`),
  )
}

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Dripline</title>
<h1>The web app is not built yet</h1>
<p>Run <code>npm run build-web</code> (or <code>npm start</code>, which does it by itself) and load this page again.</p></html>
`
