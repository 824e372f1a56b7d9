import { exampleOf, type Schema, type Schemas } from './example-of.ts'

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}
interface Operation {
  summary?: string
  description?: string
  tags?: string[]
  security?: object[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema?: Schema }> }
}
interface SecurityScheme {
  type: string
  scheme?: string
  name?: string
  /** What stands before the key in a header. */
  'x-prefix'?: string
}
/** An OpenAPI 3.1 document, as far as a collection needs it. */
export interface OpenApi {
  info: { title: string; description?: string }
  paths?: Record<string, object | undefined>
  components?: { schemas?: object; securitySchemes?: object }
}

interface Variable {
  key: string
  value: string
  description?: string
  disabled?: boolean
}
export interface PostmanRequest {
  method: string
  auth?: { type: 'noauth' }
  header: Variable[]
  url: { raw: string; host: string[]; path: string[]; query?: Variable[]; variable?: Variable[] }
  body?: object
  description?: string
}
/** Postman Collection v2.1: a folder a tag, a request an operation. */
export interface PostmanCollection {
  info: { name: string; description: string; schema: string }
  auth: object
  variable: (Variable & { type: 'string' | 'secret' })[]
  item: { name: string; item: { name: string; request: PostmanRequest }[] }[]
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/**
 * An API's document as a Postman collection. Address and key are variables of the collection, so that no request holds a
 * secret; the key is filled in when one is given.
 */
export function toPostman(document: OpenApi, filled: { baseUrl: string; key?: string }): PostmanCollection {
  const { info, components = {} } = document
  const schemas = (components.schemas ?? {}) as Schemas
  const requests = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = (item as Record<string, Operation | undefined> | undefined)?.[method]
      return operation ? [{ operation, request: toRequest(method, path, operation, schemas) }] : []
    }),
  )
  const folders = Map.groupBy(requests, ({ operation }) => operation.tags?.[0] ?? 'Other')
  return {
    info: {
      name: info.title,
      description: info.description ?? '',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: toAuth(Object.values((components.securitySchemes ?? {}) as Record<string, SecurityScheme>)[0]),
    variable: [
      { key: 'baseUrl', value: filled.baseUrl.replace(/\/$/, ''), type: 'string' },
      { key: 'apiKey', value: filled.key ?? '', type: 'secret' },
    ],
    item: [...folders].map(([name, entries]) => ({
      name,
      item: entries.map(({ operation, request }) => ({
        name: operation.summary ?? request.url.raw,
        request,
      })),
    })),
  }
}

function toAuth(scheme: SecurityScheme | undefined): object {
  if (!scheme) return { type: 'noauth' }
  const field = (key: string, value: string) => ({ key, value, type: 'string' })
  if (scheme.type === 'apiKey') {
    return {
      type: 'apikey',
      apikey: [
        field('key', scheme.name ?? ''),
        field('value', `${scheme['x-prefix'] ?? ''}{{apiKey}}`),
        field('in', 'header'),
      ],
    }
  }
  return { type: 'bearer', bearer: [field('token', '{{apiKey}}')] }
}

function toRequest(method: string, path: string, operation: Operation, schemas: Schemas): PostmanRequest {
  const { parameters = [], description, security, requestBody } = operation
  const variables = (where: string) =>
    parameters.filter((each) => each.in === where).map((each) => toVariable(each, schemas))
  const segments = path
    .split('/')
    .filter(Boolean)
    .map((part) => part.replace(/^\{(.+)\}$/, ':$1'))
  const query = variables('query')
  const variable = variables('path').map(({ disabled: _disabled, ...each }) => each)
  const enabled = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${value}`)
  const body = requestBody && toBody(requestBody.content, schemas)
  return {
    method: method.toUpperCase(),
    ...(security?.length === 0 && { auth: { type: 'noauth' as const } }),
    header: [...(body?.header ?? []), ...variables('header')],
    url: {
      raw: `{{baseUrl}}/${segments.join('/')}${enabled.length > 0 ? `?${enabled.join('&')}` : ''}`,
      host: ['{{baseUrl}}'],
      path: segments,
      ...(query.length > 0 && { query }),
      ...(variable.length > 0 && { variable }),
    },
    ...(body && { body: body.body }),
    ...(description !== undefined && { description }),
  }
}

/** What may be left out is there to be ticked. */
function toVariable({ name, required, description, schema = {} }: Parameter, schemas: Schemas): Variable {
  const value = exampleOf(schema, schemas)
  const words = description ?? (schema as { description?: string }).description
  return {
    key: name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
    ...(words !== undefined && { description: words }),
    ...(!required && { disabled: true }),
  }
}

function wordsOf(schema: Schema): { description?: string } {
  const { description } = schema as { description?: string }
  return description === undefined ? {} : { description }
}

function toBody(content: Record<string, { schema?: Schema }>, schemas: Schemas) {
  const json = content['application/json']
  if (json) {
    const raw = JSON.stringify(exampleOf(json.schema ?? {}, schemas), undefined, 2)
    const body = { mode: 'raw', raw, options: { raw: { language: 'json' } } }
    return { header: [{ key: 'Content-Type', value: 'application/json' }], body }
  }
  const [type = 'application/octet-stream'] = Object.keys(content)
  if (type === 'multipart/form-data') {
    const { properties = {}, required = [] } = content[type]?.schema ?? {}
    const texts = Object.entries(properties).flatMap(([key, schema]) =>
      key === 'file'
        ? []
        : [
            {
              key,
              type: 'text',
              value: '',
              ...(!required.includes(key) && { disabled: true }),
              ...wordsOf(schema),
            },
          ],
    )
    const file = { key: 'file', type: 'file', src: [] }
    return { header: [], body: { mode: 'formdata', formdata: [file, ...texts] } }
  }
  return { header: [{ key: 'Content-Type', value: type }], body: { mode: 'file', file: { src: '' } } }
}
