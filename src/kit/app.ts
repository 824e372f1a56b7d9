import { randomUUID } from 'node:crypto'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { pinoHttp } from 'pino-http'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { identify, type Authenticate } from './auth.ts'
import { serveDocs, type ApiDocument } from './api-docs.ts'
import { serveHealth, serveReadiness, type Readiness } from './health.ts'
import type { Log } from './log.ts'
import { serveMetrics, timeRequests } from './metrics.ts'
import { mountRoutes } from './mount-routes.ts'
import { describeApi } from './openapi.ts'
import { answerNotFound, answerProblems } from './problem.ts'
import type { Route } from './route.ts'
import { takeJson } from './take-json.ts'

export interface AppParts {
  routes: Route[]
  authenticate: Authenticate
  readiness: () => Promise<Readiness>
  /** Signed callbacks: they stand before every body parser, because signatures are over raw bytes. */
  callbacks?: { path: string; router: RequestHandler }[]
  /** Of the other APIs, whose routers are among the pages. */
  documents?: ApiDocument[]
  /** Pages and endpoints that are no part of the platform API. */
  pages?: { path: string; router: RequestHandler }[]
}

/** The HTTP side of the product. It constructs nothing: what it serves is handed in. */
export function createApp(deps: Deps, parts: AppParts): Express {
  const { config, log } = deps
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', config.TRUST_PROXY_HOPS)
  app.use(logRequests(log), timeRequests, secureHeaders(config))
  app.get('/healthz', serveHealth)
  app.get('/readyz', serveReadiness(parts.readiness))
  app.get('/metrics', serveMetrics(deps))
  for (const { path, router } of parts.callbacks ?? []) app.use(path, router)
  app.use('/platform', takeJson)
  app.use(
    mountRoutes(deps, parts.routes, {
      identify: (request) => identify(request, config, parts.authenticate),
      unknownFields: 'refuse',
    }),
  )
  app.use(
    serveDocs([
      { path: '/openapi.json', describe: () => describeApi(parts.routes) },
      ...(parts.documents ?? []),
    ]),
  )
  for (const { path, router } of parts.pages ?? []) app.use(path, router)
  app.use(answerNotFound)
  app.use(answerProblems(log))
  return app
}

/** One line a request, with its id and without its query, body and credentials. */
function logRequests(log: Log): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (request, response) => {
      const sent = request.headers['x-request-id']
      const id = typeof sent === 'string' && /^[\w.-]{1,64}$/.test(sent) ? sent : randomUUID()
      response.setHeader('X-Request-Id', id)
      return id
    },
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => {
        return { id, method, path: url.split('?')[0] }
      },
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    customLogLevel: (_request, response, error) => {
      if (error ?? response.statusCode >= 500) return 'warn'
      return response.statusCode >= 400 ? 'info' : 'debug'
    },
    quietReqLogger: true,
    // Probes come every few seconds, and say themselves what is wrong.
    autoLogging: { ignore: ({ url }) => probes.has(url ?? '') },
  })
}

const probes = new Set(['/healthz', '/readyz', '/metrics'])

function secureHeaders({ SECURE_COOKIES }: Pick<Config, 'SECURE_COOKIES'>): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        // The API docs draw their icons from data: URLs.
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        // Over plain HTTP (npm start) browsers must not be sent to HTTPS.
        upgradeInsecureRequests: SECURE_COOKIES ? [] : null,
      },
    },
    strictTransportSecurity: SECURE_COOKIES,
    // With "no-referrer" browsers would send "Origin: null" with our own forms.
    referrerPolicy: { policy: 'same-origin' },
  })
}
