import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import { liveChannel } from '../db/tell-of-announcements.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { pingKind } from '../model/webhook.ts'
import { noEndpoint } from './endpoints.ts'

/** One event for one endpoint, and what became of it. */
export interface Delivery {
  id: string
  seq: number
  kind: string
  conversationId: string | null
  data: JsonObject
  state: 'pending' | 'delivered' | 'failed'
  attempts: number
  /** Of what is pending. */
  nextAt: string | null
  deliveredAt: string | null
  /** Of the last attempt. */
  status: number | null
  answer: string | null
  error: string | null
  createdAt: string
}
export interface Attempt {
  at: string
  status: number | null
  answer: string | null
  error: string | null
  ms: number
}
interface Place {
  workspaceId: string
  endpointId: string
}
type OrmDeps = Pick<Deps, 'orm'>

const columns = `d.id, d.event_seq::float8 as seq, d.kind, d.conversation_id as "conversationId", d.data, d.state, d.attempts,
  case when d.state = 'pending' then ${isoTime('d.next_at')} end as "nextAt", ${isoTime('d.delivered_at')} as "deliveredAt",
  d.status, d.answer, d.error, ${isoTime('d.created_at')} as "createdAt"`

/** Newest first, one more than asked for when there are more. */
export async function listDeliveries(
  { orm }: OrmDeps,
  input: Place & { state?: Delivery['state'] | undefined; before: number | undefined; limit: number },
): Promise<Delivery[]> {
  const { workspaceId, endpointId, state = null, before = null, limit } = input
  const em = forkFor(orm, workspaceId)
  await demandEndpoint(em, input)
  return em.execute<Delivery[]>(
    `select ${columns} from webhook_deliveries d where d.workspace_id = ? and d.endpoint_id = ?
       and (?::text is null or d.state = ?) and (?::bigint is null or d.event_seq < ?)
     order by d.event_seq desc limit ?`,
    [workspaceId, endpointId, state, state, before, before, limit + 1],
  )
}

/** With all its attempts, newest first. */
export async function getDelivery(
  { orm }: OrmDeps,
  { workspaceId, endpointId, deliveryId }: Place & { deliveryId: string },
): Promise<Delivery & { log: Attempt[] }> {
  const em = forkFor(orm, workspaceId)
  const [delivery] = await em.execute<Delivery[]>(
    `select ${columns} from webhook_deliveries d where d.workspace_id = ? and d.endpoint_id = ? and d.id = ?`,
    [workspaceId, endpointId, deliveryId],
  )
  if (!delivery) throw new AppError('not_found', `there is no delivery ${deliveryId}`)
  const log = await em.execute<Attempt[]>(
    `select ${isoTime('t.at')} as at, t.status, t.answer, t.error, t.ms from webhook_attempts t
     where t.workspace_id = ? and t.delivery_id = ? order by t.id desc limit 100`,
    [workspaceId, deliveryId],
  )
  return { ...delivery, log }
}

/** Sends it again, whatever became of it, with the same id: a receiver that knows it drops it. */
export async function replayDelivery(
  deps: OrmDeps,
  { workspaceId, endpointId, deliveryId }: Place & { deliveryId: string },
): Promise<Delivery & { log: Attempt[] }> {
  const em = forkFor(deps.orm, workspaceId)
  await demandEnabled(em, { workspaceId, endpointId })
  await em.execute(
    `update webhook_deliveries set state = 'pending', attempts = 0, next_at = now(), delivered_at = null
     where id = ? and endpoint_id = ? and workspace_id = ?`,
    [deliveryId, endpointId, workspaceId],
  )
  await tell(em)
  return getDelivery(deps, { workspaceId, endpointId, deliveryId })
}

/** Sends everything again that failed since then; how much that is. */
export async function replayFailed(
  { orm }: OrmDeps,
  { workspaceId, endpointId, since }: Place & { since: string },
): Promise<{ replayed: number }> {
  const em = forkFor(orm, workspaceId)
  await demandEnabled(em, { workspaceId, endpointId })
  const [row] = await em.execute<{ count: number }[]>(
    `with again as (
       update webhook_deliveries set state = 'pending', attempts = 0, next_at = now()
       where endpoint_id = ? and workspace_id = ? and state = 'failed' and created_at >= ?::timestamptz returning id)
     select count(*)::int as count from again`,
    [endpointId, workspaceId, since],
  )
  await tell(em)
  return { replayed: row?.count ?? 0 }
}

/** An event that says nothing but that it arrived. */
export async function pingEndpoint(deps: OrmDeps, place: Place): Promise<Delivery & { log: Attempt[] }> {
  const { workspaceId, endpointId } = place
  const em = forkFor(deps.orm, workspaceId)
  await demandEnabled(em, place)
  const [row] = await em.execute<{ id: string }[]>(
    `insert into webhook_deliveries (workspace_id, endpoint_id, event_seq, kind, data)
     values (?, ?, nextval(pg_get_serial_sequence('live_events', 'seq')), ?, '{}') returning id`,
    [workspaceId, endpointId, pingKind],
  )
  await tell(em)
  return getDelivery(deps, { ...place, deliveryId: row?.id ?? '' })
}

async function demandEndpoint(em: Em, { workspaceId, endpointId }: Place): Promise<{ disabled: boolean }> {
  const [row] = await em.execute<{ disabled: boolean }[]>(
    'select disabled_at is not null as disabled from webhook_endpoints where id = ? and workspace_id = ?',
    [endpointId, workspaceId],
  )
  if (!row) throw noEndpoint(endpointId)
  return row
}

async function demandEnabled(em: Em, place: Place): Promise<void> {
  const { disabled } = await demandEndpoint(em, place)
  if (disabled) throw new AppError('conflict', 'the endpoint is disabled: enable it first')
}

/** What is due is looked at now. */
async function tell(em: Em): Promise<void> {
  await em.execute('select pg_notify(?, ?)', [liveChannel, ''])
}

const keptForDays = 30

/** Forgets what is over, some thousands at a time. Returns how many. */
export async function forgetDeliveries({ orm }: OrmDeps): Promise<number> {
  const rows = await orm.em.fork().execute<object[]>(
    `delete from webhook_deliveries where id in (
       select o.id from (select id, state, created_at from webhook_deliveries order by id limit 5000) as o
       where o.state <> 'pending' and o.created_at < now() - interval '${keptForDays} days')
     returning id`,
  )
  return rows.length
}
