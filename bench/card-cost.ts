import { DefaultLogger, Runtime } from '@temporalio/worker'
import { migrate } from '../src/db/orm.ts'
import { registerSearchAttributes } from '../src/temporal/search-attributes.ts'
import { cardSamples, surroundingsOf } from '../test/support/card-samples.ts'
import { openFakeApi } from '../test/support/fake-api.ts'
import { buildHouse, type House } from '../test/support/house.ts'
import { longJourney } from '../test/support/long-journey.ts'
import { createPostgresInstance } from '../test/support/postgres-instance.ts'
import { runAlone, type RunCost } from '../test/support/run-alone.ts'
import { createTemporalInstance } from '../test/support/temporal-instance.ts'
import { cards } from '../workflows/cards/index.ts'

const triggers = [{ type: 'api' }]

/**
 * What a card costs in Temporal's history, by kind: a journey of this card alone, minus a journey that does nothing. Nobody
 * answers: what waits does so for a second. Bytes are those of the events, payloads encrypted as they are stored.
 */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') })
  const [postgres, temporal] = await Promise.all([createPostgresInstance(), createTemporalInstance()])
  const outside = await openFakeApi(() => ({ json: { total: 7 } }))
  const places = {
    databaseUrl: postgres.url(),
    temporal: { address: temporal.address, namespace: 'default' },
  }
  await migrate(places.databaseUrl)
  const house = await buildHouse(places, { OUTBOUND_ALLOW: [`127.0.0.1:${outside.port}`] })
  await registerSearchAttributes(house.deps.config)
  await house.settings({ windowErrors: 'off' })
  const worker = await house.worker()
  try {
    await measureCards(house, outside.url)
  } finally {
    await worker.stop()
    await house.close()
    await outside.close()
    await temporal.remove()
    await postgres.remove()
  }
}

async function measureCards(house: House, url: string): Promise<void> {
  const samples = cardSamples(await surroundingsOf(house, url))
  const missing = Object.keys(cards).filter((type) => !samples[type])
  if (missing.length > 0) throw new Error(`there is no sample of ${missing.join(', ')}`)
  const end = { type: 'comment', settings: {} }
  const nothing = await runAlone(house, { start: 'end', triggers, cards: { end } })
  const table: Record<string, object> = { '(a journey that does nothing)': show(nothing) }
  for (const [type, settings] of Object.entries(samples)) {
    const next = Object.fromEntries(
      (cards[type]?.outlets(settings as never) ?? []).map(({ id }) => [id, 'end']),
    )
    const cost = await runAlone(house, {
      ...{ start: 'it', triggers, messageClass: 'utility' },
      cards: { it: { type, settings, next }, end },
    })
    table[type] = show({
      state: cost.state,
      longest: cost.longest,
      events: cost.events - nothing.events,
      workflowTasks: cost.workflowTasks - nothing.workflowTasks,
      bytes: cost.bytes - nothing.bytes,
    })
  }
  console.log('\nA card in the history of its run, on top of a journey that does nothing')
  console.table(table)
  const { journey, cards: many, waits } = longJourney()
  const long = await runAlone(house, journey)
  console.log(
    `\n${many} cards with ${waits} waits: ${long.events} events (aim: under 400), ${long.workflowTasks} workflow tasks, ${long.bytes} bytes; it ended as ${long.state}`,
  )
}

function show({ events, workflowTasks, bytes, state }: RunCost): object {
  return { events, 'workflow tasks': workflowTasks, bytes, ended: state }
}

await main()
