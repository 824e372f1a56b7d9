import { describeApi } from '../../src/kit/openapi.ts'
import { platformRoutes } from '../../src/server.ts'
import { openApi } from '../support/api-rig.ts'

const document = JSON.parse(JSON.stringify(describeApi(platformRoutes))) as Document

interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}
interface Operation {
  operationId: string
  summary: string
  tags: string[]
  security?: object[]
  parameters?: { in: string; name: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> }
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

test('is OpenAPI 3.1 and holds every route of the platform API, once', () => {
  expect(document.openapi).toBe('3.1.0')
  const described = operations.map(({ path, method }) => `${method} ${path}`).sort()
  const served = platformRoutes.map(({ path, method }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  expect(described).toEqual(served.sort())
  expect(new Set(served).size).toBe(served.length)
})

test('operation ids are unique, and every operation says what it does', () => {
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { operation } of operations) {
    expect(operation.summary.length).toBeGreaterThan(3)
    expect(operation.tags).toHaveLength(1)
  }
})

test('every parameter in a path is declared and required, and no other', () => {
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = (operation.parameters ?? []).filter(({ in: place }) => place === 'path')
    expect([path, new Set(declared.map(({ name }) => name))]).toEqual([path, new Set(named)])
    for (const { required } of declared) expect(required).toBe(true)
  }
})

test('every $ref leads somewhere, and every component is used', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => String(ref))
  expect(refs.length).toBeGreaterThan(10)
  for (const ref of new Set(refs)) {
    const target = ref.replace('#/', '').split('/')
    const found = target.reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document)
    expect([ref, typeof found]).toEqual([ref, 'object'])
  }
})

test('POSTs take an Idempotency-Key, and refusals are problem details', () => {
  for (const { path, method, operation } of operations) {
    const takesKey = operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false
    expect([path, method, takesKey]).toEqual([path, method, method === 'post' && !operation.security])
    for (const [status, { content }] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue
      expect(Object.keys(content ?? {})).toEqual(['application/problem+json'])
    }
    if (!operation.security) expect(Object.keys(operation.responses)).toContain('401')
  }
  expect(Object.keys(document.components.securitySchemes)).toEqual(['apiKey', 'session'])
})

test('is served, and the docs page shows it with nothing from elsewhere', async () => {
  const api = await openApi({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  try {
    const served = await api.ask('GET', '/openapi.json')
    expect(served.body).toMatchObject({ openapi: '3.1.0' })
    expect(await api.ask('GET', '/docs')).toMatchObject({ status: 301 })
    const page = await api.ask('GET', '/docs/')
    expect(page.text).not.toMatch(/https?:\/\/|<script>/)
  } finally {
    await api.close()
  }
})

test('every JSON body is shown by an example', () => {
  const bodies = operations.flatMap(
    ({ operation }) => operation.requestBody?.content['application/json'] ?? [],
  )
  expect(bodies.length).toBeGreaterThan(50)
  for (const { schema, example } of bodies) expect([schema, example]).not.toEqual([schema, undefined])
})
