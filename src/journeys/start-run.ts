import { recordFacts } from '../analytics/facts.ts'
import { takeTurnOfContact } from '../contacts/lock-contact.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { noteChanges } from '../events/note-changes.ts'
import { stopAtDoor } from '../holds/queue-entrants.ts'
import { conversationOf } from '../inbox/conversation-of.ts'
import type { EntryRule } from '../model/journey-definition.ts'
import type { JsonObject } from '../model/json.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import { journeyWorkflowId, type RunRef } from '../../workflows/contract.ts'
import { passEntryRules } from './entry-rules.ts'
import type { JourneyState } from '../../workflows/cards/journey-state.ts'

/** A published journey, as far as starting one needs it. */
export interface StartableJourney {
  id: string
  name: string
  numberId: string
  versionId: string
  startCard: string
  entry: EntryRule
}

export interface StartInput {
  workspaceId: string
  journey: StartableJourney
  /** Undefined of a run that an API starts for nobody. */
  contactId: string | undefined
  /** What it says answers the customer, who has just written. */
  isAnswering?: boolean | undefined
  /** What started it: the same entry never starts twice. */
  entry: string
  causeId: string
  vars?: JsonObject
  /** The value of the event's attribute that names the entry, where the journey has one. */
  entryKey?: string | undefined
  /** For a new run of an old lineage: where it begins, and the epoch that lets failed sends be tried again. */
  resume?: { lineageId: string; cardId: string; epoch: number; visits: Record<string, number> }
}
export type StartResult =
  | { started: true; runId: string; workflowId: string; outbox: OutboxRow[] }
  /** `isQueued`: it enters when a pause is over. */
  | { started: false; reason: string; isQueued?: boolean }

/** Enters a contact into a journey, if its rules allow, in the caller's transaction and under a lock on the contact. */
export async function startRun(em: Em, input: StartInput): Promise<StartResult> {
  const { workspaceId, journey, contactId, entry } = input
  if (contactId !== undefined) await takeTurnOfContact(em, workspaceId, contactId)
  const [same] = await em.execute<{ id: string; workflow_id: string }[]>(
    `select id, workflow_id from runs where workspace_id = ? and journey_id = ? and contact_id is not distinct from ?::uuid
       and entry = ?`,
    [workspaceId, journey.id, contactId ?? null, entry],
  )
  if (same) return { started: true, runId: same.id, workflowId: same.workflow_id, outbox: [] }
  const stopped = input.resume ? undefined : await stopAtDoor(em, input)
  if (stopped) return { started: false, ...stopped }
  const entering = { workspaceId, journeyId: journey.id, entry: journey.entry, contactId }
  const refusal = input.resume
    ? undefined
    : await passEntryRules(em, { ...entering, entryKey: input.entryKey })
  if (refusal) return { started: false, reason: refusal }
  const runId = newId()
  const run: RunRef = {
    workspaceId,
    runId,
    lineageId: input.resume?.lineageId ?? runId,
    journeyId: journey.id,
    ...(contactId !== undefined && {
      contactId,
      conversationId: await conversationOf(em, { workspaceId, numberId: journey.numberId, contactId }),
    }),
    numberId: journey.numberId,
  }
  const workflowId = journeyWorkflowId({ workspaceId, journeyId: journey.id, contactId, entry })
  const factId = newId()
  await insertRun(em, input, run, workflowId, factId)
  const data = { journey: journey.id, name: journey.name, run: runId, workflow: workflowId }
  await recordFacts(em, workspaceId, [
    { id: factId, atMs: Date.now(), kind: 'run.started', contactId, runId, causeId: input.causeId, data },
  ])
  if (contactId !== undefined)
    await noteChanges(em, workspaceId, [{ contactId, keys: [`journey:${journey.id}`], causeId: factId }])
  const payload = { run, versionId: journey.versionId, state: firstState(input, factId) }
  const outbox = await enqueue(em, [{ name: 'journey', workflowId, payload }])
  return { started: true, runId, workflowId, outbox }
}

function firstState({ journey, vars, resume, isAnswering }: StartInput, causeId: string): JourneyState {
  return {
    cursor: resume?.cardId ?? journey.startCard,
    vars: vars ?? {},
    step: 0,
    visits: resume?.visits ?? {},
    pace: { sinceMs: 0, steps: 0, entries: {} },
    epoch: resume?.epoch ?? 0,
    causeId,
    lastFactAtMs: 0,
    ...(isAnswering && { isAnswering }),
  }
}

async function insertRun(
  em: Em,
  { journey, entry, vars, resume, entryKey }: StartInput,
  run: RunRef,
  workflowId: string,
  factId: string,
): Promise<void> {
  await em.execute(
    `insert into runs (id, workspace_id, journey_id, version_id, contact_id, conversation_id, number_id, lineage_id, entry,
       workflow_id, state, card_id, vars, epoch, fact_id, entry_attribute, entry_key, paths)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?::jsonb, ?, ?, ?, ?, ${inheritedPaths})`,
    [
      run.runId,
      run.workspaceId,
      run.journeyId,
      journey.versionId,
      run.contactId ?? null,
      run.conversationId ?? null,
      run.numberId,
      run.lineageId,
      entry,
      workflowId,
      resume?.cardId ?? journey.startCard,
      JSON.stringify(vars ?? {}),
      resume?.epoch ?? 0,
      factId,
      entryKey === undefined ? null : (journey.entry.eventKey ?? null),
      entryKey ?? null,
      run.lineageId,
    ],
  )
}

/**
 * A lineage takes part in an experiment once: a run that restarts another has its paths, which count for nothing more but
 * a success that the lineage has not had.
 */
const inheritedPaths = `(
  select coalesce(jsonb_object_agg(p.key, p.value), '{}') from (
    select distinct on (t.key) t.key, t.value || jsonb_build_object('inherited', true, 'completed',
      bool_or(o.state = 'completed') over (partition by t.key)) as value
    from runs o cross join lateral jsonb_each(o.paths) as t where o.lineage_id = ? order by t.key, o.id) as p)`
