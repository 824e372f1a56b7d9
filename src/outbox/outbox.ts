import type { Em } from '../db/orm.ts'
import type { JourneyState, Order } from '../../workflows/cards/journey-state.ts'
import type {
  BulkInput,
  CampaignInput,
  EventArrived,
  HeldRun,
  ImportInput,
  MediaInput,
  OccurrenceInput,
  QueueInput,
  RehearsalInput,
  Replied,
  RulingInput,
  RunRef,
} from '../../workflows/contract.ts'

/** What must reach Temporal once the transaction that decided it has committed. */
export type OutboxEntry =
  | { name: 'journey'; workflowId: string; payload: { run: RunRef; versionId: string; state: JourneyState } }
  | {
      name: 'messageReceived'
      workflowId: string
      payload: { workspaceId: string; conversationId: string; eventId: string; messageId: string }
    }
  /** Something that the chat's clock hangs on is different: it looks at its rows, and is started where none runs. */
  | { name: 'chatWoken'; workflowId: string; payload: { workspaceId: string; conversationId: string } }
  | {
      name: 'replied'
      workflowId: string
      payload: Replied & { workspaceId: string; conversationId: string }
    }
  | { name: 'send'; workflowId: string; payload: { workspaceId: string; messageId: string } }
  | { name: 'optedOut'; workflowId: string; payload: Record<never, never> }
  /** Written by a trigger of the contact's row. */
  | { name: 'zoneChanged'; workflowId: string; payload: Record<never, never> }
  | { name: 'held'; workflowId: string; payload: HeldRun }
  | { name: 'released'; workflowId: string; payload: { holdId: string; order?: Order } }
  | { name: 'floorLost'; workflowId: string; payload: { askKey: string } }
  | { name: 'fetchMedia'; workflowId: string; payload: MediaInput }
  | { name: 'import'; workflowId: string; payload: ImportInput }
  | { name: 'bulk'; workflowId: string; payload: BulkInput }
  | { name: 'ruling'; workflowId: string; payload: RulingInput }
  /** Also written by a trigger of conversations. */
  | { name: 'queueWoken'; workflowId: string; payload: QueueInput }
  | { name: 'campaign'; workflowId: string; payload: CampaignInput }
  | { name: 'campaignSchedule'; workflowId: string; payload: OccurrenceInput }
  | { name: 'rehearsal'; workflowId: string; payload: RehearsalInput }
  | { name: 'eventArrived'; workflowId: string; payload: EventArrived }
  | { name: 'sendSettled'; workflowId: string; payload: { eventId: string; sendKey: string } }

export type OutboxRow = OutboxEntry & { id: string }

/** How long a relay may take before the sweeper believes that it died. */
const claimSeconds = 15

/** Writes entries, claimed by the caller, who relays them right after the commit. */
export async function enqueue(em: Em, entries: OutboxEntry[]): Promise<OutboxRow[]> {
  if (entries.length === 0) return []
  const rows = await em.execute<{ id: string }[]>(
    `insert into outbox (workflow_id, name, payload, claimed_until)
     select e.workflow_id, e.name, e.payload, now() + interval '${claimSeconds} seconds'
     from jsonb_to_recordset(?::jsonb) as e(at int, workflow_id text, name text, payload jsonb)
     order by e.at returning id`,
    [
      JSON.stringify(
        entries.map(({ workflowId, name, payload }, at) => ({ at, workflow_id: workflowId, name, payload })),
      ),
    ],
  )
  const ids = rows.map((row) => Number(row.id)).sort((a, b) => a - b)
  return entries.map((entry, at) => ({ ...entry, id: String(ids[at]) }))
}

interface StoredRow {
  id: string
  name: OutboxEntry['name']
  workflow_id: string
  payload: never
}

/** Claims what nobody is relaying: rows a crash or an outage left, oldest first. */
export async function claimDue(em: Em, limit: number): Promise<OutboxRow[]> {
  const rows = await em.execute<StoredRow[]>(
    `update outbox set claimed_until = now() + interval '${claimSeconds} seconds'
     where id in (select id from outbox where claimed_until < now() order by id limit ? for update skip locked)
     returning id, name, workflow_id, payload`,
    [limit],
  )
  return rows.map(fromStored).sort((a, b) => Number(a.id) - Number(b.id))
}

/** Claims older rows of the same workflows, so that what waited longest is told first. */
export async function claimOlder(em: Em, rows: OutboxRow[]): Promise<OutboxRow[]> {
  const older = await em.execute<StoredRow[]>(
    `update outbox set claimed_until = now() + interval '${claimSeconds} seconds'
     where claimed_until < now() and id < ? and workflow_id in (select jsonb_array_elements_text(?::jsonb))
     returning id, name, workflow_id, payload`,
    [rows[0]?.id, JSON.stringify(rows.map((row) => row.workflowId))],
  )
  return older.map(fromStored).sort((a, b) => Number(a.id) - Number(b.id))
}

export async function removeRelayed(em: Em, ids: string[]): Promise<void> {
  await em.execute('delete from outbox where id in (select jsonb_array_elements_text(?::jsonb)::bigint)', [
    JSON.stringify(ids),
  ])
}

/** Gives a row back, to be tried again after 1, 2, 4 … 60 seconds. */
export async function postpone(em: Em, id: string, reason: string): Promise<void> {
  await em.execute(
    `update outbox set attempts = attempts + 1, error = ?,
       claimed_until = now() + least(60, power(2, attempts)) * interval '1 second' where id = ?`,
    [reason.slice(0, 1_000), id],
  )
}

function fromStored(row: StoredRow): OutboxRow {
  return { id: String(row.id), name: row.name, workflowId: row.workflow_id, payload: row.payload }
}
