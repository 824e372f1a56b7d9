import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveLive } from '../../src/live/serve-live.ts'
import { createAuthenticate } from '../../src/people/authenticate.ts'
import { createApi } from '../../src/server.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { createUser } from '../../src/people/users.ts'
import { bringWebApp } from '../../src/start/web-app.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { buildHouse } from '../support/house.ts'
import { freshDatabase } from '../support/postgres.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'
import { testNamespace, workflowBundle } from '../support/temporal.ts'
import { caller } from './web-rig.ts'

/** The web app on the whole product, with a sandbox whose customers answer. */
export async function openHouseRig() {
  quietTemporal()
  const [database, temporal, bundle] = await Promise.all([
    freshDatabase(),
    testNamespace(),
    workflowBundle(),
    bringWebApp(),
  ])
  const house = await buildHouse({ databaseUrl: database.url, temporal, bundlePath: bundle.codePath })
  const worker = await house.worker()
  const { deps, workspaceId } = house
  const server = createServer(createApi(deps))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const live = serveLive(deps, server, createAuthenticate(deps))
  atFileEnd(async () => {
    await live.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await worker.stop()
    await house.close()
  })
  const { key } = await createApiKey(deps, { workspaceId, name: 'test', kind: 'platform' })
  const admin = { username: 'journeys-admin', password: 'a long enough password' }
  await createUser(deps, { workspaceId, ...admin, role: 'admin' })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { house, url, admin, call: caller(url, key) }
}
