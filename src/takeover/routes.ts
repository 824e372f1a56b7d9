import { z } from 'zod'
import { readAccess } from '../conversations/access.ts'
import { demandAnswer } from '../conversations/demand-answer.ts'
import { noteViewer } from '../conversations/viewers.ts'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route, type RouteContext } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { takeoverSettingsSchema } from '../model/takeover-settings.ts'
import { listTakeovers } from './list-takeovers.ts'
import { noteTyping, orderHandBack, orderTakeOver } from './order-takeover.ts'
import { findTakeoverSettings, saveTakeoverSettings } from './takeover-settings.ts'

const time = z.iso.datetime()
const takeoverView = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    contactId: z.uuid(),
    kind: z.enum(['taken', 'typing', 'message', 'echo', 'handoff']).meta({ description: 'how it began' }),
    reason: z.string(),
    by: z.string(),
    target: jsonObjectSchema.nullable().meta({ description: 'of a hand-off: whom the journey asks for' }),
    runId: z.uuid().nullable().meta({ description: 'of a hand-off: the run that waits for its end' }),
    beganAt: time,
    takenAt: time.nullable().meta({ description: 'null: a hand-off that nobody has taken' }),
    takenBy: z.string().nullable(),
    endsAt: time.nullable().meta({ description: 'handed back then by itself; null: by a person only' }),
  })
  .meta({ id: 'Takeover' })
const settingsView = z
  .object({
    settings: takeoverSettingsSchema,
    updatedAt: time.nullable().meta({ description: 'null: as the product ships' }),
    by: z.string().nullable(),
  })
  .meta({ id: 'StoredTakeoverSettings' })

/** What the journeys of a chat do after it. */
const choiceSchema = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('continue') }),
    z.strictObject({ action: z.literal('repeat') }),
    z.strictObject({ action: z.literal('goto'), card: z.string().min(1).max(64) }),
    z.strictObject({ action: z.literal('exit') }),
  ])
  .meta({ description: 'for every journey of the chat; each does what its definition says when absent' })

const chat = '/platform/v1/conversations/:id'
const settings = '/platform/v1/takeover-settings'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Conversations', auth: 'key', method: 'post' } as const

/** People and journeys take turns in a chat. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    path: `${chat}/take-over`,
    summary: 'Take over a chat: its journeys stand still until it is handed back',
    description:
      'No journey sends to this contact on this number, its timers stand still, what the contact says starts and answers ' +
      'nothing. Taking over again, or what was handed off, makes it yours.',
    input: {
      params,
      body: z.strictObject({
        reason: z.string().trim().min(1).max(500).optional(),
        minutes: z.int().min(1).max(43_200).optional().meta({
          description: 'handed back by itself then; else when somebody does it',
        }),
      }),
    },
    output: takeoverView,
    handle: async ({ deps, actor, params: { id }, body: { reason, minutes } }) => {
      const { workspaceId, conversationId } = await demand({ deps, actor }, id)
      return orderTakeOver(deps, { workspaceId, conversationId, by: nameActor(actor), reason, minutes })
    },
  }),
  defineRoute({
    ...base,
    path: `${chat}/typing`,
    audited: false,
    summary: 'An agent is typing: hold the journeys of the chat for a moment',
    description: 'Call it again while the agent types. The workspace sets how long a moment is.',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      const { em, workspaceId, conversationId } = await demand({ deps, actor }, id)
      if (actor.kind === 'user') {
        await noteViewer(em, { workspaceId, conversationId, userId: actor.id, typing: true })
      }
      await noteTyping(deps, { workspaceId, conversationId, by: nameActor(actor) })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    path: `${chat}/hand-back`,
    summary: 'Hand a chat back to its journeys',
    description:
      'A question is repeated only where one stands, a card is gone to only by journeys that have it.',
    input: { params, body: choiceSchema.optional() },
    output: z.object({
      runs: z.array(
        z.object({
          runId: z.uuid(),
          journeyId: z.uuid(),
          action: z.enum(['continue', 'repeat', 'goto', 'exit']),
        }),
      ),
    }),
    handle: async ({ deps, actor, params: { id }, body: choice }) => {
      const { workspaceId, conversationId } = await demand({ deps, actor }, id)
      const order = { workspaceId, conversationId, by: nameActor(actor), choice }
      return { runs: await orderHandBack(deps, order) }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/takeovers',
    summary: 'Chats that agents have, and hand-offs that wait for one; the oldest first',
    input: {
      query: page.query.extend({
        waiting: z
          .stringbool()
          .optional()
          .meta({ description: 'hand-offs that nobody has taken, or the rest' }),
        contactId: z.uuid().optional().meta({ description: 'chats of one contact' }),
      }),
    },
    output: page.of(takeoverView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, waiting, contactId } }) => {
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listTakeovers(deps, { workspaceId, waiting, contactId, after, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: settings,
    summary: 'How agents take over chats by what they do',
    output: settingsView,
    handle: async ({ deps, actor: { workspaceId } }) =>
      findTakeoverSettings(forkFor(deps.orm, workspaceId), workspaceId),
  }),
  defineRoute({
    ...base,
    method: 'put',
    path: settings,
    summary: 'Set how agents take over chats by what they do',
    description: 'What is left out goes back to how the product ships.',
    auth: 'admin',
    input: { body: takeoverSettingsSchema },
    output: settingsView,
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      await saveTakeoverSettings(deps, { workspaceId, settings: body, by: nameActor(actor) })
      return findTakeoverSettings(forkFor(deps.orm, workspaceId), workspaceId)
    },
  }),
]

/** Who may answer in a chat may take it over, and give it back. */
async function demand({ deps, actor }: Pick<RouteContext, 'deps' | 'actor'>, id: string) {
  const { workspaceId } = actor
  const em = forkFor(deps.orm, workspaceId)
  const { conversationId } = await demandAnswer(em, await readAccess(em, actor), id)
  return { em, workspaceId, conversationId }
}
