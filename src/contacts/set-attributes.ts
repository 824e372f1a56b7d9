import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'

/** System attributes are columns; every other name is a custom attribute. */
const columns: Record<string, string> = {
  name: 'name',
  first_name: 'first_name',
  last_name: 'last_name',
  email: 'email',
  language: 'language',
  time_zone: 'time_zone',
}

/** Sets attributes of a contact. The same step may come twice: the values are the same then, and so is the fact. */
export async function setAttributes(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    contactId: string
    attributes: JsonObject
    runId?: string
    causeId?: string
    atMs: number
  },
): Promise<void> {
  const { workspaceId, contactId, attributes, runId, causeId, atMs } = input
  const names = Object.keys(attributes)
  const system = names.filter((name) => Object.hasOwn(columns, name))
  const custom = Object.fromEntries(
    Object.entries(attributes).filter(([name]) => !Object.hasOwn(columns, name)),
  )
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const assignments = system.map((name) => `${columns[name]} = ?, `).join('')
    const updated = await em.execute<object[]>(
      `update contacts set ${assignments} attributes = attributes || ?::jsonb, updated_at = now()
       where id = ? and workspace_id = ? returning id`,
      [...system.map((name) => toText(attributes[name])), JSON.stringify(custom), contactId, workspaceId],
    )
    if (updated.length === 0) throw new AppError('not_found', `contact ${contactId} does not exist`)
    const id = derivedId(contactId, causeId ?? '', ...names, 'attributes.set')
    await recordFacts(em, workspaceId, [
      { id, atMs, kind: 'attributes.set', contactId, runId, causeId, data: { names } },
    ])
  })
}

function toText(value: unknown): string | null {
  return value === null || value === undefined
    ? null
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
}
