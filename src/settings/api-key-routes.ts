import { z } from 'zod'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { apiKeyKinds, createApiKey, listApiKeys, regenerateApiKey, revokeApiKey } from './api-keys.ts'

const kind = z.enum(apiKeyKinds).meta({
  description: '`platform` opens this API; any other opens the public API of that name, for one number',
})
const apiKeyView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind,
    numberId: z.uuid().nullable(),
    prefix: z.string().meta({ description: 'the part of the key that is no secret', example: 'k3v9x0q2ab' }),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable().meta({ description: 'to the minute' }),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey' })
const newKeyView = apiKeyView.extend({ key: z.string() }).meta({ id: 'NewApiKey' })
const path = '/platform/v1/api-keys'

export const apiKeyRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path,
    summary: 'List the API keys, the revoked too',
    tag: 'API keys',
    auth: 'admin',
    input: { query: page.query },
    output: page.of(apiKeyView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listApiKeys(deps, { workspaceId, limit, after })
      return page.cut(rows.map(toView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    method: 'post',
    path,
    summary: 'Make an API key, shown this once',
    tag: 'API keys',
    auth: 'admin',
    status: 201,
    input: {
      body: z.object({
        name: z.string().trim().min(1).max(100),
        kind: kind.default('platform'),
        numberId: z.uuid().optional().meta({ description: 'required for every kind but `platform`' }),
      }),
    },
    output: newKeyView,
    handle: async ({ deps, actor: { workspaceId }, body }) => {
      const { row, key } = await createApiKey(deps, { workspaceId, ...body })
      return { ...toView(row), key }
    },
  }),
  defineRoute({
    method: 'post',
    path: `${path}/:id/regenerate`,
    summary: 'Give an API key another text, shown this once; the old one opens nothing any more',
    tag: 'API keys',
    auth: 'admin',
    input: { params: z.object({ id: z.uuid() }) },
    output: newKeyView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      const { row, key } = await regenerateApiKey(deps, { workspaceId, id })
      return { ...toView(row), key }
    },
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Revoke an API key, at once and for ever',
    tag: 'API keys',
    auth: 'admin',
    input: { params: z.object({ id: z.uuid() }) },
    output: apiKeyView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      return toView(await revokeApiKey(deps, { workspaceId, id }))
    },
  }),
]

type ApiKeyRow = Awaited<ReturnType<typeof revokeApiKey>>

function toView({ id, name, kind, numberId, prefix, ...row }: ApiKeyRow): z.input<typeof apiKeyView> {
  return {
    ...{ id, name, kind, prefix },
    numberId: numberId ?? null,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}
