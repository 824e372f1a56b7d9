import { adHoc } from '../db/prepared-statements.ts'
import type { Em } from '../db/orm.ts'
import { leavesOf } from '../model/condition-dependencies.ts'
import type { Condition } from '../model/conditions.ts'
import { compileCondition, type CompileInput } from './compile-condition.ts'
import { sql, type Fragment } from './fragment.ts'

/** Looking up the events of so many contacts one by one is quicker than going through all events. */
const fewContacts = 20_000

/**
 * A condition for a query over all contacts. PostgreSQL cannot guess how many contacts attributes and tags leave over; where
 * events are asked about too, that is looked at first, and few contacts are then judged one by one.
 */
export async function compileForAll(em: Em, condition: Condition, input: CompileInput): Promise<Fragment> {
  const parts = condition.kind === 'and' ? condition.conditions : [condition]
  const [heavy, light] = [parts.filter(isHeavy), parts.filter((part) => !isHeavy(part))]
  if (heavy.length === 0 || light.length === 0) return compileCondition(condition, input)
  const first = compileCondition({ kind: 'and', conditions: light }, input)
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
