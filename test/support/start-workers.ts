import { NativeConnection } from '@temporalio/worker'
import type { Composed } from '../../src/compose.ts'
import { createMaintenance } from '../../src/outbox/maintenance.ts'
import { createWorkers } from '../../src/worker.ts'

/** What src/worker.ts runs, in this process: its queues, and the sweeper. */
export async function startWorkers(deps: Composed): Promise<{ stop(): Promise<void> }> {
  const connection = await NativeConnection.connect({ address: deps.config.TEMPORAL_ADDRESS ?? '' })
  const workers = await createWorkers(deps, connection, { shutdownGraceTime: '2s' })
  const maintenance = createMaintenance(deps)
  const running = Promise.all(workers.map((worker) => worker.run()))
  return {
    async stop() {
      for (const worker of workers) worker.shutdown()
      await running
      await maintenance.stop()
      await connection.close()
    },
  }
}
