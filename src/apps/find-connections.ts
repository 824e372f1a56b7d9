import { integrations } from '../../integrations/index.ts'
import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { jsonObjectSchema, type JsonObject } from '../model/json.ts'

/** A connection as the API shows one: of its credentials only what is no secret. */
export interface Connection {
  id: string
  integration: string
  name: string
  shown: JsonObject
  test: { at: string; ok: boolean; words: string } | null
  createdAt: string
  updatedAt: string
}
type Row = Omit<Connection, 'shown'> & { sealed: string }

const columns = `c.id, c.integration, c.name, c.sealed, ${isoTime('c.created_at')} as "createdAt",
  ${isoTime('c.updated_at')} as "updatedAt", case when c.tested_at is not null then
    jsonb_build_object('at', ${isoTime('c.tested_at')}, 'ok', c.test_ok, 'words', c.test_words) end as test`

export async function getConnection(
  deps: Pick<Deps, 'orm' | 'seal'>,
  workspaceId: string,
  connectionId: string,
): Promise<Connection> {
  return toView(deps, await readConnection(forkFor(deps.orm, workspaceId), workspaceId, connectionId))
}

/** Newest first. */
export async function listConnections(
  deps: Pick<Deps, 'orm' | 'seal'>,
  input: {
    workspaceId: string
    integration: string | undefined
    search: string | undefined
    before: string | undefined
    limit: number
  },
): Promise<Connection[]> {
  const { workspaceId, integration = null, search, before = null, limit } = input
  const like = search === undefined ? null : `%${escapeLike(search)}%`
  const rows = await forkFor(deps.orm, workspaceId).execute<Row[]>(
    `select ${columns} from app_connections c where c.workspace_id = ? and c.deleted_at is null
       and (?::uuid is null or c.id < ?) and (?::text is null or c.integration = ?) and (?::text is null or c.name ilike ?)
     order by c.id desc limit ?`,
    [workspaceId, before, before, integration, integration, like, like, limit],
  )
  return rows.map((row) => toView(deps, row))
}

/** The credentials themselves: for a call, and never for an answer. */
export async function unsealConnection(
  deps: Pick<Deps, 'orm' | 'seal'>,
  workspaceId: string,
  connectionId: string,
): Promise<{ integration: string; name: string; auth: JsonObject }> {
  const row = await readConnection(forkFor(deps.orm, workspaceId), workspaceId, connectionId)
  return { integration: row.integration, name: row.name, auth: unseal(deps, row) }
}

async function readConnection(em: Em, workspaceId: string, connectionId: string): Promise<Row> {
  const [row] = await em.execute<Row[]>(
    `select ${columns} from app_connections c where c.workspace_id = ? and c.id = ? and c.deleted_at is null`,
    [workspaceId, connectionId],
  )
  if (!row) throw new AppError('not_found', `connection ${connectionId} does not exist`)
  return row
}

function toView(deps: Pick<Deps, 'seal'>, { sealed, ...row }: Row): Connection {
  const known = integrations[row.integration]?.shown ?? []
  const auth = Object.entries(unseal(deps, { sealed }))
  return { ...row, shown: Object.fromEntries(auth.filter(([name]) => known.includes(name))) }
}

function unseal({ seal }: Pick<Deps, 'seal'>, { sealed }: Pick<Row, 'sealed'>): JsonObject {
  return jsonObjectSchema.parse(JSON.parse(seal.unseal(sealed).toString('utf8')))
}
