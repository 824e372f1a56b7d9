import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { noteChanges } from '../events/note-changes.ts'
import { recordEvents } from '../events/record-events.ts'
import { categoriesOf, type ConsentCategory, type ConsentScope, type ConsentState } from '../model/consent.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

/** Something somebody said, or had said on their behalf, about the messages they want. */
export interface ConsentStatement {
  contactId: string
  category: ConsentScope
  state: ConsentState
  /** How we know: `keyword`, `button`, `whatsapp`, `api`, `import`, a form's name … */
  source: string
  /** The words themselves. */
  text?: string | undefined
  atMs: number
  /** The fact or the message that it follows from. The same cause said again is the same statement. */
  causeId: string
  /** Who recorded it: `contact`, `whatsapp`, `user <id>` … */
  by: string
  messageId?: string | undefined
}

/** What a statement changed. */
export interface ConsentChange {
  contactId: string
  causeId: string
  category: ConsentCategory
  before: ConsentState | null
  /** False: it stood like that already, or something newer was said before. */
  changed: boolean
}

/** The same statement of one contact or of many. Returns what Temporal must be told after the commit. */
export async function recordConsent(
  em: Em,
  input: Omit<ConsentStatement, 'contactId'> & {
    workspaceId: string
    contactId?: string
    contactIds?: string[]
  },
): Promise<OutboxRow[]> {
  const { workspaceId, contactId, contactIds = contactId === undefined ? [] : [contactId], ...said } = input
  const statements = [...new Set(contactIds)].map((each) => ({ ...said, contactId: each }))
  return (await recordStatements(em, workspaceId, statements)).outbox
}

/** As many statements as one likes, those of one contact in the order given. */
export async function recordStatements(
  em: Em,
  workspaceId: string,
  statements: ConsentStatement[],
): Promise<{ outbox: OutboxRow[]; changes: ConsentChange[] }> {
  const outbox: OutboxRow[] = []
  const changes: ConsentChange[] = []
  if (statements.length > 0) {
    await lockContacts(
      em,
      workspaceId,
      statements.map(({ contactId }) => contactId),
    )
  }
  for (const round of roundsOf(statements)) {
    const heard = await write(em, workspaceId, round)
    changes.push(...heard)
    const changed = heard.filter((each) => each.changed)
    if (changed.length === 0) continue
    await keepFlag(em, workspaceId, changed)
    outbox.push(...(await tell(em, workspaceId, round, changed)))
  }
  return { outbox, changes }
}

/**
 * Whoever changes consents holds the contacts, in one order; and takes them before conversations, as starts of runs do.
 * Two categories changed at once would otherwise each miss that together they are everything.
 */
export async function lockContacts(em: Em, workspaceId: string, contactIds: string[]): Promise<void> {
  await em.execute(
    `${planned(contactIds)}select id from contacts where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)
     order by id for no key update`,
    [workspaceId, JSON.stringify(contactIds)],
  )
}

/** A kept plan may be one for a table that was small: good for a webhook's few, hopeless for an import's thousands. */
function planned({ length }: { length: number }): string {
  return length > 100 ? adHoc : ''
}

/** One statement a contact at a time. */
function roundsOf(statements: ConsentStatement[]): ConsentStatement[][] {
  const rounds: ConsentStatement[][] = []
  const turns = new Map<string, number>()
  for (const statement of statements) {
    const turn = turns.get(statement.contactId) ?? 0
    turns.set(statement.contactId, turn + 1)
    rounds[turn] ??= []
    rounds[turn].push(statement)
  }
  return rounds
}

/**
 * WhatsApp's times are whole seconds, and two clocks are never quite the same: within its second, and an opt-out within
 * five, what comes later counts. What is older than that is proof only and changes nothing.
 */
const isCurrentSql = (
  said: string,
  before: string,
) => `(${before}.at is null or ${said}.at >= case ${said}.state
  when 'opted_out' then ${before}.at - interval '5 seconds' else date_trunc('second', ${before}.at) end)`

