import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import type { RequestHandler } from 'express'
import type { Orm } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { shareFor, within } from './patience.ts'

/** What this process tells Prometheus; features count on the metrics exported here. */
const registry = new Registry()

export const webhookItems = new Counter({
  name: 'dripline_webhook_items_total',
  help: 'Webhook items stored for good, repeated ones too, by kind: message, status, other or parked',
  labelNames: ['kind'] as const,
  registers: [registry],
})

export const liveSockets = new Gauge({
  name: 'dripline_live_sockets',
  help: 'Open web sockets of this process',
  registers: [registry],
})

const httpSeconds = new Histogram({
  name: 'dripline_http_request_duration_seconds',
  help: 'Answers by method, route pattern and status',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
})

/** Times every request by its route's pattern, never by its path: paths hold ids without end. */
export const timeRequests: RequestHandler = (request, response, next) => {
  const startedAtMs = performance.now()
  response.on('finish', () => {
    const pattern: unknown = request.route?.path
    const route = typeof pattern === 'string' ? request.baseUrl + pattern : request.baseUrl || 'none'
    const labels = { method: request.method, route, status: String(response.statusCode) }
    httpSeconds.observe(labels, (performance.now() - startedAtMs) / 1_000)
  })
  next()
}

const outboxRows = new Gauge({
  name: 'dripline_outbox_rows',
  help: 'Starts and signals that Temporal has not been told yet',
  registers: [registry],
})
const outboxOldest = new Gauge({
  name: 'dripline_outbox_oldest_age_seconds',
  help: 'Age of the oldest of them; 0 when there are none',
  registers: [registry],
})
const messages = new Gauge({
  name: 'dripline_outbound_messages',
  help: 'Outbound messages planned in the last 5 minutes, by state; `inflight` counts all there are',
  labelNames: ['state'] as const,
  registers: [registry],
})
const databaseUp = new Gauge({
  name: 'dripline_database_up',
  help: 'Whether the figures from the database are of this scrape: 1 or 0',
  registers: [registry],
})
collectDefaultMetrics({ register: registry })

/** Serves `GET /metrics`; with PostgreSQL away the process' own figures are still told. */
export function serveMetrics({ orm }: Pick<Deps, 'orm'>): RequestHandler {
  const readSoon = shareFor(freshMs, () => within(timeoutMs, readDatabase(orm)))
  return async (_request, response) => {
    const figures = await readSoon().catch(() => undefined)
    databaseUp.set(figures ? 1 : 0)
    for (const gauge of [outboxRows, outboxOldest, messages]) gauge.reset()
    if (figures) {
      outboxRows.set(figures.depth)
      outboxOldest.set(figures.oldest)
      for (const { state, count } of figures.messages) messages.set({ state }, count)
    }
    response.type(registry.contentType).send(await registry.metrics())
  }
}

/** Scrapes may come from several sides; the database is asked at most this often. */
const freshMs = 5_000
const timeoutMs = 2_000
const recentMs = 5 * 60_000

async function readDatabase(orm: Orm) {
  const em = orm.em.fork()
  const [outbox] = await em.execute<{ depth: number; oldest: number }[]>(
    `select count(*)::int as depth, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as oldest
     from outbox`,
  )
  // Both halves walk an index: ids are ordered by time, and rows in flight have an index of their own.
  const messages = await em.execute<{ state: string; count: number }[]>(
    `select state, count(*)::int as count from messages
     where id >= ? and direction = 'out' and state <> 'inflight' group by state
     union all select 'inflight', count(*)::int from messages where state = 'inflight'`,
    [firstIdAt(Date.now() - recentMs)],
  )
  return { depth: outbox?.depth ?? 0, oldest: outbox?.oldest ?? 0, messages }
}

/** The lowest UUIDv7 of a millisecond. */
function firstIdAt(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
