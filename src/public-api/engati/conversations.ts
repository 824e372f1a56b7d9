import { z } from 'zod'
import { findContact } from '../../contacts/look-up-contacts.ts'
import { listChat } from '../../inbox/find-messages.ts'
import type { MessageDetail } from '../../inbox/message-detail.ts'
import { jsonObjectSchema } from '../../model/json.ts'
import { isBsuid } from '../../model/phone.ts'
import { demandBot } from '../../settings/find-bot.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { botParams, toBot } from './bot-params.ts'
import { readLoose } from './loose-names.ts'
import { pageFields, pageNames, withoutBlanks } from './page.ts'

const params = botParams.extend({
  user_id: z.string().min(1).meta({ description: 'from the Users API' }),
})
const time = z.coerce.number().int().min(0).max(8_640_000_000_000_000)
const query = z
  .object({ start_date: time.optional(), end_date: time.optional(), ...pageFields })
  .refine(({ start_date: from, end_date: to }) => from === undefined || from < (to ?? Date.now()), {
    message: 'must be after start_date',
    path: ['end_date'],
  })
/** They have loose names, and what is wrong with them has codes of its own: the first look takes anything. */
const asSent = {
  start_date: z.unknown().optional().meta({ description: 'UTC, in milliseconds; all records when absent' }),
  end_date: z.unknown().optional().meta({ description: 'UTC, in milliseconds; now when absent' }),
  page_number: z.unknown().optional().meta({ description: 'from 1 on' }),
  page_size: z.unknown().optional().meta({ description: '500 when absent' }),
}
const messageWire = z
  .object({
    message_id: z.uuid(),
    sender: z.enum(['user', 'bot']),
    type: z.string(),
    message: z.string(),
    content: jsonObjectSchema,
    timestamp: z.int().meta({ description: 'UTC, in milliseconds' }),
    status: z.string().nullable().meta({ description: 'of what was sent: sent, delivered, read …' }),
  })
  .meta({ id: 'EngatiMessage' })

export const conversationRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag: 'Conversations API', method: 'get', summary: 'Conversations API' },
    path: '/bot-api/v1.0/customer/:customer_id/bot/:bot_ref/channel-user/:user_id/conversations',
    description: 'What a user and the number said to each other, the oldest first.',
    input: { params, query: z.looseObject(asSent) },
    output: z.array(messageWire),
    call: findChat,
    toWire: (messages) => messages.map(toWireMessage),
  }),
]

async function findChat({
  deps,
  workspaceId,
  numberId,
  params: path,
  query: sent,
  request,
}: Call<z.output<typeof params>, Record<string, unknown>>) {
  await demandBot(deps, { workspaceId, numberId }, toBot(path))
  const names = ['start_date', 'end_date', ...pageNames]
  const given = readLoose(query, names, jsonObjectSchema.parse(withoutBlanks(sent)), request)
  const contactId = await findContact(deps, workspaceId, referenceOf(path.user_id))
  const { start_date: sinceMs = 0, end_date: untilMs = Date.now(), page_number, page_size: limit } = given
  const from = (page_number - 1) * limit
  return listChat(deps, { workspaceId, numberId, contactId, sinceMs, untilMs, from, limit })
}

function referenceOf(userId: string) {
  if (z.uuid().safeParse(userId).success) return { contactId: userId }
  return isBsuid(userId) ? { bsuid: userId } : { waId: userId }
}

function toWireMessage(message: MessageDetail): z.input<typeof messageWire> {
  const { id, direction, type, text, content, createdAt, ledger } = message
  return {
    ...{ message_id: id, sender: direction === 'in' ? 'user' : 'bot', type, message: text, content },
    ...{ timestamp: Date.parse(createdAt), status: ledger?.status ?? ledger?.state ?? null },
  }
}
