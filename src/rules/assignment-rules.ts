import { z } from 'zod'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor } from '../kit/paging.ts'
import { assignmentRuleSchema, type AssignmentRuleDefinition } from '../model/assignment-rule.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { checkCondition } from '../segments/check-condition.ts'

export interface AssignmentRule {
  id: string
  name: string
  numberId: string | null
  enabled: boolean
  position: number
  definition: AssignmentRuleDefinition
  by: string
  createdAt: string
  updatedAt: string
}
type RuleContent = Pick<AssignmentRule, 'name' | 'numberId' | 'enabled' | 'definition'>
interface Change {
  workspaceId: string
  by: string
}

const maximumRules = 200

const columns = `id, name, number_id as "numberId", enabled, position, definition, by, ${isoTime('created_at')} as "createdAt",
  ${isoTime('updated_at')} as "updatedAt"`

/** In order, one more than `limit` when there are more. */
export async function listAssignmentRules(
  em: Em,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor: string | undefined },
): Promise<AssignmentRule[]> {
  const [position, id] = decodeCursor(cursor, z.tuple([z.int(), z.uuid()])) ?? [-1, null]
  const rows = await em.execute<AssignmentRule[]>(
    `select ${columns} from assignment_rules where workspace_id = ? and (position, id) > (?, coalesce(?::uuid, id))
     order by position, id limit ?`,
    [workspaceId, position, id, limit + 1],
  )
  return rows.map(toRule)
}

