import type pg from 'pg'
import { compose, dispose } from '../src/compose.ts'
import { configSchema } from '../src/config.ts'
import { createApiKey } from '../src/settings/api-keys.ts'
import { audienceSize, startWithAudience } from './support/audience.ts'
import { percentile, printComparisons, printHistogram } from './support/figures.ts'
import { call } from './support/http.ts'
import type { Product } from './support/product.ts'

const rounds = 12

/** What a round asks for: each is asked once, so that no plan and no answer of an earlier round serves it. */
interface Question {
  plan: string
  countries: string[]
  age: number
  tag: string
  amount: number
  /** A fixed instant: between two questions the clock goes on. */
  since: string
}

/**
 * A preview of five conditions over everybody, asked of the API: count and ten contacts. Bare: the quicker of two hand-written
 * statements for the same question (events grouped and joined, or counted contact by contact), with the same memory, sent to
 * PostgreSQL directly. `broad` leaves a third of the contacts over before events are looked at, `narrow` one in a hundred.
 */
async function main(): Promise<void> {
  const size = audienceSize()
  const product = await startWithAudience(size, ['api'])
  const key = await makeKey(product)
  const client = await product.pool.connect()
  await client.query(`set work_mem = '128MB'; set jit = off; set statement_timeout = 0`)
  const comparisons = []
  for (const kind of ['narrow', 'broad'] as const) {
    const measured = { ours: [] as number[], bare: [] as number[] }
    for (let round = -1; round < rounds; round++) {
      const question = questionOf(kind, round)
      const ours = await askPreview(product, key, question)
      const bare = await askBare(client, product.workspaceId, question)
      if (ours.estimated) console.log(`${kind}, round ${round}: it took too long and was estimated`)
      else if (ours.count !== bare.count)
        throw new Error(
          `the preview counts ${ours.count}, hand-written SQL ${bare.count}: ${JSON.stringify(question)}`,
        )
      if (round < 0) continue
      measured.ours.push(ours.ms)
      measured.bare.push(bare.ms)
    }
    printHistogram(`Preview of five conditions, ${kind}`, measured.ours)
    const [ours, bare] = [percentile(measured.ours, 0.5), percentile(measured.bare, 0.5)]
    const aim = kind === 'narrow' ? '<= 1.5x, < 1 s' : '<= 1.5x'
    comparisons.push({ what: `${kind}, p50`, ours, bare, unit: 'ms' as const, aim })
  }
  printComparisons(`Cold previews, ${size.contacts} contacts, ${size.events} events`, comparisons)
  client.release()
  await product.stop()
}

function questionOf(kind: 'narrow' | 'broad', round: number): Question {
  const since = new Date(Date.now() - (20 + round) * 86_400_000).toISOString()
  const varied = { age: 20 + round, amount: 100 + round, since }
  return kind === 'narrow'
    ? { ...varied, plan: 'gold', countries: ['IN'], tag: 'newsletter' }
    : { ...varied, plan: 'free', countries: ['IN', 'DE', 'BR', 'ES', 'GB'], tag: 'nobody' }
}

async function makeKey(product: Product): Promise<string> {
  const config = configSchema.parse({
    DATABASE_URL: product.databaseUrl,
    MASTER_KEY: '0'.repeat(64),
    LOG_LEVEL: 'silent',
  })
  const deps = await compose(config, 'bench')
  const { key } = await createApiKey(deps, {
    workspaceId: product.workspaceId,
    name: 'bench',
    kind: 'platform',
  })
  await dispose(deps)
  return key
}

async function askPreview(
  product: Product,
  key: string,
  question: Question,
): Promise<{ count: number; estimated: boolean; ms: number }> {
  const url = product.webhookUrl.replace('/webhooks/whatsapp', '/platform/v1/segments/preview')
  const body = JSON.stringify({ condition: conditionOf(question) })
  const startedAtMs = performance.now()
  const answer = await call('POST', url, body, { authorization: `Bearer ${key}` })
  const ms = performance.now() - startedAtMs
  const { count, estimated } = JSON.parse(answer) as { count: number; estimated: boolean }
  return { count, estimated, ms }
}

function conditionOf({ plan, countries, age, tag, amount, since }: Question): object {
  const compare = (path: string, operator: string, value: unknown) => ({
    kind: 'compare',
    path,
    operator,
    value,
  })
  const conditions = [
    compare('contact.plan', 'equals', plan),
    compare('contact.country', 'in', countries),
    compare('contact.age', 'greater-or-equal', age),
    { kind: 'tag', tag, has: tag !== 'nobody' },
    {
      ...{ kind: 'event', event: 'order_paid', count: { operator: 'at-least', times: 2 } },
      window: { from: since },
      where: compare('event.amount', 'greater', amount),
    },
  ]
  return { kind: 'and', conditions }
}

async function askBare(
  client: pg.PoolClient,
  workspaceId: string,
  { plan, countries, age, tag, amount, since }: Question,
): Promise<{ count: number; ms: number }> {
  const values = [workspaceId, plan, countries, age, [tag], tag !== 'nobody', since, amount]
  const contacts = `select count(*)::int as count, (array_agg(c.id))[1:10] as sample from contacts c
    where c.workspace_id = $1 and c.merged_into is null and lower(c.attributes ->> 'plan') = $2 and c.country = any($3)
      and (c.attributes ->> 'age')::float8 >= $4 and (c.tags @> $5::text[]) = $6`
  const events = `from events e where e.workspace_id = $1 and e.type = 'order_paid'
    and e.at >= $7::timestamptz and (e.attributes ->> 'amount')::float8 > $8`
  const ways = [
    `${contacts} and c.id in (select e.contact_id ${events} group by e.contact_id having count(*) >= 2)`,
    `${contacts} and (select count(*) ${events} and e.contact_id = c.id) >= 2`,
  ]
  const answers: { count: number; ms: number }[] = []
  for (const way of ways) {
    const startedAtMs = performance.now()
    const { rows } = await client.query<{ count: number }>(way, values)
    answers.push({ count: rows[0]?.count ?? -1, ms: performance.now() - startedAtMs })
  }
  return answers.toSorted((a, b) => a.ms - b.ms)[0] ?? { count: -1, ms: 0 }
}

await main()
