import { createTemporalInstance } from './temporal-instance.ts'
import type { Shared } from './server-desk.ts'

/** The run's Temporal server: the one that TEMPORAL_TEST_ADDRESS names, or a dev server of the run's own. */
export async function startSharedTemporal(): Promise<Shared<'temporal'>> {
  const given = process.env.TEMPORAL_TEST_ADDRESS
  if (given) return { told: { address: given }, end: async () => {} }
  const own = await createTemporalInstance()
  return { told: { address: own.address }, end: own.remove }
}
