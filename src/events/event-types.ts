import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { EventType } from './entities.ts'

/** Declares a custom event and the types of its attributes. */
export async function createEventType(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; name: string; attributes: Record<string, string> },
) {
  const { workspaceId, name, attributes } = input
  const em = forkFor(deps.orm, workspaceId)
  const id = newId()
  const inserted = await em.execute<object[]>(
    `insert into event_types (id, workspace_id, name, attributes) values (?, ?, ?, ?::jsonb)
     on conflict (workspace_id, name) do nothing returning id`,
    [id, workspaceId, name, JSON.stringify(attributes)],
  )
  if (inserted.length > 0) return em.findOneOrFail(EventType, { id })
  const message = `there is an event type "${name}" already`
  throw new AppError('conflict', message, { fields: [{ field: 'name', message }] })
}

/** Newest first. */
export async function listEventTypes(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; before?: string | undefined; limit: number },
) {
  const { workspaceId, before, limit } = input
  return forkFor(deps.orm, workspaceId).find(EventType, before ? { id: { $lt: before } } : {}, {
    orderBy: { id: 'desc' },
    limit,
  })
}
