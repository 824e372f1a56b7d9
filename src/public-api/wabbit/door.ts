import type { Request } from 'express'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { escapeHtml } from '../../kit/html.ts'
import { AppError } from '../../model/errors.ts'
import { activate } from '../../people/invitations.ts'
import { createSession } from '../../people/sessions.ts'
import { signIn } from '../../people/sign-in.ts'
import { readUserToken } from '../../people/user-token.ts'
import { dialectRoute, type DialectRoute } from '../dialect-route.ts'
import { keepCsrfToken, setCookie } from './cookies.ts'
import { charField } from './fields.ts'
import { isSame } from './identify.ts'
import { baseUrlOf } from './page.ts'

const tag = 'Authorization'
/** Of users with a second factor. */
const code = z.string().max(40).optional().meta({ description: 'of users who sign in with a second factor' })
const tokenWire = z.object({ token: z.string().meta({ description: '40 hex digits' }) })

export const doorRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'post', path: '/api/v1/auth/token/', summary: 'Obtain a Token', auth: 'none' },
    description: 'The same token each time, until it is revoked.',
    input: { body: z.object({ username: charField(200), password: charField(1_000), code }) },
    output: tokenWire,
    call: async ({ deps, body, request }) => {
      const { workspaceId, id: userId } = await recognise(deps, request, body)
      return readUserToken(deps, { workspaceId, userId })
    },
    toWire: (token) => ({ token }),
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/api/v1/', summary: 'API Root', auth: 'none' },
    description: 'Sets `csrftoken`, which writes with a session bring along.',
    output: z.record(z.string(), z.string()),
    call: async ({ deps, request }) => {
      keepCsrfToken(request, deps.config)
      return baseUrlOf(deps.config, request)
    },
    toWire: (base) => Object.fromEntries(collections.map((name) => [name, `${base}/api/v1/${name}/`])),
  }),
  {
    ...{ tag, method: 'get', path: '/login/', summary: 'Login Form', auth: 'none', download: 'text/html' },
    output: z.void(),
    answer: async ({ deps, request }) => {
      showForm(request, keepCsrfToken(request, deps.config), '')
    },
  },
  {
    ...{ tag, method: 'post', path: '/login/', summary: 'Log In', auth: 'none', download: 'text/html' },
    description: 'A form with `username` and `password`. Answers 302 with `csrftoken` and `sessionid`.',
    output: z.void(),
    answer: ({ deps, request }) => logIn(deps, request),
  },
  dialectRoute({
    ...{ tag, method: 'get', path: '/api/v1/users/activate/:code/', summary: 'Activate User', auth: 'none' },
    description:
      'Apps get their token, this once. Others are activated when an admin has set their password.',
    input: { params: z.object({ code: z.string().max(100) }) },
    output: z.object({ token: z.string().optional(), detail: z.string().optional() }),
    call: ({ deps, params, request }) => activate(deps, { code: params.code, address: request.ip }),
    toWire: ({ token }) => (token === null ? { detail: 'Your account is active now.' } : { token }),
  }),
]

const collections = [
  ...[
    'chats',
    'chat_assignment_events',
    'chat_tagging',
    'chat_tagging_events',
    'contacts',
    'groups',
    'media',
  ],
  ...[
    'message_tagging',
    'message_tagging_events',
    'messages',
    'persons',
    'saved_responses',
    'tags',
    'templates',
  ],
  ...['users', 'waba_webhooks'],
]

const loginSchema = z.object({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1_000),
  code: z.string().max(40).optional(),
  next: z.string().max(2_000).optional(),
  csrfmiddlewaretoken: z.string().max(200).optional(),
})
const wrong = 'Please enter a correct username and password. Note that both fields may be case-sensitive.'

async function logIn(deps: Deps, request: Request): Promise<void> {
  const { data } = loginSchema.safeParse(request.body ?? {})
  const csrfToken = keepCsrfToken(request, deps.config)
  if (!data) return showForm(request, csrfToken, wrong, 400)
  checkSite(deps, request, data.csrfmiddlewaretoken)
  try {
    const { username, password, code: second } = data
    const user = await signIn(deps, {
      username,
      password,
      code: second || undefined,
      address: request.ip ?? '',
    })
    const device = { address: request.ip, userAgent: request.get('user-agent') }
    const session = await createSession(deps, user, { kind: 'wabbit', ...device })
    request.res?.removeHeader('Set-Cookie')
    setCookie(request, deps.config, 'csrftoken', session.csrfToken ?? '')
    setCookie(request, deps.config, 'sessionid', session.token)
    request.res?.redirect(302, isOurPath(data.next) ? data.next : '/')
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unauthenticated') throw error
    showForm(request, csrfToken, wrong, 200)
  }
}

/** Another site must not sign a browser in as somebody else. Programs send neither of the two headers. */
function checkSite({ config }: Deps, request: Request, formToken: string | undefined): void {
  const origin = request.get('origin')
  const ours = [new URL(baseUrlOf(config, request)).origin, `${request.protocol}://${request.host}`]
  const isForeign =
    origin === undefined
      ? !['same-origin', 'none', undefined].includes(request.get('sec-fetch-site'))
      : !ours.includes(origin)
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(request.get('cookie') ?? '')?.[1] ?? ''
  const isForged = formToken !== undefined && !isSame(formToken, cookie)
  if (isForeign || isForged) throw new AppError('forbidden', 'CSRF Failed: CSRF token missing or incorrect.')
}

/** Not `//elsewhere` and nothing that a browser reads as that. */
function isOurPath(next: string | undefined): next is string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next)
}

async function recognise(
  deps: Deps,
  request: Request,
  given: { username: string; password: string; code?: string | undefined },
) {
  try {
    return await signIn(deps, { ...given, address: request.ip ?? '' })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unauthenticated') throw error
    const message = 'Unable to log in with provided credentials.'
    throw new AppError('invalid_input', message, { fields: [{ field: '', message }], cause: error })
  }
}

function showForm(request: Request, csrfToken: string, problem: string, status = 200): void {
  const { next } = request.query
  const field =
    typeof next === 'string' ? `<input type="hidden" name="next" value="${escapeHtml(next)}">` : ''
  request.res
    ?.status(status)
    .type('html')
    .send(`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Log in</title></head><body><main><h1>Log in</h1>
${problem && `<p role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/login/"><input type="hidden" name="csrfmiddlewaretoken" value="${csrfToken}">${field}
<p><label>Username <input name="username" autocomplete="username" required autofocus></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
<p><label>Code, with a second factor <input name="code" autocomplete="one-time-code"></label></p>
<p><button>Log in</button></p></form></main></body></html>`)
}
