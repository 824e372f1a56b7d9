import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { splitAttributes } from './split-attributes.ts'

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
  const { system, custom } = splitAttributes(attributes)
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const assignments = Object.keys(system)
      .map((name) => `${name} = ?, `)
      .join('')
    const updated = await em.execute<object[]>(
      `update contacts set ${assignments} attributes = attributes || ?::jsonb, updated_at = now()
       where id = ? and workspace_id = ? returning id`,
      [...Object.values(system), JSON.stringify(custom), contactId, workspaceId],
    )
    if (updated.length === 0) throw new AppError('not_found', `contact ${contactId} does not exist`)
    const id = derivedId(contactId, causeId ?? '', ...names, 'attributes.set')
    await recordFacts(em, workspaceId, [
      { id, atMs, kind: 'attributes.set', contactId, runId, causeId, data: { names } },
    ])
  })
}
