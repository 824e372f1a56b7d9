import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { publicLink } from '../kit/signed-id.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { resolveEntry } from './apply-entries.ts'
import { findEngine, type Engine } from './engine.ts'
import { findOccasion } from './find-occasion.ts'
import { postToEngine, sayFailure } from './post-to-engine.ts'

export interface EngineTrial {
  ok: boolean
  /** Of a failure: why. */
  error: string | null
  ms: number
  /** What it was told. */
  sent: JsonObject
  entries: { entry: string; would: string; ok: boolean }[]
}

/**
 * Asks the rule engine about a customer's message, the newest one unless told another, and does nothing of what it answers.
 * @param change how it would be reached; what is undefined as it is saved
 */
export async function tryEngine(
  deps: Pick<Deps, 'orm' | 'seal' | 'http' | 'config'>,
  input: {
    workspaceId: string
    messageId: string | undefined
    change: { [K in keyof Engine]: Engine[K] | undefined }
  },
): Promise<EngineTrial> {
  const { workspaceId, change } = input
  const em = forkFor(deps.orm, workspaceId)
  const engine = settle(await findEngine(deps, em, workspaceId), change)
  const messageId = input.messageId ?? (await findNewest(em, workspaceId))
  const asked = {
    workspaceId,
    occasion: { kind: 'received' as const, messageIds: messageId ? [messageId] : [] },
  }
  const occasion = await findOccasion(em, asked, publicLink(deps.config, ''))
  if (!occasion && input.messageId) throw new AppError('not_found', `there is no message ${input.messageId}`)
  // Where nobody has written yet an empty list is a question, too.
  const body = occasion?.body ?? { contacts: [], messages: [], incoming_messages: [] }
  const sent = JSON.parse(JSON.stringify(body)) as JsonObject
  const askedAtMs = Date.now()
  try {
    const entries = await postToEngine(deps.http, engine, body)
    const ms = Date.now() - askedAtMs
    const foreseen = []
    for (const entry of entries) {
      const place = { workspaceId, numberId: occasion?.numberId ?? null }
      foreseen.push({ entry: JSON.stringify(entry).slice(0, 300), ...(await foresee(em, place, entry)) })
    }
    return { ok: true, error: null, ms, sent, entries: foreseen }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ok: false, error: sayFailure(error, engine), ms: Date.now() - askedAtMs, sent, entries: [] }
  }
}

function settle(saved: Engine | undefined, change: Parameters<typeof tryEngine>[1]['change']): Engine {
  const url = change.url ?? saved?.url
  if (url === undefined) throw new AppError('unprocessable', 'there is no rule engine yet: name its url')
  // What is saved is for the place that it was saved for.
  const isSame = saved !== undefined && new URL(url).origin === new URL(saved.url).origin
  return {
    url,
    headers: change.headers ?? (isSame ? saved.headers : {}),
    timeoutMs: change.timeoutMs ?? saved?.timeoutMs ?? 5_000,
  }
}

async function findNewest(em: Em, workspaceId: string): Promise<string | undefined> {
  const [row] = await em.execute<{ id: string | null }[]>(
    `select (select m.id from messages m where m.conversation_id = v.id and m.direction = 'in' order by m.id desc limit 1) as id
     from conversations v where v.workspace_id = ? and not v.spam and v.active_at is not null and v.merged_into is null
     order by v.active_at desc, v.id desc limit 1`,
    [workspaceId],
  )
  return row?.id ?? undefined
}

async function foresee(
  em: Em,
  place: { workspaceId: string; numberId: string | null },
  entry: unknown,
): Promise<{ would: string; ok: boolean }> {
  const resolved = await resolveEntry(em, place, entry)
  if ('problem' in resolved) return { would: `would be passed over: ${resolved.problem}`, ok: false }
  const { userId, groupId, method } = resolved
  const [names] = await em.execute<{ user: string | null; group: string | null }[]>(
    `select (select username from users where id = ? and workspace_id = ?) as user,
       (select name from groups where id = ? and workspace_id = ?) as group`,
    [userId, place.workspaceId, groupId, place.workspaceId],
  )
  if (userId !== null) return { would: `would give the chat to ${names?.user}`, ok: true }
  const how = method === 'round_robin' ? 'to one of' : 'to'
  return { would: `would give the chat ${how} the group "${names?.group}"`, ok: true }
}
