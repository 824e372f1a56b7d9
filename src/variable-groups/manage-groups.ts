import { recordFacts } from '../analytics/facts.ts'
import { refuseUsed } from '../campaigns/campaign-uses.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { variableKey } from '../model/variable-key.ts'
import { findGroupByRef, readGroup, type VariableGroup } from './find-groups.ts'
import { storeValues, type GivenLine } from './store-values.ts'

export interface GroupInput {
  workspaceId: string
  ref: string
  /** The ref when absent. */
  name?: string | undefined
  description?: string | undefined
  /** Beside what the lines name. */
  fields?: string[] | undefined
  source?: VariableGroup['source']
  campaignId?: string | undefined
  by: string
}

/** Makes a group with its first lines. A ref that is taken is refused. */
export async function createGroup(
  { orm }: Pick<Deps, 'orm'>,
  input: GroupInput & { lines?: GivenLine[] | undefined },
): Promise<VariableGroup> {
  const { workspaceId, ref, lines = [] } = input
  return forkFor(orm, workspaceId).transactional(async (em) => {
    await lockGroups(em, workspaceId)
    if (await findGroupByRef(em, workspaceId, ref)) throw taken(ref)
    const group = await openGroup(em, withFieldsOf(input, lines))
    await storeValues(em, workspaceId, group.id, lines)
    return group
  })
}

/** Gives a group more lines; one of that ref is made when there is none. */
export async function extendGroup(
  { orm }: Pick<Deps, 'orm'>,
  input: GroupInput & { lines: GivenLine[] },
): Promise<VariableGroup> {
  const { workspaceId, lines, by } = input
  return forkFor(orm, workspaceId).transactional(async (em) => {
    await lockGroups(em, workspaceId)
    const group = await openGroup(em, withFieldsOf(input, lines))
    await storeValues(em, workspaceId, group.id, lines)
    await tell(em, workspaceId, 'variable-group.filled', {
      ...{ group: group.id, name: group.name, lines: lines.length, by },
    })
    return group
  })
}

/** The group of that ref, with at least these columns, in the caller's transaction; made when there is none. */
export async function openGroup(em: Em, input: GroupInput): Promise<VariableGroup> {
  const { workspaceId, ref, name = ref, description = '', source = 'api', campaignId = null, by } = input
  const before = await findGroupByRef(em, workspaceId, ref)
  const fields = [...new Set([...(before?.fields ?? []), ...(input.fields ?? [])])]
  refuseAlike(fields)
  if (before) {
    if (fields.length === before.fields.length) return before
    await em.execute(
      'update variable_groups set fields = ?::jsonb, updated_at = now() where workspace_id = ? and id = ?',
      [JSON.stringify(fields), workspaceId, before.id],
    )
    return { ...before, fields }
  }
  const id = newId()
  await em.execute(
    `insert into variable_groups (id, workspace_id, ref, name, description, fields, source, campaign_id)
     values (?, ?, ?, ?, ?, ?::jsonb, ?, ?)`,
    [id, workspaceId, ref, name, description, JSON.stringify(fields), source, campaignId],
  )
  await tell(em, workspaceId, 'variable-group.created', { group: id, name, by })
  return readGroup(em, workspaceId, id)
}

/** What it is called and what its columns are; the values of a column that goes are gone. */
export async function changeGroup(
  { orm }: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    id: string
    name?: string | undefined
    description?: string | undefined
    fields?: string[] | undefined
    by: string
  },
): Promise<VariableGroup> {
  const { workspaceId, id, by } = input
  return forkFor(orm, workspaceId).transactional(async (em) => {
    await lockGroups(em, workspaceId)
    const before = await readGroup(em, workspaceId, id)
    const { name = before.name, description = before.description, fields = before.fields } = input
    refuseAlike(fields)
    const gone = before.fields.filter((field) => !fields.includes(field))
    await em.execute(
      `update variable_groups set name = ?, description = ?, fields = ?::jsonb, updated_at = now()
       where workspace_id = ? and id = ?`,
      [name, description, JSON.stringify(fields), workspaceId, id],
    )
    if (gone.length > 0)
      await em.execute(
        `update variable_values set values = values - array(select jsonb_array_elements_text(?::jsonb)), updated_at = now()
         where workspace_id = ? and group_id = ?`,
        [JSON.stringify(gone), workspaceId, id],
      )
    await tell(em, workspaceId, 'variable-group.changed', { group: id, name, by })
    return readGroup(em, workspaceId, id)
  })
}

/** Refused while a campaign that has not ended names it. */
export async function deleteGroup(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, id, by }: { workspaceId: string; id: string; by: string },
): Promise<void> {
  await forkFor(orm, workspaceId).transactional(async (em) => {
    await lockGroups(em, workspaceId)
    const { name } = await readGroup(em, workspaceId, id)
    await refuseUsed(em, workspaceId, { id, what: 'the variable group', drafts: true })
    await em.execute('delete from variable_groups where workspace_id = ? and id = ?', [workspaceId, id])
    await tell(em, workspaceId, 'variable-group.deleted', { group: id, name, by })
  })
}

/** Removes one number's line. */
export async function deleteValues(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, id, phone, by }: { workspaceId: string; id: string; phone: string; by: string },
): Promise<void> {
  await forkFor(orm, workspaceId).transactional(async (em) => {
    const { name } = await readGroup(em, workspaceId, id)
    const gone = await em.execute<object[]>(
      'delete from variable_values where workspace_id = ? and group_id = ? and phone = ? returning 1',
      [workspaceId, id, phone],
    )
    if (gone.length === 0) throw new AppError('not_found', `the group has no values for ${phone}`)
    await tell(em, workspaceId, 'variable-group.changed', { group: id, name, by })
  })
}

/** Two at once could each make the same one, or each lose the other's columns. */
async function lockGroups(em: Em, workspaceId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 6))', [`variable groups ${workspaceId}`])
}

function withFieldsOf<T extends GroupInput>(input: T, lines: GivenLine[]): T {
  const named = new Set([...(input.fields ?? []), ...lines.flatMap(({ values }) => Object.keys(values))])
  return { ...input, fields: [...named] }
}

const maximumFields = 200

function refuseAlike(fields: string[]): void {
  const keys = new Map<string, string>()
  const wrong = fields.flatMap((field, at): FieldError[] => {
    const other = keys.get(variableKey(field))
    keys.set(variableKey(field), field)
    if (field.trim() === '') return [{ field: `fields.${at}`, message: 'is empty' }]
    return other === undefined ? [] : [{ field: `fields.${at}`, message: `is the same name as "${other}"` }]
  })
  if (fields.length > maximumFields)
    wrong.push({ field: 'fields', message: `are more than ${maximumFields}` })
  if (wrong.length > 0)
    throw new AppError(
      'invalid_input',
      wrong.map(({ field, message }) => `${field}: ${message}`).join('; '),
      {
        fields: wrong,
      },
    )
}

function taken(ref: string): AppError {
  const message = `there is a variable group "${ref}" already`
  return new AppError('conflict', message, { fields: [{ field: 'ref', message }] })
}

async function tell(em: Em, workspaceId: string, kind: string, data: JsonObject): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}
