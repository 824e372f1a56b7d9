import { mkdir, writeFile } from 'node:fs/promises'
import { decodeHistory } from './decode-history.ts'
import type { House } from './house.ts'

/** Writes a workflow's history down as it is, decoded, for test/replay.test.ts. */
export async function saveHistory(house: House, workflowId: string, file: URL): Promise<void> {
  const history = await house.deps.temporal.workflow.getHandle(workflowId).fetchHistory()
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, `${JSON.stringify(await decodeHistory(history, house.deps.codec), null, 1)}\n`)
  console.log(`saved ${file.pathname.split('/').slice(-2).join('/')}: ${history.events?.length} events`)
}
