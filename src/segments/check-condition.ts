import type { Em } from '../db/orm.ts'
import { listLeaves, segmentProblems } from '../model/condition-problems.ts'
import type { Condition } from '../model/conditions.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { findDependents } from './segment-uses.ts'

/**
 * Refuses a condition that no segment may have: what it lacks, what it names and is not there, and circles.
 * @param segmentId the segment that is to have it, when there is one already.
 */
export async function checkCondition(
  em: Em,
  workspaceId: string,
  condition: Condition,
  segmentId?: string,
): Promise<void> {
  const fields = segmentProblems(condition, 'condition')
  if (fields.length > 0) throw new AppError('invalid_input', 'the condition is not complete', { fields })
  const references = listReferences(condition)
  fields.push(...(await findMissing(em, workspaceId, references)))
  if (segmentId !== undefined) fields.push(...(await findCircles(em, workspaceId, segmentId, references)))
  if (fields.length > 0) throw new AppError('unprocessable', 'the condition names what it cannot', { fields })
}

interface Reference {
  table: 'segments' | 'journeys' | 'phone_numbers'
  id: string
  field: string
}

function listReferences(condition: Condition): Reference[] {
  return listLeaves(condition, 'condition').flatMap(({ leaf, field }): Reference[] => {
    if (leaf.kind === 'segment')
      return [{ table: 'segments', id: leaf.segmentId, field: `${field}.segmentId` }]
    if (leaf.kind === 'journey')
      return [{ table: 'journeys', id: leaf.journeyId, field: `${field}.journeyId` }]
    if (leaf.kind === 'window' && leaf.numberId !== undefined)
      return [{ table: 'phone_numbers', id: leaf.numberId, field: `${field}.numberId` }]
    return []
  })
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
