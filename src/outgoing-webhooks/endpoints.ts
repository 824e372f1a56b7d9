import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { drawSecret, sealNewSecret, sealSecret } from './secrets.ts'

/** Somebody who is called back. */
export interface Endpoint {
  id: string
  name: string
  url: string
  form: 'standard' | 'wabbit'
  kinds: string[]
  numberId: string | null
  /** Whose it is, of Wabbit's. */
  userId: string | null
  /** Names of the headers that are sent along: what they say is not told. */
  headers: string[]
  /** Since when every attempt failed. */
  failingSince: string | null
  disabledAt: string | null
  disabledReason: string | null
  createdAt: string
}
interface EndpointInput {
  name: string
  url: string
  kinds: readonly string[]
  numberId?: string | null | undefined
  headers?: Record<string, string> | undefined
}
type EndpointRow = Omit<Endpoint, 'headers'> & { sealedHeaders: string | null }
interface Place {
  workspaceId: string
  endpointId: string
}

const columns = `w.id, w.name, w.url, w.form, w.kinds, w.number_id as "numberId", w.user_id as "userId",
  w.sealed_headers as "sealedHeaders", ${isoTime('w.failing_since')} as "failingSince", ${isoTime('w.disabled_at')} as "disabledAt",
  w.disabled_reason as "disabledReason", ${isoTime('w.created_at')} as "createdAt"`

/** Its secret is returned here, and when it is changed, and nowhere else. */
export async function createEndpoint(
  deps: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, by, ...input }: EndpointInput & { workspaceId: string; by: string },
): Promise<Endpoint & { secret: string }> {
  const em = forkFor(deps.orm, workspaceId)
  await check(em, workspaceId, input)
  const id = newId()
  const secret = drawSecret()
  await em.execute(
    `insert into webhook_endpoints (id, workspace_id, number_id, name, url, kinds, sealed_secret, sealed_headers, by)
     values (?, ?, ?, ?, ?, array(select jsonb_array_elements_text(?::jsonb)), ?, ?, ?)`,
    [
      ...[id, workspaceId, input.numberId ?? null, input.name, input.url, JSON.stringify(input.kinds)],
      ...[sealSecret(deps.seal, secret), sealHeaders(deps, input.headers), by],
    ],
  )
  return { ...(await getEndpoint(deps, { workspaceId, endpointId: id })), secret }
}

export async function updateEndpoint(
  deps: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, endpointId, ...input }: Partial<EndpointInput> & Place,
): Promise<Endpoint> {
  const em = forkFor(deps.orm, workspaceId)
  await check(em, workspaceId, input)
  const { name, url, kinds, numberId, headers } = input
  const changed = await em.execute<object[]>(
    `update webhook_endpoints set name = coalesce(?, name), url = coalesce(?, url),
       kinds = case when ?::jsonb is null then kinds else array(select jsonb_array_elements_text(?::jsonb)) end,
       number_id = case when ? then ?::uuid else number_id end,
       sealed_headers = case when ? then ? else sealed_headers end, updated_at = now()
     where id = ? and workspace_id = ? and form = 'standard' returning id`,
    [
      ...[
        name ?? null,
        url ?? null,
        kinds ? JSON.stringify(kinds) : null,
        kinds ? JSON.stringify(kinds) : null,
      ],
      ...[numberId !== undefined, numberId ?? null, headers !== undefined, sealHeaders(deps, headers)],
      ...[endpointId, workspaceId],
    ],
  )
  if (changed.length === 0) throw noEndpoint(endpointId)
  return getEndpoint(deps, { workspaceId, endpointId })
}

/** What is owed to it is forgotten with it. */
export async function deleteEndpoint(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, endpointId }: Place,
): Promise<void> {
  const gone = await forkFor(orm, workspaceId).execute<object[]>(
    'delete from webhook_endpoints where id = ? and workspace_id = ? returning id',
    [endpointId, workspaceId],
  )
  if (gone.length === 0) throw noEndpoint(endpointId)
}

/** Both secrets sign for a day. */
export async function rotateSecret(
  deps: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, endpointId }: Place,
): Promise<{ secret: string }> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const [row] = await em.execute<{ sealed_secret: string | null }[]>(
      `select sealed_secret from webhook_endpoints
       where id = ? and workspace_id = ? and form = 'standard' for update`,
      [endpointId, workspaceId],
    )
    if (!row) throw noEndpoint(endpointId)
    const secret = drawSecret()
    await em.execute('update webhook_endpoints set sealed_secret = ?, updated_at = now() where id = ?', [
      sealNewSecret(deps.seal, row.sealed_secret, secret, Date.now()),
      endpointId,
    ])
    return { secret }
  })
}

/** What failed before and while it was disabled stays failed until it is replayed. */
export async function enableEndpoint(
  deps: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, endpointId }: Place,
): Promise<Endpoint> {
  await forkFor(deps.orm, workspaceId).execute(
    `update webhook_endpoints set disabled_at = null, disabled_reason = null, failing_since = null, resumes_at = null,
       updated_at = now() where id = ? and workspace_id = ?`,
    [endpointId, workspaceId],
  )
  return getEndpoint(deps, { workspaceId, endpointId })
}

export async function getEndpoint(
  deps: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, endpointId }: Place,
): Promise<Endpoint> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<EndpointRow[]>(
    `select ${columns} from webhook_endpoints w where w.workspace_id = ? and w.id = ?`,
    [workspaceId, endpointId],
  )
  if (!row) throw noEndpoint(endpointId)
  return toEndpoint(deps, row)
}

/** One more than asked for when there are more. */
export async function listEndpoints(
  deps: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, after, limit }: { workspaceId: string; after: string | undefined; limit: number },
): Promise<Endpoint[]> {
  const rows = await forkFor(deps.orm, workspaceId).execute<EndpointRow[]>(
    `select ${columns} from webhook_endpoints w where w.workspace_id = ? and (?::uuid is null or w.id > ?)
     order by w.id limit ?`,
    [workspaceId, after ?? null, after ?? null, limit + 1],
  )
  return rows.map((row) => toEndpoint(deps, row))
}

export function noEndpoint(endpointId: string): AppError {
  return new AppError('not_found', `there is no webhook endpoint ${endpointId}`)
}

async function check(em: Em, workspaceId: string, { url, numberId }: Partial<EndpointInput>): Promise<void> {
  if (url !== undefined) {
    const { protocol, username, password } = new URL(url)
    if (!['http:', 'https:'].includes(protocol)) throw refuse('url', 'must be an address of http or https')
    if (username || password) throw refuse('url', 'may hold no user name and password: use a header')
  }
  if (!numberId) return
  const found = await em.execute<object[]>('select 1 from phone_numbers where id = ? and workspace_id = ?', [
    numberId,
    workspaceId,
  ])
  if (found.length === 0) throw refuse('numberId', 'is no number of this workspace')
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', `${field} ${message}`, { fields: [{ field, message }] })
}

function sealHeaders({ seal }: Pick<Deps, 'seal'>, headers: Record<string, string> = {}): string | null {
  return Object.keys(headers).length > 0 ? seal.seal(JSON.stringify(headers)) : null
}

export function unsealHeaders({ seal }: Pick<Deps, 'seal'>, sealed: string | null): Record<string, string> {
  return sealed === null ? {} : (JSON.parse(seal.unseal(sealed).toString('utf8')) as Record<string, string>)
}

function toEndpoint(deps: Pick<Deps, 'seal'>, { sealedHeaders, ...row }: EndpointRow): Endpoint {
  return { ...row, headers: Object.keys(unsealHeaders(deps, sealedHeaders)) }
}
