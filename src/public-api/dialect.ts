import { Router, type Request, type RequestHandler } from 'express'
import type { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { ApiDocument } from '../kit/api-docs.ts'
import { mountRoutes, refuseMethod } from '../kit/mount-routes.ts'
import { describeApi, type ApiAbout } from '../kit/openapi.ts'
import { answerNotFound, answerProblems } from '../kit/problem.ts'
import type { Actor, Route } from '../kit/route.ts'
import { takeForms } from '../kit/take-forms.ts'
import { takeJson } from '../kit/take-json.ts'
import { errorTable, type AppError, type ErrorCode } from '../model/errors.ts'
import type { DialectRoute, FieldNames } from './dialect-route.ts'

/** An error on its way to a dialect's wire, after the dialect's own words for status and code. */
export interface Refusal {
  status: number
  code: string
  error: AppError
  requestId: string
}

/** A vendor's REST API in front of our features: names, envelopes and credentials, and nothing else. */
export interface DialectDefinition extends Omit<ApiAbout, 'refusal'> {
  /** Of its document: `/openapi/<name>.json`. */
  name: string
  /** Stands before the path of every row. */
  prefix: string
  /** Everything under these is the dialect's, and answers 404 in its own shape when it is not known; the prefix when absent. */
  roots?: string[]
  authenticate(deps: Deps, request: Request): Promise<Actor & { numberId: string }>
  /** Its callers may send forms where the document shows JSON. */
  takesForms?: boolean
  /** Whose rows read bodies themselves, which may be larger than JSON usually is. */
  ownBodies?: RegExp
  /** Paths where there is nothing to do, and every method is refused as such. */
  closed?: string[]
  /** The envelope of a success; the bare answer when absent. */
  ok?: { schema(answer: z.ZodType): z.ZodType; wrap(answer: unknown): unknown }
  fail: { schema: z.ZodType; body(refusal: Refusal): unknown }
  /** Status and wire code by our error code. A dialect may override these two and nothing else. */
  overrides: Partial<Record<ErrorCode, { status?: number; code?: string }>>
  fields: FieldNames
  routes: DialectRoute[]
}
export interface Dialect {
  name: string
  routes: Route[]
  document: ApiDocument
  serve(deps: Deps): RequestHandler
}

/** Fields that a vendor's callers send and we do not know are passed over, and named in `Ignored-Fields`. */
export function defineDialect(definition: DialectDefinition): Dialect {
  const { name, prefix, roots = [prefix], fail, authenticate } = definition
  const routes = definition.routes.map((route) => toRoute(definition, route))
  const refusal = { mediaType: 'application/json', schema: fail.schema }
  return {
    name,
    routes,
    document: {
      path: `/openapi/${name}.json`,
      describe: () => describeApi(routes, { ...definition, refusal, isBound: true }),
    },
    serve(deps) {
      const router = Router()
      router.use(roots, takeBodies(definition))
      const identify = (request: Request) => authenticate(deps, request)
      const { takesForms = false } = definition
      router.use(mountRoutes(deps, routes, { identify, unknownFields: 'ignore', takesForms, area: 'inbox' }))
      for (const path of definition.closed ?? []) router.all(path, refuseMethod([]))
      router.use(roots, answerNotFound)
      router.use(roots, answerProblems(deps.log, projectionOf(definition)))
      return router
    },
  }
}

function takeBodies({ takesForms = false, ownBodies }: DialectDefinition): RequestHandler[] {
  const takers = takesForms ? [...takeJson, ...takeForms] : takeJson
  if (!ownBodies) return takers
  return takers.map((take) => (request, response, next) => {
    if (ownBodies.test(`${request.baseUrl}${request.path}`)) next()
    else void take(request, response, next)
  })
}

function toRoute({ prefix, ok, fields }: DialectDefinition, route: DialectRoute): Route {
  const { path, output, answer, ...rest } = route
  return {
    ...rest,
    path: prefix + path,
    auth: route.auth ?? 'key',
    output: ok ? ok.schema(output) : output,
    handle: async (context) => {
      const answered = await answer(context, fields)
      return ok ? ok.wrap(answered) : answered
    },
  }
}

function projectionOf({ overrides, fail }: DialectDefinition): Parameters<typeof answerProblems>[1] {
  return (error, requestId) => {
    const { status = errorTable[error.code].status, code = error.code } = overrides[error.code] ?? {}
    return { status, mediaType: 'application/json', body: fail.body({ status, code, error, requestId }) }
  }
}
