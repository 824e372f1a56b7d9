import { eventually } from './support/eventually.ts'
import { openHouse, type OpenHouse } from './support/open-house.ts'
import { startProcess } from './support/processes.ts'
import { welcomeDefinition } from './support/welcome.ts'

let house: OpenHouse

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

function replay(...args: string[]) {
  const { DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, MASTER_KEY, WORKFLOW_BUNDLE_PATH } =
    house.deps.config
  const env = { DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, MASTER_KEY, WORKFLOW_BUNDLE_PATH }
  return startProcess('src/replay.ts', env as Record<string, string>, args)
}

test("`npm run replay` decodes a history and runs today's code against it", async () => {
  await house.publish(welcomeDefinition())
  await house.text('491900000001', 'hello')
  const workflowId = await eventually(async () => {
    const rows = await house.rows<{ workflow_id: string }>(
      `select workflow_id from runs where state = 'waiting'`,
    )
    expect(rows).toHaveLength(1)
    return rows[0]?.workflow_id ?? ''
  })
  const done = replay(workflowId)
  expect(await done.exited).toBe(0)
  expect(done.log()).toMatch(/^OK: today's code replays the \d+ events of journey\//)
})

test('it fails for a workflow that is not there, and without one it says how it is used', async () => {
  const unknown = replay('journey/none')
  expect(await unknown.exited).toBe(1)
  expect(unknown.log()).toBe('Temporal knows no workflow journey/none.\n')
  const unnamed = replay()
  expect(await unnamed.exited).toBe(2)
  expect(unnamed.log()).toMatch(/^Usage: npm run replay/)
})
