import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { compose, dispose } from '../src/compose.ts'
import { configSchema } from '../src/config.ts'
import { newId } from '../src/db/columns.ts'
import { conditionDependencies } from '../src/model/condition-dependencies.ts'
import { conditionSchema } from '../src/model/conditions.ts'
import { journeyDefinitionSchema } from '../src/model/journey-definition.ts'
import { createApiKey } from '../src/settings/api-keys.ts'
import { audienceSize, startWithAudience } from './support/audience.ts'
import { percentile, printComparisons, printHistogram } from './support/figures.ts'
import { call } from './support/http.ts'
import { watchLedger } from './support/ledger-watch.ts'
import { signedBody, textMessage } from './support/meta-webhooks.ts'
import type { Product } from './support/product.ts'

const segments = 200
const samples = 100
const warmUps = 20
const event = 'invoice_paid'
/** Temporal's afterwork is not part of the next sample. */
const restMs = 60

/**
 * One custom event over HTTP, until the memberships of 200 live segments that look at it are right, and until WhatsApp has
 * the message of the journey that waited for it. Half of the segments change with each event. Bare: hand-written SQL that
 * stores the event and writes the same memberships, in one transaction.
 */
async function main(): Promise<void> {
  const size = audienceSize()
  const product = await startWithAudience(size, ['temporal', 'api', 'worker', 'sandbox'])
  const key = await prepare(product)
  const ledger = watchLedger(product.sandboxUrl, 4)
  const measured = { members: [] as number[], journey: [] as number[], bare: [] as number[] }
  for (let at = -warmUps; at < samples; at++) {
    const { contactId, waId } = await waitingContact(product)
    const startedAtMs = performance.timeOrigin + performance.now()
    const body = { type: event, contactId, attributes: { amount: segments / 2 } }
    const answered = call(
      'POST',
      `${product.webhookUrl.replace('/webhooks/whatsapp', '')}/platform/v1/events`,
      JSON.stringify(body),
      {
        authorization: `Bearer ${key}`,
      },
    )
    const [members, receivedAtMs] = await Promise.all([
      membershipsAt(product.pool, contactId),
      ledger.receipt(waId, 1),
      answered,
    ])
    await sleep(restMs)
    const bare = await runBare(product.pool, contactId)
    if (at < 0) continue
    measured.members.push(members - startedAtMs)
    measured.journey.push(receivedAtMs + 0.5 - startedAtMs)
    measured.bare.push(bare)
  }
  await ledger.stop()
  await product.stop()
  printHistogram(
    `An event to the memberships of ${segments} live segments (aim: p50 < 50 ms)`,
    measured.members,
  )
  printHistogram('An event to the message of the journey that waited for it', measured.journey)
  const compare = (what: string, of: number[], aim?: string) => ({
    what,
    ours: percentile(of, 0.5),
    bare: percentile(measured.bare, 0.5),
    unit: 'ms' as const,
    ...(aim && { aim }),
  })
  printComparisons(`One event, ${size.contacts} contacts, ${size.events} events before`, [
    compare('memberships, p50', measured.members, '< 50 ms'),
    compare('message of the waiting journey, p50', measured.journey),
  ])
}

/** An API key, the event type, a journey that waits for the event, 200 segments that look at it, as many that do not. */
async function prepare({ databaseUrl, pool, workspaceId, numberId }: Product): Promise<string> {
  const config = configSchema.parse({
    DATABASE_URL: databaseUrl,
    MASTER_KEY: randomBytes(32).toString('hex'),
  })
  const deps = await compose(config, 'bench')
  const { key } = await createApiKey(deps, { workspaceId, name: 'bench', kind: 'platform' })
  await dispose(deps)
  await pool.query('insert into event_types (id, workspace_id, name, attributes) values ($1, $2, $3, $4)', [
    newId(),
    workspaceId,
    event,
    { amount: 'float' },
  ])
  for (let at = 0; at < segments; at++) {
    await addSegment(pool, workspaceId, `Paid more than ${at}`, {
      kind: 'and',
      conditions: [
        {
          kind: 'event',
          event,
          where: { kind: 'compare', path: 'event.amount', operator: 'greater', value: at },
        },
        { kind: 'spam', is: false },
      ],
    })
    await addSegment(pool, workspaceId, `Group ${at}`, { kind: 'tag', tag: `group-${at}` })
  }
  await publishWaiting(pool, workspaceId, numberId)
  await pool.query(
    'create table bare_events (id uuid primary key, contact_id uuid, amount int); create table bare_members (segment int, contact_id uuid, primary key (segment, contact_id))',
  )
  return key
}

