import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compose, dispose } from '../../src/compose.ts'
import { configSchema } from '../../src/config.ts'
import { serveLive } from '../../src/live/serve-live.ts'
import { createAuthenticate } from '../../src/people/authenticate.ts'
import { createApi } from '../../src/server.ts'
import { bringWebApp } from '../../src/start/web-app.ts'
import { startWorkers } from '../support/start-workers.ts'
import { openWorkspace } from '../support/api-rig.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { freshDatabase } from '../support/postgres.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'
import { testNamespace, workflowBundle } from '../support/temporal.ts'

/** The web app as it is built, on the whole API with a worker; one workspace. */
export async function openWebRig() {
  quietTemporal()
  const [database, temporal, bundle] = await Promise.all([
    freshDatabase(),
    testNamespace(),
    workflowBundle(),
    bringWebApp(),
  ])
  const config = configSchema.parse({
    MASTER_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    WORKFLOW_BUNDLE_PATH: bundle.codePath,
  })
  const deps = await compose(config, 'test')
  const server = createServer(createApi(deps))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const live = serveLive(deps, server, createAuthenticate(deps))
  atFileEnd(async () => {
    await live.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await dispose(deps)
  })
  const workers = await startWorkers(deps)
  atFileEnd(workers.stop)
  const workspace = await openWorkspace({ deps }, 'web')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, ...workspace, call: caller(url, workspace.key) }
}

export function caller(url: string, key: string) {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/platform/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return (await response.json()) as T
  }
}
