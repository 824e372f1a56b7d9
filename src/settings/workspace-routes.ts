import { z } from 'zod'
import { Contact } from '../contacts/entities.ts'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { hasBroadcastWrapper, setBroadcastWrapper } from './broadcast-wrapper.ts'
import { findCustomerId } from './find-bot.ts'
import { erasePayloadKey } from '../temporal/payload-keys.ts'
import { Workspace } from './entities.ts'
import { listInboundItems } from './inbound-items.ts'

const inboundItem = z
  .object({
    id: z.uuid(),
    field: z
      .string()
      .meta({ description: "Meta's webhook field", example: 'message_template_status_update' }),
    error: z.string().nullable().meta({ description: 'why it could not be read, or null' }),
    receivedAt: z.iso.datetime(),
    raw: z.unknown().meta({ description: 'the item as it came' }),
  })
  .meta({ id: 'InboundItem' })

export const workspaceRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/workspace',
    summary: "The credential's workspace, and who asks",
    tag: 'Workspace',
    auth: 'key',
    output: z.object({
      id: z.uuid(),
      name: z.string(),
      customerId: z.string().meta({ description: "the workspace's name in the paths of Engati's API" }),
      broadcastWrapper: z.boolean().meta({ description: "whether Engati's broadcast wrapper takes calls" }),
      createdAt: z.iso.datetime(),
      actor: z.object({
        kind: z.enum(['key', 'user']),
        id: z.uuid(),
        role: z.enum(['admin', 'user', 'app']).optional(),
      }),
    }),
    handle: async ({ deps, actor: { workspaceId, ...actor } }) => {
      const em = deps.orm.em.fork()
      const { id, name, createdAt } = await em.findOneOrFail(Workspace, workspaceId)
      const customerId = await findCustomerId(deps, workspaceId)
      const broadcastWrapper = await hasBroadcastWrapper(deps, workspaceId)
      return { id, name, customerId, broadcastWrapper, createdAt: createdAt.toISOString(), actor }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/platform/v1/workspace',
    summary: "Switch Engati's broadcast wrapper on or off",
    description: 'It makes contacts of whomever a caller names, and sends them templates.',
    tag: 'Workspace',
    auth: 'admin',
    input: { body: z.object({ broadcastWrapper: z.boolean() }) },
    output: z.object({ broadcastWrapper: z.boolean() }),
    handle: async ({ deps, actor, body: { broadcastWrapper } }) => {
      const { workspaceId } = actor
      await setBroadcastWrapper(deps, { workspaceId, isOn: broadcastWrapper, by: nameActor(actor) })
      return { broadcastWrapper }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/platform/v1/inbound-items',
    summary: 'What came in by webhook and is neither message nor status, or could not be read; newest first',
    tag: 'Workspace',
    auth: 'key',
    input: {
      query: page.query.extend({
        failed: z.enum(['true', 'false']).optional().meta({ description: 'only what could (not) be read' }),
      }),
    },
    output: page.of(inboundItem),
    handle: async ({ deps, actor, query }) => {
      const before = decodeCursor(query.cursor, z.tuple([z.uuid()]))?.[0]
      const failed = query.failed === undefined ? undefined : query.failed === 'true'
      const { limit } = query
      const rows = await listInboundItems(deps, { workspaceId: actor.workspaceId, limit, before, failed })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/platform/v1/contacts/:id/payload-key',
    summary: "Erase a contact's key: the contents of its workflow histories become unreadable, for ever",
    tag: 'Contacts',
    auth: 'admin',
    input: { params: z.object({ id: z.uuid() }) },
    output: z.object({ erased: z.boolean().meta({ description: 'false when there was no key (any more)' }) }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      const contact = await forkFor(deps.orm, workspaceId).findOne(Contact, id)
      if (!contact) throw new AppError('not_found', `there is no contact ${id}`)
      return { erased: await erasePayloadKey(deps.orm, workspaceId, id) }
    },
  }),
]
