import { readFileSync } from 'node:fs'
import express, { Router, type Request, type RequestHandler } from 'express'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { AppError } from '../model/errors.ts'
import { decodePayloads, wirePayloads } from '../temporal/decode-payloads.ts'
import { checkOrigin, demandAdmin, identify, setSessionCookie, type Authenticate } from './auth.ts'
import { fillPage } from './html.ts'
import { toAppError } from './problem.ts'
import type { Actor } from './route.ts'

export interface CodecParts {
  config: Config
  authenticate: Authenticate
  signIn(
    input: Credentials & { address: string; userAgent?: string | undefined },
  ): Promise<{ token: string; expiresAt: Date }>
  store: Parameters<typeof decodePayloads>[0]
}

const credentials = z.object({
  username: z.string().max(200),
  password: z.string().max(1_000),
  code: z
    .string()
    .trim()
    .max(40)
    .transform((code) => code || undefined)
    .optional(),
})
type Credentials = z.infer<typeof credentials>

/**
 * Temporal's remote codec, mounted at /codec: its UI shows histories in the clear to an admin who signed in here.
 * The cookie is SameSite=Lax, so the UI and the API must be of one site (ports do not matter).
 */
export function createCodecEndpoint(parts: CodecParts): Router {
  const { TEMPORAL_UI_URL } = parts.config
  const uiOrigin = TEMPORAL_UI_URL ? new URL(TEMPORAL_UI_URL).origin : undefined
  const router = Router()
  router.use('/decode', allowOrigin(uiOrigin))
  router.options('/decode', (_request, response) => void response.status(204).end())
  // Nobody's megabytes are read before it is known who sends them.
  router.post('/decode', admit(parts, uiOrigin), express.json({ limit: '16mb' }), decode(parts))
  router.get('/login', showLogin(parts.config))
  router.post('/login', express.urlencoded({ extended: false, limit: '10kb' }), signIn(parts))
  return router
}

/** Lets pages of Temporal's UI, and of nobody else, call with the cookie and read the answer. */
function allowOrigin(origin: string | undefined): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin')
    if (origin !== undefined && request.get('origin') === origin) {
      response.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'Content-Type, X-Namespace, Authorization',
        'Access-Control-Max-Age': '600',
      })
    }
    next()
  }
}

function admit({ config, authenticate }: CodecParts, uiOrigin: string | undefined): RequestHandler {
  return async (request, response, next) => {
    const actor = await identify(request, config, authenticate, uiOrigin ? [uiOrigin] : [])
    demandAdmin(actor)
    response.locals['actor'] = actor
    next()
  }
}

function decode({ store }: CodecParts): RequestHandler {
  return async (request, response) => {
    const { workspaceId } = response.locals['actor'] as Actor
    const { payloads } = wirePayloads.parse(request.body)
    response
      .set('Cache-Control', 'no-store')
      .json({ payloads: await decodePayloads(store, workspaceId, payloads) })
  }
}

function signIn({ config, signIn }: CodecParts): RequestHandler {
  return async (request, response) => {
    checkOrigin(request, config)
    try {
      const sent = credentials.safeParse(request.body)
      if (!sent.success) throw new AppError('unauthenticated', 'the user name and the password are missing')
      const { token, expiresAt } = await signIn({
        ...{ ...sent.data, address: request.ip ?? '', userAgent: request.get('user-agent') },
      })
      setSessionCookie(request, config, token, expiresAt)
      response.redirect(303, '/codec/login?signed-in')
    } catch (thrown) {
      const error = toAppError(thrown)
      if (error.code !== 'unauthenticated' && error.code !== 'rate_limited') throw error
      const status = error.code === 'unauthenticated' ? 401 : 429
      response
        .status(status)
        .type('html')
        .send(fillPage(page, { endpoint: addressOf(request), problem: `Not signed in: ${error.message}.` }))
    }
  }
}

function showLogin({ TEMPORAL_UI_URL }: Config): RequestHandler {
  return (request, response) => {
    const isSignedIn = 'signed-in' in request.query
    const signedIn = isSignedIn
      ? 'You are signed in. Histories are readable now: reload the page in Temporal.'
      : ''
    const temporalUrl = isSignedIn ? (TEMPORAL_UI_URL ?? '') : ''
    response
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(fillPage(page, { endpoint: addressOf(request), signedIn, temporalUrl }))
  }
}

/** What the browser of whoever asks can reach us by. */
function addressOf(request: Request): string {
  return `${request.protocol}://${request.get('host') ?? ''}/codec`
}

const page = readFileSync(new URL('../../web/landing/codec-login.html', import.meta.url), 'utf8')
