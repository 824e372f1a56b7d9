import { requestRun } from '../../src/journeys/request-run.ts'
import { cancelRun } from '../../src/journeys/steer-run.ts'
import { eventually } from '../support/eventually.ts'
import { asker, openTakeoverHouse } from './takeover-house.ts'

let it: Awaited<ReturnType<typeof openTakeoverHouse>>

beforeAll(async () => {
  it = await openTakeoverHouse()
  await it.house.publish(asker('first'), 'First')
  await it.house.publish(asker('second', byApi), 'Second')
  await it.house.publish(asker('leaver', { ...byApi, whenInterrupted: 'leave' }), 'Leaver')
})
afterAll(() => it.close())

const byApi = { triggers: [{ type: 'api' }] }

/** Starts a journey beside the one that asks: a word would be taken for an answer. */
async function start(waId: string, name: string): Promise<void> {
  const { workspaceId, deps } = it.house
  const { contactId } = await it.chatOf(waId)
  const [journey] = await it.rows<{ id: string }>('select id from journeys where name = $1', [name])
  const journeyId = journey?.id ?? ''
  await requestRun(deps, { workspaceId, journeyId, contactId, by: 'test', vars: {}, trigger: 'api' })
}

const waits = async (waId: string) => {
  const { conversationId } = await it.chatOf(waId)
  return it.rows('select 1 from floor_waits where conversation_id = $1', [conversationId])
}

test('the last asker has the floor; when it has its answer, the floor goes back to whoever waits', async () => {
  const waId = '491730000001'
  await it.house.text(waId, 'first')
  await it.said(waId, ['first: your name?'])
  await start(waId, 'Second')
  await it.said(waId, ['first: your name?', 'second: your name?'])
  expect(await waits(waId)).toHaveLength(1)
  await it.house.text(waId, 'Ann')
  await it.said(waId, ['first: your name?', 'second: your name?', 'second: hello Ann'])
  expect(await waits(waId)).toEqual([])
  await it.house.text(waId, 'Bea')
  await eventually(async () => expect((await it.texts(waId)).at(-1)).toBe('first: hello Bea'))
  await it.runs(waId, [{ state: 'completed' }, { state: 'completed' }])
  expect(await it.factsOf(waId, 'floor.lost')).toMatchObject([{ data: { leaves: false } }])
})

test('a journey that is set to leave takes its outlet when another one asks', async () => {
  const waId = '491730000002'
  await it.house.text(waId, 'hello nobody')
  await eventually(async () => expect((await it.chatOf(waId)).conversationId).not.toBe(''))
  await start(waId, 'Leaver')
  await it.said(waId, ['leaver: your name?'])
  await start(waId, 'Second')
  await eventually(async () =>
    expect((await it.texts(waId)).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      ...['leaver: later then', 'leaver: your name?', 'second: your name?'],
    ]),
  )
  await eventually(async () => expect(await waits(waId)).toEqual([]))
  await it.house.text(waId, 'Cleo')
  await eventually(async () => expect((await it.texts(waId)).at(-1)).toBe('second: hello Cleo'))
  expect(await it.factsOf(waId, 'floor.lost')).toMatchObject([{ data: { leaves: true } }])
})

test('a run that ends gives the floor back; one that waits may end before its turn; STOP ends all', async () => {
  const { workspaceId, deps } = it.house
  const waId = '491730000003'
  await it.house.text(waId, 'first')
  await it.said(waId, ['first: your name?'])
  await start(waId, 'Second')
  await eventually(async () => expect(await it.texts(waId)).toHaveLength(2))
  await start(waId, 'Leaver')
  await eventually(async () => expect(await it.texts(waId)).toHaveLength(3))
  expect(await waits(waId)).toHaveLength(2)
  const runs = await it.runsOf(waId)
  const cancel = async (name: string) => {
    const runId = runs.find((run) => run.name === name)?.id ?? ''
    await cancelRun(deps, { workspaceId, runId, by: 'test' })
    await eventually(async () =>
      expect((await it.runsOf(waId)).find(({ id }) => id === runId)).toMatchObject({ state: 'cancelled' }),
    )
  }
  await cancel('Second')
  expect(await waits(waId)).toHaveLength(1)
  await cancel('Leaver')
  expect(await waits(waId)).toEqual([])
  await start(waId, 'Second')
  await eventually(async () => expect(await it.texts(waId)).toHaveLength(4))
  await it.house.text(waId, 'STOP')
  await eventually(async () =>
    expect((await it.runsOf(waId)).filter(({ outcome }) => outcome === 'opted out')).toHaveLength(2),
  )
  const { conversationId } = await it.chatOf(waId)
  expect(
    await it.rows('select floor_workflow_id from conversations where id = $1', [conversationId]),
  ).toEqual([{ floor_workflow_id: null }])
})
