import { compose, dispose, type Composed } from '../src/compose.ts'
import { configSchema } from '../src/config.ts'
import { addPeople, addTemplate, finishBlast, startBlast } from './support/blast.ts'
import { measureBarePosts } from './support/bare-posts.ts'
import { printComparisons } from './support/figures.ts'
import { call } from './support/http.ts'
import { readProcessorTime, subtract } from './support/processor-time.ts'
import { startProduct, type Product } from './support/product.ts'

const [people = 100_000] = process.argv.slice(2).map(Number)
const barePosts = 20_000
const processes = {
  Temporal: /temporal.* server/,
  worker: /src.worker\.ts/,
  API: /src.server\.ts/,
  PostgreSQL: /postgres/,
  sandbox: /sandbox/,
}

async function main(): Promise<void> {
  const product = await startProduct()
  const deps = await open(product)
  await settings(product, { statusDelaysMs: { sent: null, delivered: null, read: null } })
  await addTemplate(product)
  await addPeople(product, people, 4_910_000_000_000)
  await product.pool.query('update phone_numbers set messages_per_second = 100000')
  const posts = await measureBarePosts(product, barePosts, false)
  const ledgered = await measureBarePosts(product, barePosts, true)
  const before = readProcessorTime(processes)
  const sent = await finishBlast(product, await startBlast(deps, product))
  console.log(sent, subtract(readProcessorTime(processes), before))
  printComparisons(`A campaign to ${people}`, [
    { what: 'against bare posts', ours: sent.perSecond, bare: posts, unit: '/s' },
    { what: 'against posts with a row each', ours: sent.perSecond, bare: ledgered, unit: '/s', aim: '>= 0.7x, >= 4000/s' },
  ])
  await dispose(deps)
  await product.stop()
}

async function settings({ sandboxUrl }: Product, changes: object): Promise<void> {
  await call('PUT', `${sandboxUrl}/sandbox/settings`, JSON.stringify(changes))
}

async function open({ databaseUrl, temporalAddress, masterKey }: Product): Promise<Composed> {
  return compose(
    configSchema.parse({
      ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress, MASTER_KEY: masterKey },
      LOG_LEVEL: 'warn',
    }),
    'bench',
  )
}

await main()
