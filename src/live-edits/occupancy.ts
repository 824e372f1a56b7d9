import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'

/** Who stands at a card of a version now. */
export interface Occupancy {
  versionId: string
  version: number
  card: string
  inside: number
  waiting: number
  running: number
  paused: number
  stuck: number
  /** When the next wait ends, and how many end soon: overdue ones too. */
  nextDueAt: string | null
  dueIn10Minutes: number
  dueIn1Hour: number
  dueIn24Hours: number
}

/** The card of a run `r`: the one that it has entered, else the one that it goes to. */
const cardSql = `coalesce(r.at_card, r.card_id, '')`

/** Of the runs `r`, those that a migration was for; without one, all. Takes its id three times. */
const movedBySql = `(?::uuid is null or exists (select 1 from migrated_runs m where m.migration_id = ? and m.run_id = r.id)
  or exists (select 1 from bulk_items b where b.operation_id = ? and b.item_id = r.id and b.state = 'done'))`

/** Counted from the runs that are inside, by version and card. */
export async function findOccupancy(
  em: Em,
  where: { workspaceId: string; journeyId: string; migrationId?: string | undefined },
): Promise<Occupancy[]> {
  const { workspaceId, journeyId, migrationId = null } = where
  const dueWithin = (interval: string) =>
    `count(*) filter (where r.state <> 'paused' and r.due_at <= now() + interval '${interval}')::int`
  return em.execute<Occupancy[]>(
    `select r.version_id as "versionId", v.number as version, ${cardSql} as card, count(*)::int as inside,
       count(*) filter (where r.state = 'waiting')::int as waiting,
       count(*) filter (where r.state = 'running')::int as running,
       count(*) filter (where r.state = 'paused')::int as paused,
       count(*) filter (where r.state = 'stuck')::int as stuck,
       ${isoTime('min(r.due_at)')} as "nextDueAt", ${dueWithin('10 minutes')} as "dueIn10Minutes",
       ${dueWithin('1 hour')} as "dueIn1Hour", ${dueWithin('24 hours')} as "dueIn24Hours"
     from runs r join journey_versions v on v.id = r.version_id
     where r.workspace_id = ? and r.journey_id = ? and r.ended_at is null and ${movedBySql}
     group by r.version_id, v.number, ${cardSql} order by v.number, count(*) desc, ${cardSql}`,
    [workspaceId, journeyId, migrationId, migrationId, migrationId],
  )
}

/** A run of a sample, with where it stands. */
export interface SampledRun {
  id: string
  workflowId: string
  versionId: string
  card: string
  state: 'waiting' | 'running' | 'paused' | 'stuck'
  contactId: string | null
  conversationId: string | null
}

/** Some of each card's people, by chance, and each time the same ones. */
export async function sampleInside(
  em: Em,
  input: {
    workspaceId: string
    journeyId: string
    migrationId?: string | undefined
    versionIds: string[]
    perCard: number
  },
): Promise<SampledRun[]> {
  const { workspaceId, journeyId, migrationId = null, versionIds, perCard } = input
  return em.execute<SampledRun[]>(
    `select id, "workflowId", "versionId", card, state, "contactId", "conversationId" from (
       select r.id, r.workflow_id as "workflowId", r.version_id as "versionId", ${cardSql} as card, r.state,
         r.contact_id as "contactId", r.conversation_id as "conversationId",
         row_number() over (partition by r.version_id, ${cardSql} order by hashtextextended(r.id::text, 0)) as place
       from runs r where r.workspace_id = ? and r.journey_id = ? and r.ended_at is null
         and r.version_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
         and ${movedBySql}) inside
     where place <= ?`,
    [
      ...[workspaceId, journeyId, JSON.stringify(versionIds)],
      ...[migrationId, migrationId, migrationId, perCard],
    ],
  )
}
