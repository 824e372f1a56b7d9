import { Router, type Request, type RequestHandler, type Response } from 'express'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { Area } from '../model/permissions.ts'
import { listIgnored, tellIgnored } from './ignored-fields.ts'
import { audited } from './audited.ts'
import { authorize } from './auth.ts'
import { toFieldErrors } from './field-errors.ts'
import { answerOnce, type Answer } from './idempotency.ts'
import { refuseNulInUrl } from './storable-text.ts'
import { refuseFields } from './problem.ts'
import type { Actor, Route, RouteContext } from './route.ts'

/** What one API does its own way: the platform's, or a dialect's. */
export interface Door {
  identify(request: Request): Promise<Actor>
  /** Fields that no schema names are refused by name, or passed over and named in the header `Ignored-Fields`. */
  unknownFields: 'refuse' | 'ignore'
  /** Which area of permissions its headings belong to, of those that the platform's table does not name. */
  area?: Area
  /** Forms are as good as JSON. */
  takesForms?: boolean
}

/** Serves routes: who asks, may they, is the input right, was it done before; then the feature's function. */
export function mountRoutes(deps: Deps, routes: Route[], door: Door): Router {
  const router = Router()
  // `/contacts/export` stands before `/contacts/:id`, whichever feature was mounted first.
  const sorted = routes.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  demandDistinct(sorted)
  for (const route of sorted) router[route.method](route.path, serve(deps, route, door))
  for (const [path, group] of Map.groupBy(sorted, (route) => route.path)) {
    router.all(path, refuseMethod(group.map(({ method }) => method.toUpperCase())))
  }
  return router
}

/** The second of two at one address would never be asked. */
function demandDistinct(routes: Route[]): void {
  const addresses = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`)
  const twice = addresses.filter((address, at) => addresses.indexOf(address) !== at)
  if (twice.length > 0) throw new Error(`two routes stand at ${twice.join(' and at ')}`)
}

function sortKey({ path }: Route): string {
  return path.replaceAll(':', '\u{10ffff}')
}

function serve(deps: Deps, route: Route, door: Door): RequestHandler {
  const readInput = inputReader(route, door)
  return async (request, response) => {
    const actor = route.auth === 'none' ? nobody : await door.identify(request)
    const answered = await audited(deps, { route, actor, request }, async () => {
      if (route.auth !== 'none') authorize(actor, route, door.area)
      const context: RouteContext = { deps, actor, request, ...readInput(request) }
      if (route.download) return void (await route.handle(context))
      const run = () => answer(route, context)
      const isOnce = route.method === 'post' && route.auth !== 'none'
      return isOnce ? answerOnce(deps, request, actor, run) : run()
    })
    if (answered) send(response, answered)
  }
}

/** Signing in has no workspace yet; there a repetition does no harm. */
const nobody: Actor = { workspaceId: '', kind: 'user', id: '' }

/** Schemas are made strict once, where a field that we do not know is to be refused. */
function inputReader({ input = {} }: Route, { unknownFields, takesForms = false }: Door) {
  const close = (schema: z.ZodObject) => (unknownFields === 'refuse' ? schema.strict() : schema)
  const params = input.params ?? z.object({})
  const query = close(input.query ?? z.object({}))
  const body = input.body instanceof z.ZodObject ? close(input.body) : (input.body ?? z.unknown())
  return (request: Request): Pick<RouteContext, 'params' | 'query' | 'body'> => {
    refuseNulInUrl(request)
    if (unknownFields === 'ignore')
      nameIgnored(request, [
        [query, request.query],
        [body, request.body],
      ])
    if (input.body) refuseOtherMedia(request, takesForms)
    // Without a body, the fields that it lacks are what to name.
    const sent: unknown = request.body ?? (body instanceof z.ZodObject ? {} : undefined)
    const parts = [params.safeParse(request.params), query.safeParse(request.query), body.safeParse(sent)]
    const errors = parts.flatMap(({ error }) => (error ? toFieldErrors(error) : []))
    if (errors.length > 0) throw refuseFields(errors)
    return { params: parts[0]?.data, query: parts[1]?.data, body: parts[2]?.data }
  }
}

/** Passing a field over in silence would hide a misspelt one. */
function nameIgnored(request: Request, parts: [z.ZodType, unknown][]): void {
  tellIgnored(
    request,
    parts.flatMap(([schema, sent]) => listIgnored(schema, sent)),
  )
}

const forms = ['application/x-www-form-urlencoded', 'multipart/form-data']

function refuseOtherMedia(request: Request, takesForms: boolean): void {
  const isEmpty = request.get('transfer-encoding') === undefined && !Number(request.get('content-length'))
  if (isEmpty || request.is('json') || (takesForms && request.is(forms))) return
  throw new AppError('unsupported_media', 'send the body as application/json')
}

/** What does not fit the documented answer is a bug of ours; what the schema does not name stays inside. */
async function answer(route: Route, context: RouteContext): Promise<Answer> {
  const result = await route.handle(context)
  const output = route.output.safeParse(result)
  if (!output.success) {
    const message = `the answer of ${route.method} ${route.path} is not as documented`
    throw new AppError('internal', message, { cause: output.error })
  }
  return { status: route.status ?? 200, body: output.data }
}

function send(response: Response, { status, body }: Answer): void {
  response.status(status)
  if (status === 204) response.end()
  else response.json(body)
}

export function refuseMethod(methods: string[]): RequestHandler {
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  return (request, response) => {
    response.set('Allow', allowed)
    if (request.method === 'OPTIONS') return void response.status(204).end()
    throw new AppError('method_not_allowed', `${request.method} is none of ${allowed}`)
  }
}
