import { forkFor } from '../../src/db/orm.ts'
import { liftHold, placeHold, releaseRuns, type HoldInput } from '../../src/holds/place-hold.ts'
import { startRun } from '../../src/journeys/start-run.ts'
import { newId } from '../../src/db/columns.ts'
import { journeyDefinitionSchema } from '../../src/model/journey-definition.ts'
import { enqueue } from '../../src/outbox/outbox.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import type { Order } from '../../workflows/cards/journey-state.ts'
import { migrate } from '../../workflows/contract.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { welcomeDefinition } from '../support/welcome.ts'

let house: OpenHouse

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const rows = <T extends object>(sql: string, values?: unknown[]) => house.rows<T>(sql, values)
const seconds = (amount: number) => ({ amount, unit: 'seconds' })
const sleeper = (word: string, amount: number, text = 'Awake') => ({
  start: 'wait',
  triggers: [{ type: 'user-utterance', keywords: [word] }],
  cards: {
    wait: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: seconds(amount) } },
      next: { done: 'say' },
    },
    say: { type: 'message', settings: { text } },
  },
})

interface RunLine {
  id: string
  state: string
  held_by: string | null
  due_at: Date | null
  workflow_id: string
  version_id: string
  card_id: string
  contact_id: string
}
const runOf = async (waId: string, state?: string) =>
  eventually(async () => {
    const [run] = await rows<RunLine>(
      'select r.* from runs r join identities i on i.contact_id = r.contact_id where i.value = $1',
      [waId],
    )
    if (!run || (state !== undefined && run.state !== state)) throw new Error(`the run is ${run?.state}`)
    return run
  })
const texts = async (waId: string) =>
  (await house.ledger(waId)).map(({ payload }) => payload.text?.body ?? payload.interactive?.body.text)

const place = (given: Pick<HoldInput, 'scope' | 'scopeId' | 'kind' | 'timers'>) =>
  forkFor(house.deps.orm, house.workspaceId).transactional((em) =>
    placeHold(em, {
      workspaceId: house.workspaceId,
      entrants: 'enter',
      reason: 'a test holds it',
      by: 'test',
      ...given,
    }),
  )
async function lift(holdId: string, runIds: string[], order?: Order): Promise<void> {
  const { workspaceId } = house
  const outbox = await forkFor(house.deps.orm, workspaceId).transactional(async (em) => {
    expect(await liftHold(em, { workspaceId, holdId, by: 'test' })).toBeDefined()
    return releaseRuns(em, { workspaceId, holdId, runIds, order })
  })
  relaySoon(house.deps, outbox)
}
async function hold(workflowId: string, holdId: string): Promise<void> {
  const payload = {
    holdId,
    reason: 'an agent',
    timers: 'freeze' as const,
    sinceMs: Date.now(),
    isSaved: false,
  }
  const rowsOfOutbox = await forkFor(house.deps.orm, house.workspaceId).transactional((em) =>
    enqueue(em, [{ name: 'held', workflowId, payload }]),
  )
  relaySoon(house.deps, rowsOfOutbox)
}

test('one row holds a sleeping run, which stands there when it wakes up, and goes on when it is let', async () => {
  const waId = '491710000001'
  const { journeyId } = await house.publish(sleeper('pause me', 1))
  await house.text(waId, 'pause me')
  await runOf(waId, 'waiting')
  const { holdId } = await place({ scope: 'journey', scopeId: journeyId, kind: 'pause', timers: 'run' })
  const run = await runOf(waId, 'paused')
  expect(run.held_by).toBe(holdId)
  expect(await texts(waId)).toEqual([])
  await lift(holdId, [run.id])
  await eventually(async () => expect(await texts(waId)).toEqual(['Awake']))
  expect((await runOf(waId, 'completed')).held_by).toBeNull()
})

test('a frozen timer has as much left as it had: a hold that came and went while it slept counts', async () => {
  const waId = '491710000002'
  const { journeyId } = await house.publish(sleeper('freeze me', 2))
  await house.text(waId, 'freeze me')
  const { due_at: before } = await runOf(waId, 'waiting')
  const { holdId } = await place({ scope: 'journey', scopeId: journeyId, kind: 'pause', timers: 'freeze' })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await lift(holdId, [])
  const message = await eventually(async () => {
    const [first] = await house.ledger(waId)
    if (!first) throw new Error('nothing was sent yet')
    return first
  })
  const waitedMs = Date.parse(message.acceptedAt) - (before?.getTime() ?? 0)
  expect(waitedMs).toBeGreaterThanOrEqual(990)
})

test('a stop holds a run in the transaction of its send', async () => {
  const waId = '491710000003'
  await house.publish(welcomeDefinition())
  const { holdId } = await place({
    scope: 'workspace',
    scopeId: house.workspaceId,
    kind: 'stop',
    timers: 'run',
  })
  await house.text(waId, 'hello')
  const run = await runOf(waId, 'paused')
  expect(await texts(waId)).toEqual([])
  await lift(holdId, [run.id])
  await eventually(async () => expect(await texts(waId)).toEqual(['Hello Ann, shall we begin?']))
})

