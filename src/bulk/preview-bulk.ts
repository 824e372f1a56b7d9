import { z } from 'zod'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { runStates, type RunState } from '../journeys/entities.ts'
import { sql, type Fragment } from '../segments/fragment.ts'
import type { BulkRequest } from './bulk-schema.ts'
import { findLive } from './find-bulk.ts'
import { foreseeSends } from './foresee-sends.ts'
import { selectRuns } from './select-runs.ts'
import { digestOf, kindOf } from './start-bulk.ts'

const sendSchema = z.object({
  cardId: z.string(),
  inMinutes: z.number().meta({ description: 'after it was done for the first' }),
  text: z.string().meta({ description: 'as the example would get it' }),
})
export const bulkPreviewSchema = z
  .object({
    count: z.int(),
    groups: z.array(
      z.object({
        journeyId: z.uuid(),
        journeyName: z.string(),
        versionId: z.uuid(),
        version: z.int(),
        cardId: z.string().nullable(),
        errorCode: z.string().nullable(),
        state: z.enum(runStates),
        count: z.int(),
        exampleRunId: z.uuid(),
        exampleReason: z.string().nullable(),
        goesOnAt: z.string().nullable().meta({ description: 'the card; null where the run ends' }),
        sends: z
          .array(sendSchema)
          .meta({ description: 'of the example, in the next minutes, if it stays silent' }),
        refusal: z
          .string()
          .nullable()
          .meta({ description: 'where the example would get stuck or could not go' }),
      }),
    ),
    moreGroups: z.boolean(),
    foreseenSends: z
      .int()
      .meta({ description: 'in the next minutes, when each run of a group sends what its example does' }),
    horizonMinutes: z.int(),
    takesMinutes: z.number().meta({ description: 'at the rate that was given' }),
    liveOperationId: z
      .uuid()
      .nullable()
      .meta({ description: 'the same operation is under way already: starting it gives this one' }),
  })
  .meta({ id: 'BulkPreview' })
type Preview = z.output<typeof bulkPreviewSchema>
export interface PreviewGroup {
  journeyId: string
  journeyName: string
  versionId: string
  version: number
  cardId: string | null
  errorCode: string | null
  state: RunState
  count: number
  exampleRunId: string
  exampleReason: string | null
}

const maximumGroups = 20
const horizonMinutes = 10

/** What an operation would do now, by groups of runs that have the same in common, each with an example. */
export async function previewBulk(
  deps: Deps,
  request: BulkRequest & { workspaceId: string },
): Promise<Preview> {
  const { workspaceId, kind: name, selection, order, ratePerMinute, spreadHours } = request
  const em = forkFor(deps.orm, workspaceId)
  const kind = kindOf(name)
  const fits = selectRuns(workspaceId, selection, kind.states)
  const [{ n: count } = { n: 0 }] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from runs r where ${fits.sql}`,
    fits.params,
  )
  const groups = await listGroups(em, fits)
  const horizonMs = horizonMinutes * 60_000
  const foreseen = await Promise.all(
    groups
      .slice(0, maximumGroups)
      .map((group) => foreseeSends(deps, { workspaceId, kind, order, group, horizonMs })),
  )
  const live = await findLive(em, workspaceId, digestOf({ kind: name, selection, order }))
  return {
    count,
    groups: foreseen,
    moreGroups: groups.length > maximumGroups,
    foreseenSends: foreseen.reduce((sum, group) => sum + group.count * group.sends.length, 0),
    horizonMinutes,
    takesMinutes: Math.max(count / ratePerMinute, count > 0 ? (spreadHours ?? 0) * 60 : 0),
    liveOperationId: live?.id ?? null,
  }
}

/** The largest first, one more than are shown. */
async function listGroups(em: Em, fits: Fragment): Promise<PreviewGroup[]> {
  const groups = sql`select r.journey_id as "journeyId", j.name as "journeyName", r.version_id as "versionId",
      v.number as version, r.card_id as "cardId", r.error_code as "errorCode", r.state, count(*)::int as count,
      (array_agg(r.id order by r.updated_at desc))[1] as "exampleRunId",
      (array_agg(r.error_reason order by r.updated_at desc))[1] as "exampleReason"
    from runs r join journeys j on j.id = r.journey_id join journey_versions v on v.id = r.version_id
    where ${fits} group by r.journey_id, j.name, r.version_id, v.number, r.card_id, r.error_code, r.state
    order by count(*) desc, r.version_id, r.card_id, r.error_code, r.state limit ${maximumGroups + 1}`
  return em.execute<PreviewGroup[]>(groups.sql, groups.params)
}
