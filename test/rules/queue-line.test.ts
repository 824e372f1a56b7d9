import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { playQueue } from '../support/play-queue.ts'

let house: OpenHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

test('a chat that nobody can take waits in Temporal, and is given away when somebody is there', async () => {
  const workflowId = await playQueue(house)
  expect(await house.deps.temporal.workflow.getHandle(workflowId).result()).toEqual({
    outcome: 'nobody waits',
  })
  const facts = await house.rows<{ kind: string }>(
    `select kind from facts where kind in ('assignment.judged', 'chat.queued', 'chat.assigned') order by at, kind`,
  )
  expect(facts.map(({ kind }) => kind).sort()).toEqual(['assignment.judged', 'chat.assigned', 'chat.queued'])
})
