import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { ruleTagging } from '../rules/route-chat.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { listLabels } from './labels.ts'
import { noteTaggings, type TaggingEvent } from './note-taggings.ts'
import { ensureTags } from './tags.ts'

/** What one conversation may carry. */
const maximumLabels = 50

export interface LabelChange {
  workspaceId: string
  conversationId: string
  add: { name: string; extra?: JsonObject | undefined }[]
  remove: string[]
  by: string
  byUserId?: string | undefined
  runId?: string | undefined
  causeId?: string | undefined
}

interface Labelled {
  /** What it has now. */
  labels: string[]
  added: string[]
  removed: string[]
  eventIds: string[]
}

/** Adds labels to a conversation and takes others away; only what really changes is told. Returns what it has now. */
export async function changeLabels(
  deps: Deps,
  { add, ...input }: Omit<LabelChange, 'add'> & { add: string[] },
): Promise<string[]> {
  const { labels, outbox } = await forkFor(deps.orm, input.workspaceId).transactional(async (em) => {
    const done = await applyLabels(em, { ...input, add: add.map((name) => ({ name })) })
    return { labels: done.labels, outbox: await ruleTagging(em, { ...input, eventIds: done.eventIds }) }
  })
  relaySoon(deps, outbox)
  return labels
}

/** The same in the caller's transaction. The caller asks the rules what the events mean. */
export async function applyLabels(em: Em, input: LabelChange): Promise<Labelled> {
  const { workspaceId, remove, by } = input
  const { conversationId, contactId } = await lockChat(em, workspaceId, input.conversationId)
  const before = await listLabels(em, workspaceId, conversationId)
  const wanted = new Map(input.add.map((tag) => [tag.name, tag]))
  const fresh = [...wanted.values()].filter(({ name }) => !before.includes(name))
  const added = fresh.map(({ name }) => name)
  const removed = before.filter((label) => remove.includes(label) && !wanted.has(label))
  const labels = [...before.filter((label) => !removed.includes(label)), ...added].sort()
  if (added.length + removed.length === 0) return { labels, added, removed, eventIds: [] }
  if (labels.length > maximumLabels) {
    throw new AppError('unprocessable', `a conversation has at most ${maximumLabels} labels`)
  }
  const tags = await ensureTags(em, workspaceId, [...added, ...removed])
  await em.execute(
    `insert into conversation_labels (conversation_id, label, workspace_id, by, extra)
     select ?, n.name, ?, ?, n.extra from jsonb_to_recordset(?::jsonb) as n(name text, extra jsonb) on conflict do nothing`,
    [conversationId, workspaceId, by, JSON.stringify(fresh)],
  )
  const gone = await em.execute<{ label: string; extra: JsonObject | null }[]>(
    `delete from conversation_labels where workspace_id = ? and conversation_id = ?
       and label in (select jsonb_array_elements_text(?::jsonb)) returning label, extra`,
    [workspaceId, conversationId, JSON.stringify(removed)],
  )
  const events: TaggingEvent[] = [
    ...fresh.map(({ name, extra }) => ({ action: 'added' as const, tagId: tags.get(name) ?? '', extra })),
    ...gone.map(({ label, extra }) => ({
      ...{ action: 'removed' as const, tagId: tags.get(label) ?? '', extra: extra ?? undefined },
    })),
  ]
  const eventIds = await noteTaggings(em, { ...input, conversationId }, 'chat', events)
  const { runId, causeId } = input
  const data = { conversation: conversationId, added, removed, by }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'labels.changed', contactId, runId, causeId, data },
  ])
  await announce(
    em,
    workspaceId,
    eventIds.map((eventId) => ({ kind: 'conversation.tagged' as const, conversationId, data: { eventId } })),
  )
  return { labels, added, removed, eventIds }
}

/** As a bulk action or a rule does it: the rules hear of it. */
export async function labelChat(
  em: Em,
  input: LabelChange,
): Promise<{ changed: boolean; outbox: OutboxRow[] }> {
  const { eventIds } = await applyLabels(em, input)
  const { workspaceId } = input
  return { changed: eventIds.length > 0, outbox: await ruleTagging(em, { workspaceId, eventIds }) }
}
