import { adHoc } from '../db/prepared-statements.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Condition } from '../model/conditions.ts'
import { checkCondition } from './check-condition.ts'
import { compileCondition } from './compile-condition.ts'
import { compileForAll } from './compile-for-all.ts'
import { briefContact } from './find-members.ts'
import { tuneForManyContacts } from './query-tuning.ts'

export interface Preview {
  count: number
  /** Counting took too long: the count was drawn from a random sample of contacts. */
  estimated: boolean
  sample: { contactId: string; name: string | null; phone: string | null }[]
}

const sampleSize = 10
/** Contacts that are looked at when counting everybody takes too long. */
const estimateFrom = 2_000

/** How many contacts a condition holds for now, and some of them; nothing is stored. */
export async function previewSegment(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; condition: Condition; timeoutMs: number },
): Promise<Preview> {
  const { workspaceId, condition, timeoutMs } = input
  const em = forkFor(deps.orm, workspaceId)
  await checkCondition(em, workspaceId, condition)
  const counted = await countExactly(em, workspaceId, condition, timeoutMs)
  const { count, ids } = counted ?? (await countBySample(em, workspaceId, condition))
  return { count, estimated: counted === undefined, sample: await showContacts(em, workspaceId, ids) }
}

interface Counted {
  count: number
  ids: string[]
}

/** Undefined when the time is up. */
async function countExactly(
  em: Em,
  workspaceId: string,
  condition: Condition,
  timeoutMs: number,
): Promise<Counted | undefined> {
  try {
    return await em.transactional(async (tx) => {
      await tuneForManyContacts(tx, timeoutMs)
      const { sql, params } = await compileForAll(tx, condition, { workspaceId, nowMs: Date.now() })
      const [row] = await tx.execute<Counted[]>(
        `${adHoc}select count(*)::int as count, coalesce(to_jsonb((array_agg(c.id))[1:${sampleSize}]), '[]') as ids
         from contacts c where c.workspace_id = ? and c.merged_into is null and (${sql})`,
        [workspaceId, ...params],
      )
      return row
    })
  } catch (error) {
    if (isTimeout(error)) return undefined
    throw error
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /statement timeout/.test(error.message)
}

/** Contacts' ids are random at their ends: those that end alike are a fair sample. */
async function countBySample(em: Em, workspaceId: string, condition: Condition): Promise<Counted> {
  const { sql, params } = compileCondition(condition, { workspaceId, nowMs: Date.now(), few: true })
  const [row] = await em.execute<{ total: number; looked: number; ids: string[] }[]>(
    `${adHoc}with everybody as materialized (
       select count(*) as total from contacts where workspace_id = ? and merged_into is null),
     drawn as materialized (
       select c.* from contacts c where c.workspace_id = ? and c.merged_into is null
       and bucket_of(c.id, 1, 0, 1, 0) < greatest(1, 10000 * ${estimateFrom} / (select greatest(total, 1) from everybody))
       limit ${estimateFrom})
     select (select total from everybody)::int as total, (select count(*) from drawn)::int as looked,
       (select coalesce(jsonb_agg(c.id), '[]') from drawn c where (${sql})) as ids`,
    [workspaceId, workspaceId, ...params],
  )
  if (!row || row.looked === 0) return { count: 0, ids: [] }
  const count = Math.round((row.ids.length / row.looked) * row.total)
  return { count, ids: row.ids.slice(0, sampleSize) }
}

async function showContacts(em: Em, workspaceId: string, ids: string[]): Promise<Preview['sample']> {
  return em.execute<Preview['sample']>(
    `select c.id as "contactId", ${briefContact} from contacts c
     where c.workspace_id = ? and c.id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by c.id desc`,
    [workspaceId, JSON.stringify(ids)],
  )
}
