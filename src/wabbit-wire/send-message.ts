import { assignChat } from '../conversations/assign.ts'
import { demandChat } from '../conversations/access.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import { newId } from '../db/columns.ts'
import type { Deps } from '../deps.ts'
import { conversationOf } from '../inbox/conversation-of.ts'
import { sendFromInbox } from '../inbox/send-from-inbox.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { AppError } from '../model/errors.ts'
import { messageContentSchema, type MessageClass, type MessageContent } from '../model/message.ts'
import { sentComponentsSchema, valuesOfComponents } from '../model/template-from-components.ts'
import { relaySoon } from '../outbox/relay.ts'
import { composeForApi } from '../templates/compose-for-api.ts'
import { findWireChat } from './resolve-ids.ts'
import { openDesk, type Desk, type WireCaller } from './wire-caller.ts'

/** As callers wrote it: in WhatsApp's shape, not looked at yet. */
export type WireContent = { type: string } & Record<string, unknown>

/** What a caller waits for WhatsApp's own id of a message; after that ours is told. */
const patienceMs = 4_000

/** Sends into the number's chat with somebody, who becomes a contact when new. */
export async function sendWireMessage(
  deps: Deps,
  caller: WireCaller,
  order: { waId: string; content: WireContent; by: string; isPerson: boolean },
): Promise<{ id: string }> {
  const { workspaceId, numberId, userId } = caller
  const desk = await openDesk(deps, caller)
  const conversationId = await chatFor(deps, desk, caller, order)
  const { content, class: messageClass } = await readContent(desk, caller, order.content)
  const sender = { by: order.by, isPerson: order.isPerson, byUserId: userId }
  const message = await sendFromInbox(deps, {
    ...{ workspaceId, conversationId, what: { content }, vars: {}, isLiteral: true },
    ...{ class: messageClass, key: `wabbit:${userId}:${newId()}`, ...sender },
  })
  return { id: await wireIdOf(desk, message.id, numberId) }
}

/** A chat that is there may be written into by whom it is open to; one that is new is whose who begins it. */
async function chatFor(
  deps: Deps,
  desk: Desk,
  { workspaceId, numberId, userId }: WireCaller,
  { waId, by }: { waId: string; by: string },
): Promise<string> {
  const known = await findWireChat(desk.em, { workspaceId, numberId, waId })
  if (known) {
    await demandChat(desk.em, desk.access, known.id, 'write').catch(refuseUnseen)
    return known.id
  }
  if (desk.access.write === 'none' || desk.access.read === 'none')
    throw new AppError('forbidden', 'You do not have permission to perform this action.')
  const contactId = await resolveContact(deps, { workspaceId, waId, by })
  const conversationId = await conversationOf(desk.em, { workspaceId, numberId, contactId })
  if (desk.access.write === 'all') return conversationId
  const { outbox } = await desk.em.transactional((tx) =>
    assignChat(tx, { workspaceId, conversationId, userId, by, byUserId: userId, unlessAssigned: true }),
  )
  relaySoon(deps, outbox)
  await demandChat(desk.em, desk.access, conversationId, 'write')
  return conversationId
}

/** Whoever writes knows the number: there is nothing to hide, and it is not to be written to. */
function refuseUnseen(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'not_found') throw error
  throw new AppError('forbidden', 'You do not have permission to perform this action.', { cause: error })
}

async function readContent(
  desk: Desk,
  { workspaceId, numberId, baseUrl }: WireCaller,
  sent: WireContent,
): Promise<{ content: MessageContent; class: MessageClass }> {
  if (sent.type === 'template') {
    const { name, language, components = [] } = sent['template'] as SentTemplate
    const read = sentComponentsSchema.safeParse(components)
    if (!read.success) throw refuse(toFieldErrors(read.error, 'template.components'))
    const order = {
      workspaceId,
      numberId,
      name,
      language: language.code,
      values: valuesOfComponents(read.data),
    }
    const { content, class: messageClass } = await composeForApi(desk.em, order)
    return { content: { ...content, ...contextOf(sent) } as MessageContent, class: messageClass }
  }
  const read = messageContentSchema.safeParse(withLibrary(sent, baseUrl))
  if (!read.success) throw refuse(toFieldErrors(read.error))
  return { content: read.data, class: 'utility' }
}
interface SentTemplate {
  name: string
  language: { code: string }
  components?: unknown[]
}

function contextOf({ context }: WireContent) {
  return context === undefined ? {} : { context }
}

const files = new Set(['image', 'document', 'video', 'audio', 'sticker'])
const ownMedia = /^\/api\/v1\/media\/([0-9a-f-]{36})\/?$/i
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A link to a file of ours, or its id, names it in the library. */
function withLibrary(sent: WireContent, baseUrl: string): WireContent {
  const body = sent[sent.type]
  if (!files.has(sent.type) || body === null || typeof body !== 'object') return sent
  const { id, link, provider: _provider, ...rest } = body as Record<string, unknown>
  const library = libraryOf(id, link, baseUrl)
  if (library !== undefined) return { ...sent, [sent.type]: { ...rest, library } }
  const source = { ...(id !== undefined && { id }), ...(link !== undefined && { link }) }
  return { ...sent, [sent.type]: { ...rest, ...source } }
}

function libraryOf(id: unknown, link: unknown, baseUrl: string): string | undefined {
  if (typeof id === 'string' && uuid.test(id)) return id
  if (typeof link !== 'string' || !URL.canParse(link, baseUrl)) return undefined
  const url = new URL(link, baseUrl)
  return url.host === new URL(baseUrl).host ? ownMedia.exec(url.pathname)?.[1] : undefined
}

function refuse(fields: { field: string; message: string }[]): AppError {
  const detail = fields.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return new AppError('invalid_input', detail, { fields })
}

/** WhatsApp's id as soon as there is one; what it refused meanwhile is said. */
async function wireIdOf({ em }: Desk, messageId: string, numberId: string): Promise<string> {
  const untilMs = Date.now() + patienceMs
  while (Date.now() < untilMs) {
    const [row] = await em.execute<{ wamid: string | null; state: string; reason: string | null }[]>(
      'select wamid, state, reason from messages where id = ? and number_id = ?',
      [messageId, numberId],
    )
    if (row?.wamid) return row.wamid
    if (row?.state === 'failed' || row?.state === 'skipped')
      throw new AppError('unprocessable', row.reason ?? 'WhatsApp did not take the message')
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  return messageId
}