export async function getAssignmentRule(em: Em, workspaceId: string, id: string): Promise<AssignmentRule> {
  const [row] = await em.execute<AssignmentRule[]>(
    `select ${columns} from assignment_rules where workspace_id = ? and id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `there is no assignment rule ${id}`)
  return toRule(row)
}

/** As the last one. */
export async function createAssignmentRule(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, by, ...content }: Change & RuleContent,
): Promise<AssignmentRule> {
  const id = newId()
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await lockRules(em, workspaceId)
    await checkContent(em, workspaceId, content)
    const [counted] = await em.execute<{ count: number; last: number }[]>(
      `select count(*)::int as count, coalesce(max(position), -1)::int as last from assignment_rules where workspace_id = ?`,
      [workspaceId],
    )
    if ((counted?.count ?? 0) >= maximumRules)
      throw new AppError('unprocessable', `a workspace has at most ${maximumRules} assignment rules`)
    const { name, numberId, enabled, definition } = content
    await em.execute(
      `insert into assignment_rules (id, workspace_id, number_id, position, name, enabled, definition, by)
       values (?, ?, ?, ?, ?, ?, ?::jsonb, ?)`,
      [
        ...[id, workspaceId, numberId, (counted?.last ?? -1) + 1, name, enabled],
        ...[JSON.stringify(definition), by],
      ],
    )
    await tell(em, { workspaceId, by }, { rule: id, name, what: 'created' })
    return getAssignmentRule(em, workspaceId, id)
  })
}

export async function changeAssignmentRule(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, by, id, change }: Change & { id: string; change: Partial<RuleContent> },
): Promise<AssignmentRule> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await lockRules(em, workspaceId)
    const content = { ...(await getAssignmentRule(em, workspaceId, id)), ...change }
    await checkContent(em, workspaceId, content)
    const { name, numberId, enabled, definition } = content
    await em.execute(
      `update assignment_rules set name = ?, number_id = ?, enabled = ?, definition = ?::jsonb, by = ?, updated_at = now()
       where id = ? and workspace_id = ?`,
      [name, numberId, enabled, JSON.stringify(definition), by, id, workspaceId],
    )
    await tell(em, { workspaceId, by }, { rule: id, name, what: 'changed' })
    return getAssignmentRule(em, workspaceId, id)
  })
}

/** Chats that wait because of it go on waiting for the same people. */
export async function deleteAssignmentRule(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, by, id }: Change & { id: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name } = await getAssignmentRule(em, workspaceId, id)
    await em.execute('delete from assignment_rules where id = ? and workspace_id = ?', [id, workspaceId])
    await tell(em, { workspaceId, by }, { rule: id, name, what: 'deleted' })
  })
}

/** @param ids all of the workspace's rules, in the order in which they are to be looked at */
export async function orderAssignmentRules(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, by, ids }: Change & { ids: string[] },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await lockRules(em, workspaceId)
    const rows = await em.execute<{ id: string }[]>(
      'select id from assignment_rules where workspace_id = ?',
      [workspaceId],
    )
    const known = new Set(rows.map((row) => row.id))
    if (ids.length !== known.size || new Set(ids).size !== ids.length || ids.some((id) => !known.has(id))) {
      const message = 'must name each of the rules once'
      throw new AppError('unprocessable', `ids ${message}`, { fields: [{ field: 'ids', message }] })
    }
    await em.execute(
      `update assignment_rules r set position = n.at::int - 1 from jsonb_array_elements_text(?::jsonb) with ordinality as n(id, at)
       where r.id = n.id::uuid and r.workspace_id = ?`,
      [JSON.stringify(ids), workspaceId],
    )
    const fact = { id: newId(), atMs: Date.now(), kind: 'assignment-rules.ordered', data: { by } }
    await recordFacts(em, workspaceId, [fact])
  })
}

function toRule(row: AssignmentRule): AssignmentRule {
  return { ...row, definition: assignmentRuleSchema.parse(row.definition) }
}

/** One change of the rules at a time: positions and their number hold. */
async function lockRules(em: Em, workspaceId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`rules of ${workspaceId}`])
}

async function checkContent(em: Em, workspaceId: string, content: RuleContent): Promise<void> {
  const { to, when } = content.definition
  if (when.condition) {
    await checkCondition(em, workspaceId, when.condition, { field: 'definition.when.condition' })
  }
  const userId = 'userId' in to ? to.userId : null
  const groupId = to.kind === 'team' ? to.groupId : null
  const [found] = await em.execute<
    { role: string | null; team: boolean; number: boolean; points: string[] }[]
  >(
    `select (select role from users where id = ? and workspace_id = ? and deactivated_at is null) as role,
       exists (select 1 from groups where id = ? and workspace_id = ?) as team,
       exists (select 1 from phone_numbers where id = ? and workspace_id = ?) as number,
       coalesce((select jsonb_agg(id) from entry_points where workspace_id = ? and deleted_at is null
         and id in (select jsonb_array_elements_text(?::jsonb)::uuid)), '[]') as points`,
    [
      ...[userId, workspaceId, groupId, workspaceId, content.numberId, workspaceId, workspaceId],
      JSON.stringify(when.entryPointIds ?? []),
    ],
  )
  const fields: FieldError[] = []
  const field = 'definition.to.userId'
  if (to.kind === 'agent' && (!found?.role || found.role === 'app'))
    fields.push({ field, message: `there is no active person ${to.userId}` })
  if (to.kind === 'bot' && found?.role !== 'app')
    fields.push({ field, message: `there is no active bot ${to.userId}` })
  if (to.kind === 'team' && !found?.team)
    fields.push({ field: 'definition.to.groupId', message: `there is no team ${to.groupId}` })
  if (content.numberId !== null && !found?.number)
    fields.push({ field: 'numberId', message: `there is no phone number ${content.numberId}` })
  for (const [at, id] of (when.entryPointIds ?? []).entries()) {
    if (!found?.points.includes(id))
      fields.push({ field: `definition.when.entryPointIds.${at}`, message: `there is no entry point ${id}` })
  }
  if (fields.length > 0) throw new AppError('unprocessable', 'the rule names what is not there', { fields })
}

async function tell(
  em: Em,
  { workspaceId, by }: Change,
  data: { rule: string; name: string; what: string },
): Promise<void> {
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'assignment-rule.changed', data: { ...data, by } },
  ])
}
