import { workerData } from 'node:worker_threads'
import { openOrm } from '../db/orm.ts'
import { createScriptPool } from '../scripts/script-pool.ts'
import { playSimulations } from './play-simulations.ts'

/** A thread of its own, so that requests and tasks never wait for a simulation. It ends when nothing is left to play. */
async function main({ databaseUrl }: { databaseUrl: string }): Promise<void> {
  // A card's failure is an everyday thing here, and nobody reads where in the code it was.
  Error.stackTraceLimit = 0
  const orm = await openOrm(databaseUrl, 1)
  const scripts = createScriptPool(1)
  try {
    await playSimulations(orm, scripts)
  } finally {
    await scripts.close()
    await orm.close(true)
  }
}

await main(workerData as { databaseUrl: string })
