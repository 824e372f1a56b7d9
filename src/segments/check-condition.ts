import { loadAttributeTypes } from '../contacts/attribute-definitions.ts'
import type { Em } from '../db/orm.ts'
import { leavesOf } from '../model/condition-dependencies.ts'
import { nameProblems, type DeclaredNames } from '../model/condition-names.ts'
import { listLeaves, segmentProblems } from '../model/condition-problems.ts'
import type { Condition } from '../model/conditions.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { findDependents } from './segment-uses.ts'

interface CheckOptions {
  /** The segment that is to have it, when there is one already. */
  segmentId?: string
  /** Where it stands in the body. */
  field?: string
}

/** Refuses a condition that no segment may have: what it lacks, what it names and is not there, and circles. */
export async function checkCondition(
  em: Em,
  workspaceId: string,
  condition: Condition,
  { segmentId, field = 'condition' }: CheckOptions = {},
): Promise<void> {
  const fields = segmentProblems(condition, field)
  if (fields.length > 0) throw new AppError('invalid_input', 'the condition is not complete', { fields })
  const references = listReferences(condition, field)
  fields.push(...nameProblems(condition, field, await loadDeclared(em, workspaceId, condition)))
  fields.push(...(await findMissing(em, workspaceId, references)))
  if (segmentId !== undefined) fields.push(...(await findCircles(em, workspaceId, segmentId, references)))
  if (fields.length > 0) throw new AppError('unprocessable', 'the condition names what it cannot', { fields })
}

interface Reference {
  table: 'segments' | 'journeys' | 'phone_numbers'
  id: string
  field: string
}

function listReferences(condition: Condition, root: string): Reference[] {
  return listLeaves(condition, root).flatMap(({ leaf, field }): Reference[] => {
    if (leaf.kind === 'segment')
      return [{ table: 'segments', id: leaf.segmentId, field: `${field}.segmentId` }]
    if (leaf.kind === 'journey')
      return [{ table: 'journeys', id: leaf.journeyId, field: `${field}.journeyId` }]
    if (leaf.kind === 'window' && leaf.numberId !== undefined)
      return [{ table: 'phone_numbers', id: leaf.numberId, field: `${field}.numberId` }]
    return []
  })
}

/** What is declared of that kind of thing that the condition looks at. */
async function loadDeclared(em: Em, workspaceId: string, condition: Condition): Promise<DeclaredNames> {
  const leaves = leavesOf(condition)
  const events = leaves.flatMap((leaf) => (leaf.kind === 'event' ? [leaf.event] : []))
  const types =
    events.length === 0
      ? []
      : await em.execute<{ name: string; attributes: Record<string, string> }[]>(
          `select name, attributes from event_types
           where workspace_id = ? and name in (select jsonb_array_elements_text(?::jsonb))`,
          [workspaceId, JSON.stringify(events)],
        )
  return {
    attributes: leaves.some(({ kind }) => kind === 'compare')
      ? await loadAttributeTypes(em, workspaceId)
      : new Map(),
    events: new Map(types.map(({ name, attributes }) => [name, attributes])),
  }
}

async function findMissing(em: Em, workspaceId: string, references: Reference[]): Promise<FieldError[]> {
  if (references.length === 0) return []
  const rows = await em.execute<{ id: string }[]>(
    `select id from segments where workspace_id = ? and deleted_at is null
     union all select id from journeys where workspace_id = ? and deleted_at is null
     union all select id from phone_numbers where workspace_id = ?`,
    [workspaceId, workspaceId, workspaceId],
  )
  const known = new Set(rows.map((row) => row.id))
  return references
    .filter(({ id }) => !known.has(id))
    .map(({ id, field }) => ({ field, message: `there is no ${wordOf(field)} ${id}` }))
}

function wordOf(field: string): string {
  if (field.endsWith('.segmentId')) return 'segment'
  return field.endsWith('.journeyId') ? 'journey' : 'phone number'
}

async function findCircles(
  em: Em,
  workspaceId: string,
  segmentId: string,
  references: Reference[],
): Promise<FieldError[]> {
  const named = references.filter(({ table }) => table === 'segments')
  if (named.length === 0) return []
  const dependents = await findDependents(
    em,
    workspaceId,
    segmentId,
    named.map(({ id }) => id),
  )
  return named
    .filter(({ id }) => dependents.includes(id))
    .map(({ id, field }) => {
      const message =
        id === segmentId
          ? 'is this segment itself'
          : 'depends on this segment: they would wait for each other'
      return { field, message }
    })
}