test('a held question goes on, is asked again, or is left, as the release says', async () => {
  await rows('update journeys set published_version_id = null')
  await house.publish(welcomeDefinition())
  const ask = async (waId: string) => {
    await house.text(waId, 'hello')
    await eventually(async () => expect(await texts(waId)).toHaveLength(1))
    const run = await runOf(waId, 'waiting')
    const holdId = newId()
    await hold(run.workflow_id, holdId)
    await runOf(waId, 'paused')
    return { run, holdId }
  }
  const release = async (workflowId: string, holdId: string, order?: Order) => {
    const payload = { holdId, ...(order && { order }) }
    const outbox = await forkFor(house.deps.orm, house.workspaceId).transactional((em) =>
      enqueue(em, [{ name: 'released', workflowId, payload }]),
    )
    relaySoon(house.deps, outbox)
  }
  const goesOn = await ask('491710000004')
  await release(goesOn.run.workflow_id, goesOn.holdId)
  await house.tap('491710000004', 'yes', 'Yes')
  await eventually(async () =>
    expect(await texts('491710000004')).toEqual(['Hello Ann, shall we begin?', 'Great, here we go.']),
  )
  const again = await ask('491710000005')
  await release(again.run.workflow_id, again.holdId, { action: 'repeat' })
  await eventually(async () => expect(await texts('491710000005')).toHaveLength(2))
  const left = await ask('491710000006')
  await release(left.run.workflow_id, left.holdId, { action: 'goto', card: 'fine' })
  await eventually(async () =>
    expect(await texts('491710000006')).toEqual(['Hello Ann, shall we begin?', 'No problem, another time.']),
  )
})

test('a sleeping run moves to another version and keeps the time that it has slept', async () => {
  const waId = '491710000007'
  const { journeyId, versionId } = await house.publish(sleeper('move me', 9_000, 'Old'))
  await house.text(waId, 'move me')
  const run = await runOf(waId, 'waiting')
  const next = newId()
  const definition = journeyDefinitionSchema.parse(sleeper('move me', 1, 'New'))
  await rows(
    `insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 2, $4)`,
    [next, house.workspaceId, journeyId, JSON.stringify(definition)],
  )
  const handle = house.deps.temporal.workflow.getHandle(run.workflow_id)
  const version = { id: next, number: 2 }
  const order = { action: 'migrate' as const, version, definition, timing: 'keep-elapsed' as const }
  await expect(handle.executeUpdate(migrate, { args: [{ ...order, card: 'gone' }] })).rejects.toMatchObject({
    cause: { message: 'version 2 has no card "gone"' },
  })
  expect(run.version_id).toBe(versionId)
  expect(await handle.executeUpdate(migrate, { args: [order] })).toMatchObject({ cardId: 'wait' })
  await eventually(async () => expect(await texts(waId)).toEqual(['New']))
  expect((await runOf(waId, 'completed')).version_id).toBe(next)
})

test('a stuck run that nobody resolves follows its journey’s rule', async () => {
  const waId = '491710000008'
  const say = { type: 'message', settings: { text: 'Dear {{contact.nickname}}' } }
  await house.publish({
    start: 'say',
    triggers: [{ type: 'user-utterance', keywords: ['stuck'] }],
    cards: { say },
    whenStuck: { after: seconds(1), action: 'exit' },
  })
  await house.text(waId, 'stuck')
  await runOf(waId, 'exited')
  expect(
    await rows('select outcome from runs r join identities i using (contact_id) where i.value = $1', [waId]),
  ).toEqual([{ outcome: 'nobody resolved it in time' }])
})

test('a run about nobody cannot send: its card fails, and the run is started once a key', async () => {
  const { workspaceId, numberId } = house
  const { journeyId, versionId } = await house.publish({
    ...welcomeDefinition(),
    triggers: [{ type: 'api' }],
  })
  const entry = { reentry: 'while-not-inside' as const }
  const journey = { id: journeyId, name: 'nobody', numberId, versionId, startCard: 'ask', entry }
  const start = () =>
    forkFor(house.deps.orm, workspaceId).transactional((em) =>
      startRun(em, { workspaceId, journey, contactId: undefined, entry: 'key', causeId: newId() }),
    )
  const started = await start()
  if (!started.started) throw new Error(started.reason)
  relaySoon(house.deps, started.outbox)
  expect(await start()).toMatchObject({ runId: started.runId, outbox: [] })
  await eventually(async () =>
    expect(
      await rows('select state, error_code, contact_id from runs where id = $1', [started.runId]),
    ).toEqual([{ state: 'stuck', error_code: 'no_contact', contact_id: null }]),
  )
})
