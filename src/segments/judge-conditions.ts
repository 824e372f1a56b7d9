import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor, type Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import type { Deps } from '../deps.ts'
import { leavesOf } from '../model/condition-dependencies.ts'
import type { ConditionHistory } from '../model/condition-history.ts'
import { needsHistory } from '../model/condition-problems.ts'
import { evaluateCondition, eventOf, type Condition } from '../model/conditions.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { settleCondition } from '../model/settle-condition.ts'
import { compileCondition } from './compile-condition.ts'
import { joined, sql } from './fragment.ts'
import { loadHistories } from './load-history.ts'

/** Index of the first of some conditions that holds for a contact, -1 when none does. History is loaded where one needs it. */
export async function judgeConditions(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    /** Undefined in a run without a contact: conditions on variables can be judged, others cannot. */
    contactId: string | undefined
    conditions: Condition[]
    vars: JsonObject
    reply?: object | undefined
    /** What the run's variables hold when absent. */
    event?: JsonObject | undefined
    nowMs: number
  },
): Promise<number> {
  const { workspaceId, contactId, conditions, vars, reply, event = eventOf(vars), nowMs } = input
  const scope = { vars, reply: reply && { ...reply }, event, nowMs }
  if (contactId === undefined) {
    if (conditions.some(needsHistory))
      throw new AppError('no_contact', 'a condition asks for the history of a contact, and this run has none')
    return conditions.findIndex((condition) => evaluateCondition(condition, { ...scope, contact: {} }))
  }
  const em = forkFor(deps.orm, workspaceId)
  const contact = await loadContactView(em, workspaceId, contactId)
  const known = await loadForConditions(em, { workspaceId, contactId: contact.id, conditions, nowMs })
  return known.conditions.findIndex((condition) =>
    evaluateCondition(condition, { ...scope, contact, history: known.history }),
  )
}

/**
 * What some conditions need to know of one contact: nothing, for most. Of a contact with too many events the conditions on
 * events come back decided, because PostgreSQL has counted.
 */
export async function loadForConditions(
  em: Em,
  input: { workspaceId: string; contactId: string; conditions: Condition[]; nowMs: number },
): Promise<{ conditions: Condition[]; history: ConditionHistory | undefined }> {
  const { workspaceId, contactId, conditions, nowMs } = input
  if (!conditions.some(needsHistory)) return { conditions, history: undefined }
  const load = async (of: Condition[]) => {
    const asked = { workspaceId, contactIds: [contactId], conditions: of, nowMs }
    return (await loadHistories(em, asked)).histories.get(contactId)
  }
  const history = await load(conditions)
  if (history) return { conditions, history }
  const verdicts = await countEvents(em, input)
  const settled = conditions.map((condition) => settleCondition(condition, verdicts))
  return { conditions: settled, history: await load(settled) }
}

async function countEvents(
  em: Em,
  { workspaceId, contactId, conditions, nowMs }: Parameters<typeof loadForConditions>[1],
) {
  const parts = conditions.flatMap(leavesOf).filter(({ kind }) => kind === 'event')
  const compiled = parts.map((part) => compileCondition(part, { workspaceId, nowMs, few: true }))
  const list = joined(
    compiled.map((part) => sql`(${part}) is true`),
    ', ',
  )
  const [row] = await em.execute<{ verdicts: boolean[] }[]>(
    `${adHoc}select jsonb_build_array(${list.sql}) as verdicts from contacts c where c.workspace_id = ? and c.id = ?`,
    [...list.params, workspaceId, contactId],
  )
  return new Map(parts.map((part, at) => [part, row?.verdicts[at] === true] as const))
}
