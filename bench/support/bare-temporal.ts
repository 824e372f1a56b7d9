import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import type { BareReport } from './bare-worker.ts'

export const bareTaskQueue = 'bare'

/** A client without codec and a worker in a process of its own, on the product's Temporal server. */
export async function startBareTemporal(address: string) {
  const file = fileURLToPath(new URL('./bare-worker.ts', import.meta.url))
  const worker = fork(file, [address, bareTaskQueue], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await once(worker, 'message')
  const connection = await Connection.connect({ address })
  const listeners = new Map<string, () => void>()
  worker.on('message', (report: BareReport) => {
    if (report !== 'polling') listeners.get(`${report.contact} ${report.at}`)?.()
  })
  return {
    client: new Client({ connection }),
    /** Resolves when a bare journey says that it is there. */
    reached: (contact: string, at: 'asked' | 'ended' | 'asleep') =>
      new Promise<void>((resolve) => {
        const key = `${contact} ${at}`
        listeners.set(key, () => (listeners.delete(key), resolve()))
      }),
    async stop() {
      worker.disconnect()
      await once(worker, 'exit')
      await connection.close()
    },
  }
}
