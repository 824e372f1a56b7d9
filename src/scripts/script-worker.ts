import { parentPort } from 'node:worker_threads'
import { runInQuickjs, type ScriptJob } from './run-in-quickjs.ts'

/** A thread of the pool: one script after the other, each in an engine of its own. */
parentPort?.on('message', (job: ScriptJob) => void answer(job))
parentPort?.postMessage('ready')

async function answer(job: ScriptJob): Promise<void> {
  parentPort?.postMessage(await runInQuickjs(job))
}
