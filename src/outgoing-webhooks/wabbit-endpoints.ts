import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** A user's own webhook, in Wabbit's form: one a number. */
export interface UserWebhook {
  number: number
  userId: string
  url: string
  flags: WebhookFlags
}
/** What of messages it is told. Assignments, taggings and statuses are told to each. */
export interface WebhookFlags {
  onIncomingMessage: boolean
  onOutgoingMessage: boolean
  /** New messages of chats that are the user's, and what waits in one at the moment of its assignment. */
  onAssigned: boolean
}

/** The flags stand among the kinds, under names that nothing is announced by. */
const flagNames = {
  onIncomingMessage: 'on_incoming_message',
  onOutgoingMessage: 'on_outgoing_message',
  onAssigned: 'on_assigned',
} as const

/** What an endpoint in this form must be told of. */
function kindsOf(flags: WebhookFlags): string[] {
  const { onIncomingMessage, onOutgoingMessage, onAssigned } = flags
  return [
    ...['message.status', 'conversation.assigned', 'conversation.tagged', 'message.tagged'],
    ...(onIncomingMessage || onAssigned ? ['message.received'] : []),
    ...(onOutgoingMessage ? ['message.sent'] : []),
    ...Object.entries(flagNames).flatMap(([flag, name]) => (flags[flag as keyof WebhookFlags] ? [name] : [])),
  ]
}

export function readFlags(kinds: readonly string[]): WebhookFlags {
  return {
    onIncomingMessage: kinds.includes(flagNames.onIncomingMessage),
    onOutgoingMessage: kinds.includes(flagNames.onOutgoingMessage),
    onAssigned: kinds.includes(flagNames.onAssigned),
  }
}

interface Whose {
  workspaceId: string
  numberId: string
}
type Row = Omit<UserWebhook, 'flags'> & { kinds: string[] }
const columns = 'w.number::int, w.user_id as "userId", w.url, to_jsonb(w.kinds) as kinds'

/** In the order of their numbers. @param userId only this user's */
export async function listUserWebhooks(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, numberId }: Whose,
  { userId, limit, offset }: { userId: string | undefined; limit: number; offset: number },
): Promise<{ count: number; webhooks: UserWebhook[] }> {
  const em = forkFor(orm, workspaceId)
  const where = `w.workspace_id = ? and w.number_id = ? and w.form = 'wabbit' and (?::uuid is null or w.user_id = ?)`
  const params = [workspaceId, numberId, userId ?? null, userId ?? null]
  const [total] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from webhook_endpoints w where ${where}`,
    params,
  )
  const rows = await em.execute<Row[]>(
    `select ${columns} from webhook_endpoints w where ${where} order by w.number limit ? offset ?`,
    [...params, limit, offset],
  )
  return { count: total?.count ?? 0, webhooks: rows.map(toWebhook) }
}

/** @param userId only if it is this user's */
export async function getUserWebhook(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, numberId }: Whose,
  { number, userId }: { number: number; userId: string | undefined },
): Promise<UserWebhook> {
  return find(forkFor(orm, workspaceId), { workspaceId, numberId }, number, userId)
}

/** From now on what happens is told to the address. */
export async function createUserWebhook(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, numberId }: Whose,
  { userId, url, flags, by }: { userId: string; url: string; flags: WebhookFlags; by: string },
): Promise<UserWebhook> {
  checkUrl(url)
  return forkFor(orm, workspaceId).transactional(async (em) => {
    const id = newId()
    const [made] = await em
      .execute<{ number: number }[]>(
        `insert into webhook_endpoints (id, workspace_id, number_id, user_id, form, url, kinds, by)
         values (?, ?, ?, ?, 'wabbit', ?, array(select jsonb_array_elements_text(?::jsonb)), ?) returning number::int`,
        [id, workspaceId, numberId, userId, url, JSON.stringify(kindsOf(flags)), by],
      )
      .catch(refuseSecond)
    await tell(em, workspaceId, 'webhook.created', { endpoint: id, by })
    return find(em, { workspaceId, numberId }, made?.number ?? 0, userId)
  })
}

/** One that was switched off, because nobody answered, is tried again. */
export async function changeUserWebhook(
  { orm }: Pick<Deps, 'orm'>,
  whose: Whose,
  change: {
    number: number
    userId: string | undefined
    url: string
    flags: Partial<WebhookFlags>
    by: string
  },
): Promise<UserWebhook> {
  const { workspaceId } = whose
  checkUrl(change.url)
  return forkFor(orm, workspaceId).transactional(async (em) => {
    const before = await find(em, whose, change.number, change.userId)
    const flags = { ...before.flags, ...change.flags }
    const [row] = await em.execute<{ id: string }[]>(
      `update webhook_endpoints set url = ?, kinds = array(select jsonb_array_elements_text(?::jsonb)), updated_at = now(),
         disabled_at = null, disabled_reason = null, failing_since = null
       where workspace_id = ? and number = ? returning id`,
      [change.url, JSON.stringify(kindsOf(flags)), workspaceId, change.number],
    )
    await tell(em, workspaceId, 'webhook.changed', { endpoint: row?.id ?? '', by: change.by })
    return find(em, whose, change.number, change.userId)
  })
}

export async function deleteUserWebhook(
  { orm }: Pick<Deps, 'orm'>,
  whose: Whose,
  { number, userId, by }: { number: number; userId: string | undefined; by: string },
): Promise<void> {
  const { workspaceId } = whose
  await forkFor(orm, workspaceId).transactional(async (em) => {
    await find(em, whose, number, userId)
    const [row] = await em.execute<{ id: string }[]>(
      'delete from webhook_endpoints where workspace_id = ? and number = ? returning id',
      [workspaceId, number],
    )
    await tell(em, workspaceId, 'webhook.deleted', { endpoint: row?.id ?? '', by })
  })
}

async function find(
  em: Em,
  { workspaceId, numberId }: Whose,
  number: number,
  userId: string | undefined,
): Promise<UserWebhook> {
  const [row] = await em.execute<Row[]>(
    `select ${columns} from webhook_endpoints w where w.workspace_id = ? and w.number_id = ? and w.form = 'wabbit'
       and w.number = ? and (?::uuid is null or w.user_id = ?)`,
    [workspaceId, numberId, number, userId ?? null, userId ?? null],
  )
  if (!row) throw new AppError('not_found', `there is no webhook ${number}`)
  return toWebhook(row)
}

function toWebhook({ kinds, ...row }: Row): UserWebhook {
  return { ...row, flags: readFlags(kinds) }
}

function checkUrl(url: string): void {
  const isHttp = URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol)
  if (isHttp) return
  const message = 'Enter a valid URL.'
  throw new AppError('invalid_input', message, { fields: [{ field: 'url', message }] })
}

function refuseSecond(error: unknown): never {
  if (!(error instanceof UniqueConstraintViolationException)) throw error
  const message = 'You can create only one WABA Webhook per API User.'
  throw new AppError('conflict', message, { fields: [{ field: '', message }] })
}

async function tell(em: Em, workspaceId: string, kind: string, data: Record<string, string>): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}
