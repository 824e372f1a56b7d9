import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { EntryRule } from '../model/journey-definition.ts'
import { toText, type JsonObject } from '../model/json.ts'
import { judgeTrigger, type Stimulus, type Trigger, type TriggerVerdict } from '../model/triggers.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { startRun, type StartableJourney } from './start-run.ts'
import { loadTriggerScope } from './trigger-scope.ts'

export interface TriggerInput {
  workspaceId: string
  /** Only journeys of this number, for what came over a number. */
  numberId?: string
  contactId: string
  stimulus: Stimulus
  /** What the same message is besides: somebody may come by an ad and write a keyword. */
  others?: Stimulus[]
  event?: JsonObject
  vars?: JsonObject
  /** What is being judged: a message's or an event's id. Runs it starts are entered under it. */
  entry: string
  causeId: string
  atMs: number
  /** Why nothing may start, whatever matches. */
  obstacle?: string | undefined
}

interface Candidate extends StartableJourney {
  triggers: Trigger[]
}

/**
 * Judges every published journey's triggers and starts what matches. All verdicts, of those that fired and of those that
 * did not, are one fact: the answer to "why (not)?". A message starts one journey at most: the way somebody came wins over
 * what was written, exact words over words inside a text, those over patterns, older journeys over newer ones. An event
 * starts every journey it matches.
 */
export async function evaluateTriggers(em: Em, input: TriggerInput): Promise<OutboxRow[]> {
  const stimuli = [input.stimulus, ...(input.others ?? [])]
  const { scope, candidates } = await loadTriggerScope(
    em,
    { ...input, stimuli },
    await listCandidates(em, input),
  )
  const judged = candidates
    .map((journey) => ({ journey, ...bestVerdict(journey.triggers, stimuliFor(journey.id, stimuli), scope) }))
    .sort((a, b) => a.rank - b.rank)
  const isMessage = messageStimuli.has(input.stimulus.type)
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
    if (taken && isMessage) {
      verdict.reason = `${reason}, but another journey took the message`
      continue
    }
    const { workspaceId, contactId, entry, vars = {} } = input
    const result = await startRun(em, {
      ...{ workspaceId, journey, contactId, entry, vars, isAnswering: isMessage },
      entryKey: entryKeyOf(journey.entry, input.event),
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
      data: { stimulus: stimuli.map(({ type }) => type).join(', '), candidates: verdicts },
    },
  ])
  return outbox
}

/** An entry point leads into one journey. */
function stimuliFor(journeyId: string, stimuli: Stimulus[]): Stimulus[] {
  return stimuli.filter((each) => !('journeyId' in each) || each.journeyId === journeyId)
}

/** The value by which later events find the run; undefined when the event has none. */
function entryKeyOf({ eventKey }: EntryRule, event: JsonObject | undefined): string | undefined {
  if (eventKey === undefined || !event || !Object.hasOwn(event, eventKey)) return undefined
  return toText(event[eventKey]) || undefined
}

const messageStimuli = new Set<Stimulus['type']>(['user-utterance', 'ad-click', 'qr-code', 'widget'])
const rankOfMatch = { exact: 2, contains: 3, regex: 4 }

/** An entry point, then an ad, then words; what is no message has no rank among its kind. */
function rankOf(trigger: Trigger): number {
  if (trigger.type === 'user-utterance') return rankOfMatch[trigger.match]
  return trigger.type === 'ad-click' ? 1 : 0
}

/** Of several triggers the one that fired, else the reason of the nearest miss. */
export function bestVerdict(
  triggers: Trigger[],
  stimuli: Stimulus[],
  scope: Parameters<typeof judgeTrigger>[2],
): TriggerVerdict & { rank: number } {
  const verdicts = stimuli
    .flatMap((stimulus) =>
      triggers
        .filter((trigger) => trigger.type === stimulus.type)
        .map((trigger) => ({ ...judgeTrigger(trigger, stimulus, scope), rank: rankOf(trigger) })),
    )
    .sort((a, b) => Number(b.matched) - Number(a.matched) || a.rank - b.rank)
  const kinds = stimuli.map(({ type }) => type).join(' or ')
  return verdicts[0] ?? { matched: false, reason: `it has no ${kinds} trigger`, rank: 9 }
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
