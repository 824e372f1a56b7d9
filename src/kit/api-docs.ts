import express, { Router } from 'express'
import absolutePath from 'swagger-ui-dist/absolute-path.js'
import { describeApi } from './openapi.ts'
import type { Route } from './route.ts'

/** `GET /openapi.json`, and `GET /docs` that shows it with nothing from elsewhere and no inline script. */
export function serveDocs(routes: Route[]): Router {
  const router = Router()
  const document = JSON.stringify(describeApi(routes))
  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(document)
  })
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

const initializer = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
})
`
