import { contactViewColumns, toContactView } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { evaluateCondition, type Condition } from '../model/conditions.ts'
import { compileCondition } from './compile-condition.ts'
import { loadHistories } from './load-history.ts'

export interface LiveSegment {
  id: string
  name: string
  condition: Condition
  dependsOn: string[]
}

export interface Matching {
  segment: LiveSegment
  /** The contacts that were asked about. */
  judged: string[]
  matched: Set<string>
}

/**
 * Of few contacts everything that conditions look at is loaded once, and any number of segments judged from it. Above this
 * a query a segment is the cheaper way.
 */
const fewContacts = 25

/** Which of some contacts each segment's condition holds for, as the database stands now. */
export async function findMatching(
  em: Em,
  workspaceId: string,
  segments: LiveSegment[],
  contactsOf: (segment: LiveSegment) => string[],
): Promise<Matching[]> {
  const asked = segments
    .map((segment) => ({ segment, judged: contactsOf(segment) }))
    .filter(({ judged }) => judged.length > 0)
  const contactIds = [...new Set(asked.flatMap(({ judged }) => judged))]
  if (contactIds.length === 0) return []
  const nowMs = Date.now()
  const bySql = (segment: LiveSegment, ids: string[]) => matchBySql(em, workspaceId, segment, ids, nowMs)
  if (contactIds.length > fewContacts || asked.length === 1) {
    const matching: Matching[] = []
    for (const each of asked) matching.push({ ...each, matched: await bySql(each.segment, each.judged) })
    return matching
  }
  const known = await loadScopes(em, workspaceId, contactIds, segments, nowMs)
  const matching: Matching[] = []
  for (const { segment, judged } of asked) {
    const unknown = judged.filter((id) => !known.has(id))
    const matched = unknown.length > 0 ? await bySql(segment, unknown) : new Set<string>()
    for (const id of judged) {
      const scope = known.get(id)
      if (scope && evaluateCondition(segment.condition, scope)) matched.add(id)
    }
    matching.push({ segment, judged, matched })
  }
  return matching
}

async function matchBySql(
  em: Em,
  workspaceId: string,
  { condition }: LiveSegment,
  contactIds: string[],
  nowMs: number,
): Promise<Set<string>> {
  const { sql, params } = compileCondition(condition, { workspaceId, nowMs, few: true })
  const rows = await em.execute<{ id: string }[]>(
    `${adHoc}select c.id from contacts c where c.workspace_id = ?
       and c.id in (select jsonb_array_elements_text(?::jsonb)::uuid) and (${sql})`,
    [workspaceId, JSON.stringify(contactIds), ...params],
  )
  return new Set(rows.map((row) => row.id))
}

/** Contacts as conditions see them, with their history. Who has too much of it is left to SQL. */
async function loadScopes(
  em: Em,
  workspaceId: string,
  contactIds: string[],
  segments: LiveSegment[],
  nowMs: number,
) {
  const conditions = segments.map(({ condition }) => condition)
  const { histories } = await loadHistories(em, { workspaceId, contactIds, conditions, nowMs })
  const rows = await em.execute<Parameters<typeof toContactView>[0][]>(
    `select ${contactViewColumns} from contacts c where c.workspace_id = ?
       and c.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(contactIds)],
  )
  return new Map(
    rows.flatMap((row) => {
      const history = histories.get(row.id)
      return history ? [[row.id, { contact: toContactView(row), vars: {}, nowMs, history }] as const] : []
    }),
  )
}
