import { adHoc } from '../db/prepared-statements.ts'
import type { Em } from '../db/orm.ts'
import { leavesOf } from '../model/condition-dependencies.ts'
import type { Condition } from '../model/conditions.ts'
import { compileCondition, type CompileInput } from './compile-condition.ts'
import { sql, type Fragment } from './fragment.ts'

/** Looking up the events of so many contacts one by one is quicker than going through all events. */
const fewContacts = 20_000
/** Contacts that a guess is drawn from, and how many of those must be the workspace's for it to mean something. */
const sampleSize = 5_000
const leastSample = 500

/**
 * A condition for a query over all contacts. PostgreSQL cannot guess how many contacts attributes and tags leave over; where
 * events are asked about too, that is looked at first, and few contacts are then judged one by one: PostgreSQL judges what
 * costs most last.
 */
export async function compileForAll(em: Em, condition: Condition, input: CompileInput): Promise<Fragment> {
  const parts = condition.kind === 'and' ? condition.conditions : [condition]
  const [heavy, light] = [parts.filter(isHeavy), parts.filter((part) => !isHeavy(part))]
  if (heavy.length === 0 || light.length === 0) return compileCondition(condition, input)
  const first = compileCondition({ kind: 'and', conditions: light }, { ...input, few: true })
  const guessed = await guessMatching(em, input.workspaceId, first)
  if (guessed !== undefined) return compileCondition(condition, { ...input, few: guessed <= fewContacts })
  const found = await em.execute<{ id: string }[]>(
    `${adHoc}select c.id from contacts c where c.workspace_id = ? and c.merged_into is null and ${first.sql}
     limit ${fewContacts + 1}`,
    [input.workspaceId, ...first.params],
  )
  if (found.length > fewContacts) return compileCondition(condition, input)
  const rest = compileCondition({ kind: 'and', conditions: heavy }, { ...input, few: true })
  const ids = JSON.stringify(found.map(({ id }) => id))
  return sql`(c.id in (select jsonb_array_elements_text(${ids}::jsonb)::uuid) and ${rest})`
}

function isHeavy(condition: Condition): boolean {
  return leavesOf(condition).some(({ kind }) => kind === 'event' || kind === 'campaign')
}

/** From some pages of the table; undefined where there are too few contacts to guess from, which are soon gone through. */
async function guessMatching(em: Em, workspaceId: string, condition: Fragment): Promise<number | undefined> {
  const [table] = await em.execute<{ rows: number }[]>(
    `select reltuples::float8 as rows from pg_class where oid = 'contacts'::regclass`,
  )
  const share = sampleSize / Math.max(table?.rows ?? 0, sampleSize)
  const [seen] = await em.execute<{ contacts: number; matching: number }[]>(
    `${adHoc}select count(*)::int as contacts, (count(*) filter (where ${condition.sql}))::int as matching
     from contacts c tablesample system (?::real) where c.workspace_id = ? and c.merged_into is null`,
    [...condition.params, share * 100, workspaceId],
  )
  return seen && seen.contacts >= leastSample ? seen.matching / share : undefined
}
