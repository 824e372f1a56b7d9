import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { attributeNameProblem } from '../model/contact-attributes.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { AttributeType } from '../model/event-attributes.ts'

/** A workspace that needs more keeps documents in attributes of type json. */
const maximumDefinitions = 500

/** A custom attribute that a workspace has declared. */
export interface AttributeDefinition {
  id: string
  name: string
  type: AttributeType
  label: string
  description: string | null
  createdAt: string
}
export interface NewDefinition {
  name: string
  type: AttributeType
  /** The name when absent. */
  label?: string | undefined
  description?: string | null | undefined
}

const columns = `id, name, type, coalesce(label, name) as label, description, ${isoTime('created_at')} as "createdAt"`

/** Declares custom attributes. All of them, or none with every wrong one named. */
export async function declareAttributes(
  em: Em,
  workspaceId: string,
  wanted: NewDefinition[],
  fieldOf: (at: number) => string = () => 'name',
): Promise<AttributeDefinition[]> {
  const fields = wanted.flatMap(({ name }, at): FieldError[] => {
    const message = attributeNameProblem(name)
    return message ? [{ field: fieldOf(at), message }] : []
  })
  if (fields.length > 0) throw new AppError('invalid_input', 'the attribute is not well named', { fields })
  await lockDefinitions(em, workspaceId)
  const known = await em.execute<{ name: string }[]>(
    'select name from attribute_definitions where workspace_id = ?',
    [workspaceId],
  )
  const leaving = await em.execute<{ name: string }[]>(
    `select action ->> 'name' as name from contact_batches
     where workspace_id = ? and state = 'running' and action ->> 'type' = 'forget-attribute'`,
    [workspaceId],
  )
  const taken = new Map(known.map(({ name }) => [name.toLowerCase(), name]))
  wanted.forEach(({ name }, at) => {
    const other = taken.get(name.toLowerCase())
    if (other !== undefined)
      fields.push({ field: fieldOf(at), message: `there is an attribute "${other}" already` })
    if (leaving.some((each) => each.name === name))
      fields.push({
        field: fieldOf(at),
        message: `values of the deleted attribute "${name}" are still being removed`,
      })
    taken.set(name.toLowerCase(), name)
  })
  if (fields.length > 0) throw new AppError('conflict', fields[0]?.message ?? '', { fields })
  if (taken.size > maximumDefinitions) {
    const message = `a workspace has at most ${maximumDefinitions} custom attributes`
    throw new AppError('unprocessable', message, { fields: [{ field: fieldOf(0), message }] })
  }
  return em.execute<AttributeDefinition[]>(
    `insert into attribute_definitions (id, workspace_id, name, type, label, description)
     select n.id, ?, n.name, n.type, n.label, n.description from jsonb_to_recordset(?::jsonb)
       as n(id uuid, name text, type text, label text, description text) returning ${columns}`,
    [
      workspaceId,
      JSON.stringify(
        wanted.map(({ name, type, label = name, description = null }) => ({
          ...{ name, type, label, description },
          id: newId(),
        })),
      ),
    ],
  )
}

/** Whoever declares does so alone until the caller's transaction ends. */
export async function lockDefinitions(em: Em, workspaceId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 9))', [workspaceId])
}

/** All of a workspace's, by name. There are at most `maximumDefinitions`. */
export async function listDefinitions(em: Em, workspaceId: string): Promise<AttributeDefinition[]> {
  return em.execute<AttributeDefinition[]>(
    `select ${columns} from attribute_definitions where workspace_id = ? order by name`,
    [workspaceId],
  )
}

/** The types of the declared custom attributes, by name. */
export async function loadAttributeTypes(em: Em, workspaceId: string): Promise<Map<string, AttributeType>> {
  const rows = await em.execute<{ name: string; type: AttributeType }[]>(
    'select name, type from attribute_definitions where workspace_id = ?',
    [workspaceId],
  )
  return new Map(rows.map(({ name, type }) => [name, type]))
}

/** Name and type stay what they are: values, conditions and texts lean on them. */
export async function describeAttribute(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    name: string
    label?: string | undefined
    description?: string | null | undefined
  },
): Promise<AttributeDefinition> {
  const { workspaceId, name, label, description } = input
  const [row] = await forkFor(deps.orm, workspaceId).execute<AttributeDefinition[]>(
    `update attribute_definitions set label = coalesce(?, label),
       description = case when ? then ? else description end
     where workspace_id = ? and name = ? returning ${columns}`,
    [label ?? null, description !== undefined, description ?? null, workspaceId, name],
  )
  if (row) return row
  throw new AppError('not_found', `there is no custom attribute "${name}"`)
}
