import { findImport } from '../../src/transfers/imports.ts'
import { mappingSchema } from '../../src/transfers/import-mapping.ts'
import { holdImport, cancelImport, mapImport, startImport } from '../../src/transfers/steer-import.ts'
import { storeUpload } from '../../src/transfers/store-upload.ts'
import { forkFor } from '../../src/db/orm.ts'
import { importWorkflowId } from '../../workflows/contract.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

const file = 'phone,name\n+4917099000001,Ann\n+4917099000002,Bob\n+4917099000003,Cem\nnone,Dora\n'
const journey = {
  start: 'end',
  triggers: [{ type: 'import-contact' }],
  cards: { end: { type: 'end-conversation', settings: {} } },
}

/**
 * An import whose journeys start one in five seconds; it is held meanwhile, goes on, and comes to its end or is cancelled.
 * Returns its workflow's id.
 */
export async function playImport(house: House, end: 'completed' | 'cancelled'): Promise<string> {
  const { deps, workspaceId } = house
  await house.publish(journey, `Imported, ${end}`)
  const upload = { workspaceId, name: 'people.csv', by: 'test', hasHeader: true }
  const importId = await storeUpload(deps, upload, pieces())
  const order = { workspaceId, importId, by: 'test' }
  const columns = [
    { column: 'phone', to: 'phone_number' },
    { column: 'name', to: 'attribute', name: 'name' },
  ]
  const mapping = mappingSchema.parse({ columns, journeys: { for: 'all', ratePerMinute: 12 } })
  await mapImport(deps, order, mapping)
  await startImport(deps, { ...order, dryRun: false })
  const until = (is: (row: Awaited<ReturnType<typeof findImport>>) => boolean) =>
    eventually(
      async () => {
        const row = await findImport(forkFor(deps.orm, workspaceId), workspaceId, importId)
        if (!is(row)) throw new Error(`the import is ${row.state}, ${row.stage}: ${row.error}`)
      },
      { timeoutMs: 60_000 },
    )
  await until(({ progress }) => progress.journeysAsked > 0)
  await holdImport(deps, order, 'pause')
  await until(({ state }) => state === 'paused')
  await holdImport(deps, order, 'resume')
  await until(({ state }) => state === 'running')
  if (end === 'cancelled') await cancelImport(deps, order)
  await until(({ state }) => state === end)
  return importWorkflowId(workspaceId, importId, 1)
}

async function* pieces(): AsyncGenerator<Buffer, void> {
  yield Buffer.from(file)
}
