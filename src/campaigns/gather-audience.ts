import type { Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { joined, sql, type Fragment } from '../segments/fragment.ts'
import { compileAudience, groupLines } from './compile-audience.ts'
import type { Planning } from './planning.ts'

/** Everybody of the audience while the run is being planned; gone with the transaction. */
const table = `create temporary table campaign_audience (
  contact_id uuid not null, given jsonb, lane smallint not null default 0, variant text, due_at timestamptz, reason text,
  said text) on commit drop`

/** Fills the temporary table with whom the run is for, each once, with what was given for them: due when it begins. */
export async function gatherAudience(em: Em, run: Planning): Promise<void> {
  await em.execute(table)
  await (run.kind === 'api' ? takeHandedIn(em, run) : takeSelected(em, run))
  await em.execute('analyze campaign_audience')
}

/** What the API was handed stands on the lane that is none. */
async function takeHandedIn(em: Em, { id, workspaceId, startsAt, definition }: Planning): Promise<void> {
  await em.execute(
    `with handed as (
       delete from campaign_recipients where run_id = ? and lane = -1 and workspace_id = ? returning contact_id, seq, given)
     insert into campaign_audience (contact_id, given, variant, due_at)
     select distinct on (c.id) c.id, h.given, ?::text, ?::timestamptz from handed h join contacts o on o.id = h.contact_id
       join contacts c on c.id = coalesce(o.merged_into, o.id) order by c.id, h.seq`,
    [id, workspaceId, definition.variants[0]?.id ?? null, startsAt],
  )
}

async function takeSelected(em: Em, { workspaceId, definition, startsAt }: Planning): Promise<void> {
  const { audience } = definition
  const groupIds = audience.include.flatMap((part) => (part.kind === 'group' ? [part.groupId] : []))
  const fits = await compileAudience(em, audience, { workspaceId, nowMs: Date.now() })
  const lines = groupIds.length === 0 ? undefined : linesOf(workspaceId, groupIds)
  const common = sql`${definition.variants[0]?.id ?? null}::text, ${startsAt}::timestamptz`
  const select = lines
    ? sql`select c.id, g.values, ${common} from contacts c left join (${lines}) as g on g.contact_id = c.id where ${fits}`
    : sql`select c.id, null::jsonb, ${common} from contacts c where ${fits}`
  const insert = sql`insert into campaign_audience (contact_id, given, variant, due_at) ${select}`
  await em.execute(adHoc + insert.sql, insert.params)
}

/** Of several lines for one person the group that is named first counts. */
function linesOf(workspaceId: string, groupIds: string[]): Fragment {
  const each = groupIds.map((groupId, at) => {
    const lines = groupLines(workspaceId, groupId)
    return sql`select l.contact_id, l.values, ${at}::int as at from (${lines}) as l`
  })
  const union = joined(each, ' union all ')
  return sql`select distinct on (u.contact_id) u.contact_id, u.values from (${union}) as u order by u.contact_id, u.at`
}
