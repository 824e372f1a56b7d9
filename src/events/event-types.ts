import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { isReservedEvent } from '../model/system-events.ts'
import { EventType } from './entities.ts'

/** Declares a custom event and the types of its attributes. */
export async function createEventType(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; name: string; attributes: Record<string, string> },
) {
  const { workspaceId, name, attributes } = input
  if (name in {}) throw conflict(name, `"${name}" is a word of the language that this is written in`)
  if (isReservedEvent(name)) throw conflict(name, `"${name}" is an event of the product itself`)
  const em = forkFor(deps.orm, workspaceId)
  const id = newId()
  const inserted = await em.execute<object[]>(
    `insert into event_types (id, workspace_id, name, attributes) values (?, ?, ?, ?::jsonb)
     on conflict (workspace_id, name) do nothing returning id`,
    [id, workspaceId, name, JSON.stringify(attributes)],
  )
  if (inserted.length > 0) return em.findOneOrFail(EventType, { id })
  throw conflict(name, `there is an event type "${name}" already`)
}

function conflict(name: string, message: string): AppError {
  return new AppError('conflict', message, { fields: [{ field: 'name', message }], details: { name } })
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

async function getEventType(em: Em, id: string) {
  const type = await em.findOne(EventType, { id })
  if (!type) throw new AppError('not_found', `event type ${id} does not exist`)
  return type
}

/**
 * Declares more attributes. One that is declared keeps its type: stored events and the conditions on them rely on it.
 */
export async function extendEventType(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; id: string; attributes: Record<string, string> },
) {
  return forkFor(deps.orm, input.workspaceId).transactional(async (em) => {
    const type = await getEventType(em, input.id)
    const fields = Object.entries(input.attributes).flatMap(([name, wanted]) => {
      const known = Object.hasOwn(type.attributes, name) ? type.attributes[name] : wanted
      return known === wanted
        ? []
        : [{ field: `attributes.${name}`, message: `is ${known} already, and stays it` }]
    })
    if (fields.length > 0) throw new AppError('conflict', 'a declared attribute keeps its type', { fields })
    type.attributes = { ...type.attributes, ...input.attributes }
    await em.flush()
    return type
  })
}

/** Events that happened stay; no new ones are taken. Refused while a journey or a segment looks at the event. */
export async function deleteEventType(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; id: string },
): Promise<void> {
  await forkFor(deps.orm, input.workspaceId).transactional(async (em) => {
    const { name } = await getEventType(em, input.id)
    const uses = await listEventUses(em, input.workspaceId, name)
    if (uses.length > 0) {
      const where = uses.map((use) => `${use.kind} "${use.name}"`).join(', ')
      throw new AppError('conflict', `"${name}" is used by ${where}`, { details: { uses } })
    }
    await em.nativeDelete(EventType, { id: input.id })
  })
}

interface EventUse {
  kind: 'journey' | 'segment'
  id: string
  name: string
}

/** Journeys (draft or published) and live segments that name an event. */
async function listEventUses(em: Em, workspaceId: string, event: string): Promise<EventUse[]> {
  return em.execute<EventUse[]>(
    `select 'journey' as kind, j.id, j.name from journeys j left join journey_versions v on v.id = j.published_version_id
     where j.workspace_id = ? and j.deleted_at is null
       and jsonb_path_exists(jsonb_build_array(j.draft, v.definition), ?::jsonpath, jsonb_build_object('name', ?::text))
     union all
     select 'segment', s.id, s.name from segments s
     where s.workspace_id = ? and s.deleted_at is null and 'event:' || ? = any(s.depends_on)
     order by 3 limit 20`,
    [workspaceId, '$.** ? (@.event == $name)', event, workspaceId, event],
  )
}