async function addSegment(pool: pg.Pool, workspaceId: string, name: string, given: unknown): Promise<void> {
  const condition = conditionSchema.parse(given)
  const { keys, timeDependent } = conditionDependencies(condition)
  await pool.query(
    `insert into segments (id, workspace_id, name, kind, condition, depends_on, time_dependent, evaluated_at, swept_at)
     values ($1, $2, $3, 'live', $4, $5, $6, now(), now())`,
    [newId(), workspaceId, name, condition, keys, timeDependent],
  )
}

async function publishWaiting(pool: pg.Pool, workspaceId: string, numberId: string): Promise<void> {
  const definition = journeyDefinitionSchema.parse({
    start: 'wait',
    triggers: [{ type: 'user-utterance', keywords: ['watch'] }],
    cards: {
      wait: {
        type: 'time-delay',
        settings: {
          delay: { mode: 'duration', duration: { amount: 1, unit: 'days' } },
          event: { name: event },
        },
        next: { event: 'thanks' },
      },
      thanks: { type: 'message', settings: { text: 'Thank you' } },
    },
  })
  const [journeyId, versionId] = [newId(), newId()]
  await pool.query(
    'insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, $4, $5)',
    [journeyId, workspaceId, numberId, 'Waits', definition],
  )
  await pool.query(
    'insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 1, $4)',
    [versionId, workspaceId, journeyId, definition],
  )
  await pool.query('update journeys set published_version_id = $1 where id = $2', [versionId, journeyId])
}

let contacts = 0

/** A customer of the audience whose journey has come to the card that waits. */
async function waitingContact(product: Product): Promise<{ contactId: string; waId: string }> {
  const found = await product.pool.query<{ contact_id: string; value: string }>(
    `select contact_id, value from identities i join contacts c on c.id = i.contact_id
     where i.workspace_id = $1 and i.kind = 'wa_id' and c.opted_out_at is null order by i.id offset $2 limit 1`,
    [product.workspaceId, contacts++],
  )
  const [row] = found.rows
  if (!row) throw new Error('the audience is too small')
  const { contact_id: contactId, value: waId } = row
  const message = textMessage(waId, 'watch')
  const { body, headers } = signedBody(product.whatsapp, { messages: [message], statuses: [] })
  await call('POST', product.webhookUrl, body, headers)
  for (;;) {
    const waits = await product.pool.query('select 1 from event_waits where contact_id = $1', [contactId])
    if (waits.rowCount === 1) break
    await sleep(10)
  }
  await sleep(restMs)
  return { contactId, waId }
}

/** When the contact is a member of each segment whose condition holds now. */
async function membershipsAt(pool: pg.Pool, contactId: string): Promise<number> {
  for (;;) {
    const { rows } = await pool.query<{ n: number }>(
      'select count(*)::int as n from segment_members where contact_id = $1',
      [contactId],
    )
    if ((rows[0]?.n ?? 0) >= segments / 2) return performance.timeOrigin + performance.now()
    await sleep(1)
  }
}

async function runBare(pool: pg.Pool, contactId: string): Promise<number> {
  const startedAtMs = performance.now()
  const client = await pool.connect()
  await client.query('begin')
  await client.query('insert into bare_events values ($1, $2, $3)', [randomUUID(), contactId, segments / 2])
  await client.query(
    `insert into bare_members select s, $1 from generate_series(0, ${segments - 1}) s
     where exists (select 1 from bare_events e where e.contact_id = $1 and e.amount > s) on conflict do nothing`,
    [contactId],
  )
  await client.query('commit')
  client.release()
  return performance.now() - startedAtMs
}

await main()
