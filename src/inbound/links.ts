import { Router } from 'express'
import type { Deps } from '../deps.ts'
import { followLink } from '../links/follow-link.ts'

/** `/l/<token>`: the links in our messages. They lead where the message says and nowhere else. */
export function clickLinks(deps: Deps): Router {
  const router = Router()
  router.get('/:token', async (request, response) => {
    const header = (name: string) => request.get(name) ?? ''
    const url = await followLink(deps, request.params.token, {
      method: request.method,
      userAgent: header('user-agent'),
      purpose: ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map(header).join(' '),
    })
    // A click is counted where it happens, not where a cache stands.
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex' })
    if (url) response.redirect(302, url)
    else response.status(404).type('text/plain').send('This link leads nowhere any more.')
  })
  return router
}
