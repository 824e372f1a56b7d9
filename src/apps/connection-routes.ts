import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { listConnectionUses } from './connection-uses.ts'
import { createConnection, deleteConnection, updateConnection } from './connections.ts'
import { getConnection, listConnections } from './find-connections.ts'
import { testConnection } from './test-connection.ts'

const name = z.string().trim().min(1).max(200)
const auth = z.record(z.string(), z.json()).meta({
  description: "in the shape of the integration's `auth`; secrets are sealed and never shown again",
  example: { type: 'bearer', origin: 'https://api.example.com', token: 'secret' },
})
const connectionView = z
  .object({
    id: z.uuid(),
    integration: z.string(),
    name: z.string(),
    shown: jsonObjectSchema.meta({ description: 'what of the credentials is no secret' }),
    test: z
      .object({ at: z.iso.datetime(), ok: z.boolean(), words: z.string() })
      .nullable()
      .meta({ description: 'the last one since the credentials were given' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Connection' })
const useView = z.object({
  journeyId: z.uuid(),
  journeyName: z.string(),
  where: z.enum(['draft', 'published']),
  cardId: z.string(),
})

const path = '/platform/v1/connections'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Connections' } as const

/** Credentials for outside systems. Anybody may use one in a journey; only an admin gives, changes and takes them. */
export const connectionRoutes: Route[] = [
  defineRoute({
    ...base,
    auth: 'key',
    method: 'get',
    path,
    summary: 'List the connections, newest first',
    input: {
      query: page.query.extend({
        integration: z.string().max(100).optional(),
        search: z.string().trim().min(1).max(200).optional().meta({ description: 'part of the name' }),
      }),
    },
    output: page.of(connectionView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, integration, search } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const filter = { workspaceId, integration, search, before, limit: limit + 1 }
      return page.cut(await listConnections(deps, filter), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'post',
    path,
    summary: 'Connect an outside system',
    status: 201,
    input: { body: z.strictObject({ integration: z.string().max(100), name, auth }) },
    output: connectionView,
    handle: async ({ deps, actor, body }) =>
      createConnection(deps, { ...body, workspaceId: actor.workspaceId, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    auth: 'key',
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a connection',
    input: { params },
    output: connectionView,
    handle: async ({ deps, actor, params: { id } }) => getConnection(deps, actor.workspaceId, id),
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Rename a connection, or replace its credentials',
    input: { params, body: z.strictObject({ name: name.optional(), auth: auth.optional() }) },
    output: connectionView,
    handle: async ({ deps, actor, params: { id }, body }) =>
      updateConnection(deps, {
        ...{ ...body, workspaceId: actor.workspaceId, connectionId: id },
        by: nameActor(actor),
      }),
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a connection that no journey uses',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      const { workspaceId } = actor
      await deleteConnection(deps, { workspaceId, connectionId: id, by: nameActor(actor) })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'post',
    path: `${path}/:id/test`,
    summary: 'Ask the system whether the credentials are good',
    input: { params },
    output: connectionView,
    handle: async ({ deps, actor, params: { id } }) =>
      testConnection(deps, { workspaceId: actor.workspaceId, connectionId: id }),
  }),
  defineRoute({
    ...base,
    auth: 'key',
    method: 'get',
    path: `${path}/:id/uses`,
    summary: 'List the cards of journeys that use a connection',
    input: { params },
    output: z.object({ items: z.array(useView), nextCursor: z.null() }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await getConnection(deps, workspaceId, id)
      const items = await listConnectionUses(forkFor(deps.orm, workspaceId), workspaceId, id)
      return { items, nextCursor: null }
    },
  }),
]
