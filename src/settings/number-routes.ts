import { z } from 'zod'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { switchIdentityCheck } from './identity-check.ts'
import { createNumber, getNumber, listNumbers, updateNumber } from './manage-numbers.ts'

const digits = z.string().regex(/^\d{5,20}$/, 'must be 5 to 20 digits')
const secret = z.string().min(8).max(1_000)
const messagesPerSecond = z.int().min(1).max(1_000).meta({
  description: 'what Meta allows the number, 80 or up to 1,000; every worker together stays below',
})
const messagingLimit = z.int().min(1).max(100_000_000).nullable().meta({
  description:
    'contacts to whom Meta lets it open a conversation in 24 hours; null: without limit, or unknown',
})
const displayNumber = z.string().min(3).max(30).meta({ example: '+49 30 901820' })
const wabaId = digits.meta({ description: 'WhatsApp business account' })
const portfolioId = z.string().max(100).meta({ description: 'business portfolio: the scope of a BSUID' })

const numberView = z
  .object({
    id: z.uuid(),
    phoneNumberId: z.string().meta({ description: "Meta's id of the number", example: '106540352242922' }),
    wabaId: z.string(),
    displayNumber: z.string(),
    portfolioId: z.string(),
    messagesPerSecond: z.int(),
    messagingLimit,
    identityCheck: z.boolean().meta({
      description: 'nothing is sent to a contact whose WhatsApp identity changed until it is acknowledged',
    }),
    botRef: z.string().meta({ description: "the number's name in the paths of Engati's API" }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'PhoneNumber', description: 'Its secrets are kept sealed and never returned' })

const secrets = {
  accessToken: secret.meta({ description: 'token of a system user' }),
  appSecret: secret.meta({ description: 'signs the webhooks' }),
  verifyToken: secret.meta({ description: 'the word of the webhook handshake' }),
}
const changes = z
  .object({ wabaId, displayNumber, portfolioId, messagesPerSecond, messagingLimit, ...secrets })
  .partial()
const path = '/platform/v1/numbers'
const params = z.object({ id: z.uuid() })

export const numberRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path,
    summary: 'List the numbers',
    tag: 'Numbers',
    auth: 'key',
    input: { query: page.query },
    output: page.of(numberView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listNumbers(deps, { workspaceId, limit, after })
      return page.cut(rows.map(toView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    method: 'post',
    path,
    summary: 'Connect a number',
    tag: 'Numbers',
    auth: 'admin',
    status: 201,
    input: {
      body: z.object({
        phoneNumberId: digits,
        wabaId,
        displayNumber,
        portfolioId: portfolioId.default(''),
        messagesPerSecond: messagesPerSecond.default(80),
        messagingLimit: messagingLimit.default(null),
        ...secrets,
      }),
    },
    output: numberView,
    handle: async ({ deps, actor, body }) => toView(await createNumber(deps, actor.workspaceId, body)),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a number',
    tag: 'Numbers',
    auth: 'key',
    input: { params },
    output: numberView,
    handle: async ({ deps, actor, params: { id } }) => toView(await getNumber(deps, actor.workspaceId, id)),
  }),
  defineRoute({
    method: 'patch',
    path: `${path}/:id`,
    summary: "Change a number's speed, names or secrets",
    tag: 'Numbers',
    auth: 'admin',
    input: { params, body: changes },
    output: numberView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      return toView(await updateNumber(deps, actor.workspaceId, id, body))
    },
  }),
  defineRoute({
    method: 'put',
    path: `${path}/:id/identity-check`,
    summary: 'Protect a number against changed identities, or no more',
    description:
      'WhatsApp is told first. From then on it says who is behind an address with every message and status.',
    tag: 'Numbers',
    auth: 'admin',
    input: { params, body: z.object({ enabled: z.boolean() }) },
    output: numberView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body: { enabled } }) => {
      await getNumber(deps, workspaceId, id)
      return toView(await switchIdentityCheck(deps, { workspaceId, numberId: id, enabled }))
    },
  }),
]

type NumberRow = Awaited<ReturnType<typeof getNumber>>

function toView(row: NumberRow): z.input<typeof numberView> {
  const { id, phoneNumberId, wabaId, displayNumber, portfolioId, messagesPerSecond, identityCheck } = row
  const names = { id, phoneNumberId, wabaId, displayNumber, portfolioId, botRef: row.botRef }
  const limits = { messagesPerSecond, messagingLimit: row.messagingLimit ?? null }
  return { ...names, ...limits, identityCheck, createdAt: row.createdAt.toISOString() }
}
