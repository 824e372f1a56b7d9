import express, { Router } from 'express'
import absolutePath from 'swagger-ui-dist/absolute-path.js'
import type { describeApi } from './openapi.ts'

/**
 * An OpenAPI document and where it is served: `/openapi.json` the platform's, `/openapi/<name>.json` a dialect's. Made when
 * it is first asked for, since that takes some tenths of a second.
 */
export interface ApiDocument {
  path: string
  describe(): ReturnType<typeof describeApi>
}

/** The documents, and `GET /docs` (`/docs/?api=<name>`) that shows one with nothing from elsewhere and no inline script. */
export function serveDocs(documents: ApiDocument[]): Router {
  const router = Router()
  for (const { path, describe } of documents) {
    let text: string | undefined
    router.get(path, (_request, response) => {
      text ??= JSON.stringify(describe())
      response.type('application/json').send(text)
    })
  }
  router.get('/docs', (request, response, next) => {
    // Its files are named relative to the folder.
    if (!request.path.endsWith('/')) return response.redirect(301, '/docs/')
    next()
  })
  router.get('/docs/swagger-initializer.js', (_request, response) => {
    response.type('text/javascript').send(initializer)
  })
  router.use('/docs', express.static(folder, { index: 'index.html', maxAge: '1h' }))
  return router
}

const folder = absolutePath()

const initializer = `const api = new URLSearchParams(location.search).get('api') ?? ''
window.ui = SwaggerUIBundle({
  url: /^[a-z]+$/.test(api) ? '/openapi/' + api + '.json' : '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
})
`
