import { z } from 'zod'
import type { Config } from '../config.ts'
import { toPostman, type OpenApi } from './postman.ts'
import { defineRoute, type Route, type RouteContext } from './route.ts'

type Asked = Pick<RouteContext, 'deps' | 'request'>

const path = '/platform/v1/postman-collection'
const base = { tag: 'API keys', auth: 'key', output: z.looseObject({ info: z.looseObject({}) }) } as const

/**
 * Collections of the APIs that are named.
 * @param documents the OpenAPI document of each, made when it is asked for.
 */
export function postmanRoutes(documents: Record<string, () => OpenApi>): Route[] {
  const api = z.enum(Object.keys(documents) as [string, ...string[]])
  const made = new Map<string, OpenApi>()
  const collect = (name: string, context: Asked, key: string | undefined) => {
    const document = made.get(name) ?? documents[name]?.() ?? { info: { title: name } }
    made.set(name, document)
    const { config } = context.deps
    return toPostman(document, { baseUrl: baseUrlOf(config, context), ...(key !== undefined && { key }) })
  }
  return [
    defineRoute({
      ...base,
      method: 'get',
      path,
      summary: 'Download a Postman collection of an API',
      description: 'The key is a variable of the collection; no request holds it.',
      input: {
        query: z.object({
          api: api.default('platform'),
          withKey: z
            .stringbool()
            .default(false)
            .meta({ description: 'fills in the API key of this request; of the platform only' }),
        }),
      },
      handle: async (context) => {
        const { query, actor, request } = context
        const own = request.get('authorization')?.replace(/^Bearer\s+/i, '')
        const mayFill = query.withKey && query.api === 'platform' && actor.kind === 'key'
        return { ...collect(query.api, context, mayFill ? own : undefined) }
      },
    }),
    defineRoute({
      ...base,
      method: 'post',
      path,
      summary: 'Make a Postman collection of an API with a key filled in',
      description: 'For keys of other APIs, which are shown once, when they are made.',
      input: { body: z.object({ api, key: z.string().min(1).max(500) }) },
      handle: async (context) => ({
        ...collect(context.body.api, context, context.body.key),
      }),
    }),
  ]
}

function baseUrlOf({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>, { request }: Asked): string {
  return PUBLIC_URL ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`
}
