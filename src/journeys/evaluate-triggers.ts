import { recordFacts } from '../analytics/facts.ts'
import { loadContactView } from '../contacts/contact-view.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { EntryRule } from '../model/journey-definition.ts'
import type { JsonObject } from '../model/json.ts'
import { judgeTrigger, type Stimulus, type Trigger, type TriggerVerdict } from '../model/triggers.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { startRun, type StartableJourney } from './start-run.ts'

export interface TriggerInput {
  workspaceId: string
  /** Only journeys of this number, for what came over a number. */
  numberId?: string
  contactId: string
  stimulus: Stimulus
  event?: JsonObject
  vars?: JsonObject
  /** What is being judged: a message's or an event's id. Runs it starts are entered under it. */
  entry: string
  causeId: string
  atMs: number
}

  /** Why nothing may start, whatever matches. */
  obstacle?: string | undefined
interface Candidate extends StartableJourney {
  triggers: Trigger[]
}

/**
 * Judges every published journey's triggers and starts what matches. All verdicts, of those that fired and of those that
 * did not, are one fact: the answer to "why (not)?". A message starts one journey at most: exact words win over words
 * inside a text, those over patterns, older journeys over newer ones. An event starts every journey it matches.
 */
export async function evaluateTriggers(em: Em, input: TriggerInput): Promise<OutboxRow[]> {
  const contact = await loadContactView(em, input.workspaceId, input.contactId)
  const scope = { contact, vars: {}, event: input.event, nowMs: input.atMs }
  const judged = (await listCandidates(em, input))
    .map((journey) => ({ journey, ...bestVerdict(journey.triggers, input.stimulus, scope) }))
    .sort((a, b) => a.rank - b.rank)
  const factId = derivedId(input.entry, 'trigger.evaluated')
  const outbox: OutboxRow[] = []
  const verdicts: JsonObject[] = []
  let taken = false
  for (const { journey, matched, reason } of judged) {
    const verdict = { journey: journey.id, name: journey.name, matched, started: false, reason }
    verdicts.push(verdict)
    if (!matched) continue
    const obstacle = scope.contact['spam'] === true ? 'the contact is marked as spam' : input.obstacle
    if (obstacle !== undefined) {
      verdict.reason = `${reason}, but ${obstacle}`
      continue
    }
    if (taken && input.stimulus.type === 'user-utterance') {
      verdict.reason = `${reason}, but another journey took the message`
      continue
    }
    const { workspaceId, contactId, entry, vars = {} } = input
    const isAnswering = input.stimulus.type === 'user-utterance'
    const result = await startRun(em, {
      ...{ workspaceId, journey, contactId, entry, vars, isAnswering },
      causeId: factId,
    })
    if (result.started) outbox.push(...result.outbox)
    verdict.started = result.started
    verdict.reason = result.started ? reason : `not started: ${result.reason}`
    taken ||= result.started
  }
  await recordFacts(em, input.workspaceId, [
    {
      id: factId,
      atMs: input.atMs,
      kind: 'trigger.evaluated',
      contactId: input.contactId,
      causeId: input.causeId,
      data: { stimulus: input.stimulus.type, candidates: verdicts },
    },
  ])
  return outbox
}

const rankOfMatch = { exact: 0, contains: 1, regex: 2 }

/** Of several triggers the one that fired, else the reason of the nearest miss. */
export function bestVerdict(
  triggers: Trigger[],
  stimulus: Stimulus,
  scope: Parameters<typeof judgeTrigger>[2],
): TriggerVerdict & { rank: number } {
  const verdicts = triggers
    .filter((trigger) => trigger.type === stimulus.type)
    .map((trigger) => ({
      ...judgeTrigger(trigger, stimulus, scope),
      rank: trigger.type === 'user-utterance' ? rankOfMatch[trigger.match] : 0,
    }))
    .sort((a, b) => Number(b.matched) - Number(a.matched) || a.rank - b.rank)
  return verdicts[0] ?? { matched: false, reason: `it has no ${stimulus.type} trigger`, rank: 9 }
}

async function listCandidates(em: Em, input: TriggerInput): Promise<Candidate[]> {
  const rows = await em.execute<CandidateRow[]>(
    `${startableSql} where j.workspace_id = ? and j.deleted_at is null and (?::uuid is null or j.number_id = ?) order by j.id`,
    [input.workspaceId, input.numberId ?? null, input.numberId ?? null],
  )
  return rows.map(toCandidate)
}

interface CandidateRow {
  id: string
  name: string
  number_id: string
  version_id: string
  start: string
  entry: EntryRule
  triggers: Trigger[]
}

const startableSql = `select j.id, j.name, j.number_id, v.id as version_id, v.definition ->> 'start' as start,
  v.definition -> 'entry' as entry, v.definition -> 'triggers' as triggers
  from journeys j join journey_versions v on v.id = j.published_version_id`

/** One published journey, for starts by hand and by the API; undefined when there is none to start. */
export async function findStartable(
  em: Em,
  workspaceId: string,
  journeyId: string,
): Promise<Candidate | undefined> {
  const rows = await em.execute<CandidateRow[]>(
    `${startableSql} where j.workspace_id = ? and j.id = ? and j.deleted_at is null`,
    [workspaceId, journeyId],
  )
  return rows.map(toCandidate)[0]
}

function toCandidate(row: CandidateRow): Candidate {
  const { id, name, entry, triggers } = row
  return {
    id,
    name,
    numberId: row.number_id,
    versionId: row.version_id,
    startCard: row.start,
    entry,
    triggers,
  }
}
