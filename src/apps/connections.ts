import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { integrations } from '../../integrations/index.ts'
import type { Integration } from '../../integrations/kit.ts'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { AppError } from '../model/errors.ts'
import { listConnectionUses } from './connection-uses.ts'
import { getConnection, type Connection } from './find-connections.ts'

interface Change {
  workspaceId: string
  by: string
}
type Held = Pick<Deps, 'orm' | 'seal'>

/** Keeps credentials for an outside system, sealed: nobody gets them back. */
export async function createConnection(
  deps: Held,
  input: Change & { integration: string; name: string; auth: unknown },
): Promise<Connection> {
  const { workspaceId, name, by } = input
  const integration = findIntegration(input.integration)
  const sealed = sealAuth(deps, integration, input.auth)
  const id = newId()
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em
      .execute(
        'insert into app_connections (id, workspace_id, integration, name, sealed) values (?, ?, ?, ?, ?)',
        [id, workspaceId, integration.id, name, sealed],
      )
      .catch(refuseTakenName)
    await tell(em, workspaceId, 'connection.created', { connection: id, name, by })
  })
  return getConnection(deps, workspaceId, id)
}

/** Renames, or replaces the credentials as a whole. Journeys that use them take the new ones at their next call. */
export async function updateConnection(
  deps: Held,
  input: Change & { connectionId: string; name?: string | undefined; auth?: unknown },
): Promise<Connection> {
  const { workspaceId, connectionId, name, auth, by } = input
  const before = await getConnection(deps, workspaceId, connectionId)
  const sealed = auth === undefined ? null : sealAuth(deps, findIntegration(before.integration), auth)
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em
      .execute(
        `update app_connections set name = coalesce(?, name), sealed = coalesce(?, sealed), updated_at = now(),
           tested_at = case when ?::text is null then tested_at end, test_ok = case when ?::text is null then test_ok end,
           test_words = case when ?::text is null then test_words end where id = ? and workspace_id = ?`,
        [name ?? null, sealed, sealed, sealed, sealed, connectionId, workspaceId],
      )
      .catch(refuseTakenName)
    const data = { connection: connectionId, name: name ?? before.name, credentials: sealed !== null, by }
    await tell(em, workspaceId, 'connection.changed', data)
  })
  return getConnection(deps, workspaceId, connectionId)
}

/** Refused while a journey uses it, with the names of those. The credentials go for good. */
export async function deleteConnection(
  deps: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, connectionId, by }: Change & { connectionId: string },
): Promise<void> {
  const { name } = await getConnection(deps, workspaceId, connectionId)
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    // Against a journey that is being published with it just now, which holds a share of this lock.
    await em.execute('select 1 from app_connections where id = ? and workspace_id = ? for update', [
      connectionId,
      workspaceId,
    ])
    const uses = await listConnectionUses(em, workspaceId, connectionId)
    if (uses.length > 0) {
      const names = uses.map((use) => `"${use.journeyName}"`).join(', ')
      const message = `the connection cannot be deleted: it is used in ${names}`
      throw new AppError('conflict', message, { details: { usedIn: uses } })
    }
    await em.execute(
      `update app_connections set deleted_at = now(), sealed = '' where id = ? and workspace_id = ?`,
      [connectionId, workspaceId],
    )
    await tell(em, workspaceId, 'connection.deleted', { connection: connectionId, name, by })
  })
}

export function findIntegration(id: string): Integration {
  const integration = Object.hasOwn(integrations, id) ? integrations[id] : undefined
  if (integration) return integration
  const message = `there is no integration "${id}"`
  throw new AppError('unprocessable', message, { fields: [{ field: 'integration', message }] })
}

function sealAuth({ seal }: Held, { auth }: Integration, given: unknown): string {
  const parsed = auth.safeParse(given)
  if (parsed.success) return seal.seal(JSON.stringify(parsed.data))
  throw new AppError('invalid_input', 'the credentials are not complete', {
    fields: toFieldErrors(parsed.error, 'auth'),
  })
}

async function tell(
  em: Em,
  workspaceId: string,
  kind: string,
  data: Record<string, string | boolean>,
): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}

function refuseTakenName(error: unknown): never {
  if (!(error instanceof UniqueConstraintViolationException)) throw error
  const message = 'another connection has this name'
  throw new AppError('conflict', message, { fields: [{ field: 'name', message }] })
}