/** No part is joined with another: their sizes are hidden from the planner, who would go through them row by row. */
async function write(em: Em, workspaceId: string, statements: ConsentStatement[]): Promise<ConsentChange[]> {
  return em.execute<ConsentChange[]>(
    `${planned(statements)}with said as materialized (
       select n.*, to_timestamp(n.at_ms / 1000.0) as at
       from jsonb_to_recordset(?::jsonb) as n(id uuid, contact_id uuid, category text, state text, source text, text text,
         message_id uuid, at_ms double precision, by text, cause_id uuid)
       join contacts c on c.id = n.contact_id and c.workspace_id = ?),
     logged as (
       insert into consent_log (id, workspace_id, contact_id, category, state, before, changed, source, text, message_id, at, by,
         cause_id)
       select s.id, ?, s.contact_id, s.category, s.state, b.state,
         ${isCurrentSql('s', 'b')} and b.state is distinct from s.state, s.source, s.text, s.message_id, s.at, s.by, s.cause_id
       from said s left join consents b on b.contact_id = s.contact_id and b.category = s.category
       on conflict (id) do nothing returning *),
     stood as (
       insert into consents as b (workspace_id, contact_id, category, state, source, text, at, by, cause_id)
       select workspace_id, contact_id, category, state, source, text, at, by, cause_id from logged
       on conflict (contact_id, category) do update set state = excluded.state, source = excluded.source, text = excluded.text,
         at = excluded.at, by = excluded.by, cause_id = excluded.cause_id
       where ${isCurrentSql('excluded', 'b')})
     select contact_id as "contactId", cause_id as "causeId", category, before, changed from logged`,
    [JSON.stringify(statements.flatMap(toRows)), workspaceId, workspaceId],
  )
}

function toRows(statement: ConsentStatement) {
  const { contactId, category: scope, state, causeId, atMs, messageId = null, ...rest } = statement
  return categoriesOf(scope).map((category) => ({
    id: derivedId(causeId, contactId, category, state, 'consent'),
    ...{ contact_id: contactId, category, state, source: rest.source, text: rest.text ?? null, by: rest.by },
    ...{ message_id: messageId, at_ms: atMs, cause_id: causeId },
  }))
}

/** `opted_out_at` says that every category is refused: the one question that every send asks. */
async function keepFlag(em: Em, workspaceId: string, changes: ConsentChange[]): Promise<void> {
  await em.execute(
    `${planned(changes)}update contacts c set opted_out_at = case when s.refused = 3 then s.at end, updated_at = now()
     from (select contact_id, count(*) filter (where state = 'opted_out') as refused, max(at) as at from consents
       where contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid) group by contact_id) s
     where c.id = s.contact_id and c.workspace_id = ? and (c.opted_out_at is not null) <> (s.refused = 3)`,
    [JSON.stringify([...new Set(changes.map(({ contactId }) => contactId))]), workspaceId],
  )
}

/** One fact and one event a statement, though it be about all categories. */
async function tell(
  em: Em,
  workspaceId: string,
  statements: ConsentStatement[],
  changes: ConsentChange[],
): Promise<OutboxRow[]> {
  const changed = Map.groupBy(changes, ({ contactId }) => contactId)
  const told = statements
    .filter(({ contactId }) => changed.has(contactId))
    .map((statement) => ({
      ...statement,
      factId: derivedId(statement.causeId, statement.contactId, statement.category, statement.state),
      categories: (changed.get(statement.contactId) ?? []).map(({ category }) => category),
    }))
  await recordFacts(
    em,
    workspaceId,
    told.map(({ factId, contactId, causeId, state, category, categories, source, by }) => ({
      ...{ id: factId, atMs: Date.now(), kind: 'consent.changed', contactId, causeId },
      data: { state, category, categories, source, by },
    })),
  )
  await noteChanges(
    em,
    workspaceId,
    told.map(({ contactId, factId }) => ({
      contactId,
      keys: ['consent', 'attribute:whatsapp_opted'],
      causeId: factId,
    })),
  )
  return recordEvents(
    em,
    workspaceId,
    told.map(({ contactId, state, category, source, factId }) => ({
      ...{ contactId, type: state, attributes: { category, source }, atMs: Date.now(), causeId: factId },
    })),
  )
}
