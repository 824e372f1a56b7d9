import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi'
import type { ErrorCode } from '../model/errors.ts'
import { exampleOf, type Schema, type Schemas } from './example-of.ts'
import { problemSchema } from './problem.ts'
import type { Route } from './route.ts'

type Document = ReturnType<typeof createDocument>

/** What an API's document says of the API as a whole. */
export interface ApiAbout {
  title: string
  description: string
  /** What all its paths begin with; operation ids leave it out. */
  prefix: string
  /** Ways to say who asks; any one will do. */
  securitySchemes: NonNullable<NonNullable<ZodOpenApiObject['components']>['securitySchemes']>
  refusal: { mediaType: string; schema: z.ZodType }
  /** The statuses of errors that this API answers otherwise. */
  overrides?: Partial<Record<ErrorCode, { status?: number }>>
  /** Its keys are of one kind and number each: 403 to those of another. */
  isBound?: boolean
}

const platform: ApiAbout = {
  title: 'Dripline platform API',
  description: [
    'WhatsApp journeys, runs, contacts, conversations and events of one workspace.',
    'Lists are paged by `cursor`. Every POST takes an `Idempotency-Key`: repeated with the same key and',
    'body within 24 hours it answers what it answered first. Errors are problem details (RFC 9457).',
  ].join('\n'),
  prefix: '/platform/v1',
  securitySchemes: {
    apiKey: { type: 'http', scheme: 'bearer', description: 'an API key, `drip_…`' },
    session: { type: 'http', scheme: 'bearer', description: 'the token of a session, `drips_…`' },
  },
  refusal: { mediaType: 'application/problem+json', schema: problemSchema },
}

/** The OpenAPI 3.1 document of the platform API, or of another one, from the schemas that check it. */
export function describeApi(routes: Route[], about: ApiAbout = platform): Document {
  const { title, description, securitySchemes } = about
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    const path = toTemplate(route.path)
    paths[path] = { ...paths[path], [route.method]: describeOperation(route, about) }
  }
  const document = createDocument({
    openapi: '3.1.0',
    info: { title, version: '1.0.0', description },
    servers: [{ url: '/', description: 'this installation' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
    paths,
    components: { securitySchemes },
  })
  addExamples(document)
  return document
}

/** Without one, readers of the docs are shown whatever the viewer makes up from a pattern. */
function addExamples({ paths, components }: Document): void {
  const schemas = (components?.schemas ?? {}) as Schemas
  for (const operation of Object.values(paths ?? {}).flatMap((each) => Object.values(each) as Operation[])) {
    const json = operation.requestBody?.content['application/json']
    if (json?.schema && json.example === undefined) json.example = exampleOf(json.schema, schemas)
  }
}
interface Operation {
  requestBody?: { content: Record<string, { schema?: Schema; example?: unknown } | undefined> }
}

function describeOperation(route: Route, about: ApiAbout): ZodOpenApiOperationObject {
  const { params, query, body } = route.input ?? {}
  const isOnce = route.method === 'post' && route.auth !== 'none'
  const names = pathNames(route.path)
  const path =
    params ??
    (names.length > 0 ? z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) : undefined)
  return {
    operationId: operationId(route, about.prefix),
    summary: route.summary,
    ...(route.description && { description: route.description }),
    tags: [route.tag],
    ...(route.auth === 'none' && { security: [] }),
    requestParams: {
      ...(path && { path }),
      ...(query && { query }),
      ...(isOnce && { header: idempotencyHeader }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    ...(route.upload && { requestBody: { required: true, content: describeUpload(route) } }),
    responses: describeResponses(route, isOnce, about),
  }
}

const idempotencyHeader = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().meta({
    description: 'makes it safe to repeat the request',
    example: 'b2c1f6de-4f0e-4c6a-9a3c-0d8f0f4c7b11',
  }),
})

const binary = z.string().meta({ override: { type: 'string', format: 'binary' } })

/** A form carries the file in its field `file`; every other type is the file itself. */
function describeUpload({ upload: types = [], uploadForm }: Route) {
  const form = z.object({ file: binary, ...uploadForm?.shape })
  return Object.fromEntries(
    types.map((type) => [type, { schema: type === 'multipart/form-data' ? form : binary }]),
  )
}

function describeResponses(
  route: Route,
  isOnce: boolean,
  { refusal: { mediaType, schema }, overrides = {}, isBound = false }: ApiAbout,
): ZodOpenApiOperationObject['responses'] {
  const status = route.status ?? 200
  const content = route.download
    ? {
        ...(!(route.output instanceof z.ZodVoid) && { 'application/json': { schema: route.output } }),
        [route.download]: { schema: binary },
      }
    : { 'application/json': { schema: route.output } }
  const success = status === 204 ? { description: 'Done' } : { description: 'Done', content }
  const problem = (description: string) => ({ description, content: { [mediaType]: { schema } } })
  const { input, auth } = route
  return {
    [`${status}` as '200']: success,
    ...((input ?? route.upload) && { '400': problem('A field is not valid; it is named') }),
    ...(auth !== 'none' && { '401': problem('No valid key or session') }),
    ...(auth === 'admin' && { '403': problem('The role does not allow it') }),
    ...(isBound && { '403': problem('The key is of another kind, or for another number') }),
    ...(overrides.not_found?.status === undefined &&
      input?.params && { '404': problem('There is no such thing in this workspace') }),
    ...(isOnce && {
      '409': problem(
        'It contradicts what is there, or the first request with this Idempotency-Key still runs',
      ),
      '422': problem('It cannot be done as asked, or the Idempotency-Key came with another request before'),
    }),
    '503': problem('The database or the workflow server is away; Retry-After says when to come again'),
  }
}

/** `post /platform/v1/journeys/:id/publish` → `postJourneysByIdPublish`: stable, unique, readable. */
function operationId({ method, path }: Route, prefix: string): string {
  const words = path
    .slice(path.startsWith(prefix) ? prefix.length : 0)
    .split(/[/-]/)
    .filter(Boolean)
    .map((part) => (part.startsWith(':') ? `By${capital(part.slice(1))}` : capital(part)))
  return method + words.join('')
}

function toTemplate(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}')
}

function pathNames(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
