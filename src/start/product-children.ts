import { fileURLToPath } from 'node:url'
import { askHttp } from './ask-http.ts'
import type { Places } from './places.ts'
import type { ChildSpec } from './supervise.ts'
import { waitUntil } from './wait-until.ts'
import { bringWorkflowBundle } from './workflow-bundle.ts'

const readyTimeoutMs = 60_000

/** Our own processes, under the names that they are stopped and logged by. */
export function describeProductChildren(
  places: Places,
  env: Record<string, string | undefined>,
): Record<'api' | 'worker' | 'sandbox', ChildSpec> {
  const waitFor = (url: string) => (signal: AbortSignal) =>
    waitUntil(() => askHttp(url), { timeoutMs: readyTimeoutMs, signal, what: `${url} was not ready` })
  return {
    api: {
      name: 'api',
      launch: async () => launchEntry('server.ts', env),
      waitReady: waitFor(`${places.baseUrl}/healthz`),
      stopTimeoutMs: 25_000,
    },
    worker: {
      name: 'worker',
      launch: async () => {
        const WORKFLOW_BUNDLE_PATH = await bringWorkflowBundle()
        return launchEntry('worker.ts', { ...env, WORKFLOW_BUNDLE_PATH })
      },
      // The API says whether a worker answers.
      waitReady: waitFor(`${places.baseUrl}/readyz`),
      // Its activities get 20 s to end in good order.
      stopTimeoutMs: 30_000,
    },
    sandbox: {
      name: 'sandbox',
      launch: async () => launchEntry('sandbox.ts', env),
      waitReady: waitFor(`${places.sandboxUrl}/healthz`),
    },
  }
}

function launchEntry(name: string, env: Record<string, string | undefined>) {
  return { command: process.execPath, args: [fileURLToPath(new URL(`../${name}`, import.meta.url))], env }
}
