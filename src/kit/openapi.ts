import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { problemSchema } from './problem.ts'
import type { Route } from './route.ts'

type Document = ReturnType<typeof createDocument>

/** The OpenAPI 3.1 document of the platform API, from the schemas that check it. */
export function describeApi(routes: Route[]): Document {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    const path = toTemplate(route.path)
    paths[path] = { ...paths[path], [route.method]: describeOperation(route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Dripline platform API',
      version: '1.0.0',
      description: [
        'WhatsApp journeys, runs, contacts, conversations and events of one workspace.',
        'Lists are paged by `cursor`. Every POST takes an `Idempotency-Key`: repeated with the same key and',
        'body within 24 hours it answers what it answered first. Errors are problem details (RFC 9457).',
      ].join('\n'),
    },
    servers: [{ url: '/', description: 'this installation' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'an API key, `drip_…`' },
        session: { type: 'http', scheme: 'bearer', description: 'the token of a session, `drips_…`' },
      },
      schemas: { Problem: problemSchema },
    },
  })
}

function describeOperation(route: Route): ZodOpenApiOperationObject {
  const { params, query, body } = route.input ?? {}
  const isOnce = route.method === 'post' && route.auth !== 'none'
  const names = pathNames(route.path)
  const path =
    params ??
    (names.length > 0 ? z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) : undefined)
  return {
    operationId: operationId(route),
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
    responses: describeResponses(route, isOnce),
  }
}

const idempotencyHeader = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().meta({
    description: 'makes it safe to repeat the request',
    example: 'b2c1f6de-4f0e-4c6a-9a3c-0d8f0f4c7b11',
  }),
})

function describeResponses(route: Route, isOnce: boolean): ZodOpenApiOperationObject['responses'] {
  const status = route.status ?? 200
  const success =
    status === 204
      ? { description: 'Done' }
      : { description: 'Done', content: { 'application/json': { schema: route.output } } }
  const problem = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: problemSchema } },
  })
  const { input, auth } = route
  return {
    [`${status}` as '200']: success,
    ...(input && { '400': problem('A field is not valid; it is named') }),
    ...(auth !== 'none' && { '401': problem('No valid key or session') }),
    ...(auth === 'admin' && { '403': problem('The role does not allow it') }),
    ...(input?.params && { '404': problem('There is no such thing in this workspace') }),
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
function operationId({ method, path }: Route): string {
  const words = path
    .replace(/^\/platform\/v1/, '')
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
