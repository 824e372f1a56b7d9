import { Worker } from '@temporalio/worker'
import { quietTemporal } from './support/quiet-temporal.ts'
import { savedHistories } from './support/histories.ts'
import { workflowBundle } from './support/temporal.ts'

quietTemporal()

const replay = async (history: unknown) =>
  Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history, 'saved')

describe("today's workflow code continues what yesterday's began:", () => {
  test.each(savedHistories().map((saved) => ({ name: `${saved.workflowType}/${saved.title}`, saved })))(
    '$name',
    async ({ saved }) => {
      await expect(replay(saved.read())).resolves.toBeUndefined()
    },
  )
})

test('a history that the code would not have made is noticed', async () => {
  const [saved] = savedHistories().filter(({ title }) => title === 'answered-by-button')
  const text = JSON.stringify(saved?.read())
  const withoutTimer = JSON.parse(text) as { events: { eventType: string; eventId: string }[] }
  const timer = withoutTimer.events.find(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED')
  expect(timer).toBeDefined()
  if (timer) timer.eventType = 'EVENT_TYPE_MARKER_RECORDED'
  await expect(replay(withoutTimer)).rejects.toThrow()
})
