import { chatWorkflowId } from '../../workflows/contract.ts'
import { assignChat } from '../../src/conversations/assign.ts'
import { setStatus } from '../../src/conversations/status.ts'
import { forkFor } from '../../src/db/orm.ts'
import { tendChat } from '../../src/lifecycle/tend-chat.ts'
import { wakeForgotten } from '../../src/lifecycle/wake-forgotten.ts'
import { eventually } from '../support/eventually.ts'
import { openLifecycleHouse, type LifecycleHouse } from './lifecycle-house.ts'

let house: LifecycleHouse
let ann: { id: string }
let ben: { id: string }

beforeAll(async () => {
  house = await openLifecycleHouse()
  ann = await house.hire('ann')
  ben = await house.hire('ben')
})
afterAll(() => house.close())

async function assign(waId: string, userId: string | null, byUserId?: string) {
  const { conversationId } = await house.chatOf(waId)
  const { workspaceId } = house
  const em = forkFor(house.deps.orm, workspaceId)
  const by = 'test'
  return em.transactional((tx) =>
    assignChat(tx, { workspaceId, conversationId, userId, by, ...(byUserId !== undefined && { byUserId }) }),
  )
}
const holder = async (waId: string) => (await house.standing(waId))?.assigned_user_id
const hasPlanned = (waId: string, kinds: string[]) =>
  eventually(async () => expect(await house.planned(waId)).toEqual(kinds))

test('deadlines stand in the episode, and once they are missed they are for ever', async () => {
  const waId = '4917000001001'
  await house.set({ deadlines: { firstResponseMinutes: 30, resolutionMinutes: 90 } })
  await house.text(waId, 'help')
  await hasPlanned(waId, ['first-response', 'resolution'])
  expect(await house.episode(waId)).toMatchObject({
    ...{ first_response_due_at: expect.anything(), resolution_due_at: expect.anything() },
    ...{ first_response_breached_at: null, resolution_breached_at: null },
  })
  await assign(waId, ann.id)
  await house.age(waId, 31)
  await Promise.all([house.wake(waId), house.wake(waId), house.wake(waId)])
  await hasPlanned(waId, ['resolution'])
  expect(await house.facts(waId, 'deadline.missed')).toMatchObject([{ deadline: 'first-response' }])
  await house.write(waId, 'Here I am', ann)
  await house.said(waId, ['Here I am'])
  await eventually(async () =>
    expect(await house.episode(waId)).toMatchObject({
      ...{ first_response_breached_at: expect.anything(), first_response_by: `user ${ann.id}` },
    }),
  )
  await house.age(waId, 60)
  await house.wake(waId)
  await eventually(async () =>
    expect(await house.facts(waId, 'deadline.missed')).toMatchObject([
      { deadline: 'first-response' },
      { deadline: 'resolution' },
    ]),
  )
  const told = await house.rows(`select 1 from notifications where user_id = $1 and kind = 'deadline'`, [
    ann.id,
  ])
  expect(told).toHaveLength(2)
})

test('an answer in time leaves nothing of the deadline', async () => {
  const waId = '4917000001002'
  await house.set({ deadlines: { firstResponseMinutes: 30 } })
  await house.text(waId, 'help')
  await hasPlanned(waId, ['first-response'])
  await house.write(waId, 'Yes?', ann)
  await hasPlanned(waId, [])
  await house.age(waId, 40)
  await house.wake(waId)
  await house.said(waId, ['Yes?'])
  expect(await house.facts(waId, 'deadline.missed')).toEqual([])
})

test('whoever does not answer loses the chat: to the queue, to another one', async () => {
  const waId = '4917000001003'
  await house.set({ unattended: { afterMinutes: 10 } })
  await house.text(waId, 'help')
  await assign(waId, ann.id)
  await house.age(waId, 11)
  await house.wake(waId)
  // It waits in the queue, where Ben is free.
  await eventually(async () => expect(await holder(waId)).toBe(ben.id))
  expect((await house.facts(waId, 'chat.assigned')).slice(-2)).toMatchObject([
    { by: 'the clock', reason: { rule: null, why: 'nobody answered for 10 minutes' } },
    { by: 'the queue' },
  ])
  expect(await house.facts(waId, 'chat.queued')).toHaveLength(1)
  await house.set({ unattended: { afterMinutes: 10, to: { kind: 'agent' } } })
  await assign(waId, ann.id)
  await house.age(waId, 11)
  await house.wake(waId)
  await eventually(async () => expect(await holder(waId)).toBe(ben.id))
  // Ben has as long as Ann had.
  await hasPlanned(waId, ['unattended'])
  await house.wake(waId)
  expect(await holder(waId)).toBe(ben.id)
  await house.write(waId, 'Mine', ben)
  await hasPlanned(waId, [])
})

test('a chat that was handed on goes back to whom it was when the new one writes nothing', async () => {
  const waId = '4917000001004'
  await house.set({ returning: { afterMinutes: 5 } })
  await house.text(waId, 'help')
  await assign(waId, ann.id)
  await assign(waId, ben.id, ann.id)
  await house.wake(waId)
  await hasPlanned(waId, ['return'])
  await house.age(waId, 6)
  await Promise.all([house.wake(waId), house.wake(waId)])
  await eventually(async () => expect(await holder(waId)).toBe(ann.id))
  await assign(waId, ben.id, ann.id)
  await house.write(waId, 'I have it', ben)
  await hasPlanned(waId, [])
  expect(await holder(waId)).toBe(ben.id)
})

test('the nudge keeps the window, once', async () => {
  const waId = '4917000001005'
  await house.set({ nudge: { message: { text: 'Are you still there?' } } })
  await house.text(waId, 'help')
  await house.age(waId, 23 * 60 + 1)
  await Promise.all([house.wake(waId), house.wake(waId)])
  await house.said(waId, ['Are you still there?'])
  await house.wake(waId)
  await house.text(waId, 'yes')
  await hasPlanned(waId, ['nudge'])
  await house.said(waId, ['Are you still there?'])
})

test('a silent chat is closed with a last word, and not while the customer waits', async () => {
  const waId = '4917000001006'
  await house.set({ closure: { afterMinutes: 60, message: { text: 'Bye' } } })
  await house.text(waId, 'help')
  await house.age(waId, 61)
  await house.wake(waId)
  await house.write(waId, 'Done?', ann)
  await house.said(waId, ['Done?'])
  await hasPlanned(waId, ['closure'])
  await house.age(waId, 61)
  await Promise.all([house.wake(waId), house.wake(waId)])
  await house.said(waId, ['Done?', 'Bye'])
  await eventually(async () =>
    expect(await house.episode(waId)).toMatchObject({ closed_at: expect.anything(), outcome: 'silence' }),
  )
  expect(await house.standing(waId)).toMatchObject({ status: 'closed' })
  const { conversationId } = await house.chatOf(waId)
  const handle = house.deps.temporal.workflow.getHandle(chatWorkflowId(house.workspaceId, conversationId))
  await expect(handle.result()).resolves.toEqual({ outcome: 'closed' })
})

test('a snoozed chat wakes at its time by itself, and by a word of the customer before it', async () => {
  const { workspaceId, deps } = house
  await house.set({})
  const snooze = async (waId: string, inMs: number) => {
    const { conversationId } = await house.chatOf(waId)
    const snoozedUntil = new Date(Date.now() + inMs).toISOString()
    await forkFor(deps.orm, workspaceId).transactional((tx) =>
      setStatus(tx, { workspaceId, conversationId, status: 'snoozed', snoozedUntil, by: 'test' }),
    )
    await house.wake(waId)
  }
  await house.text('4917000001007', 'help')
  await house.text('4917000001008', 'help')
  await snooze('4917000001007', 1_500)
  await snooze('4917000001008', 3_600_000)
  await hasPlanned('4917000001008', ['snooze'])
  await house.text('4917000001008', 'well?')
  for (const waId of ['4917000001007', '4917000001008'])
    await eventually(async () => expect(await house.standing(waId)).toMatchObject({ status: 'open' }))
  expect((await house.facts('4917000001007', 'chat.status')).at(-1)).toMatchObject({ by: 'the clock' })
  await hasPlanned('4917000001008', [])
})

test('a crash between deciding and sending sends once; a workflow that was ended by hand comes back', async () => {
  const waId = '4917000001009'
  const { workspaceId, deps } = house
  await house.set({ nudge: { message: { text: 'Hello?' } }, deadlines: { resolutionMinutes: 60 } })
  await house.text(waId, 'help')
  await hasPlanned(waId, ['nudge', 'resolution'])
  const { conversationId } = await house.chatOf(waId)
  const handle = deps.temporal.workflow.getHandle(chatWorkflowId(workspaceId, conversationId))
  await handle.terminate('by hand')
  await house.age(waId, 23 * 60 + 1)
  await house.rows(
    `update chat_timers set due_at = now() - interval '2 minutes' where conversation_id = $1 and fired_at is null`,
    [conversationId],
  )
  // What the workflow's activity would do, run by workers that know nothing of each other.
  const input = { workspaceId, conversationId, silenceMs: 86_400_000 }
  await Promise.all([tendChat(deps, input), tendChat(deps, input), wakeForgotten(deps)])
  await house.said(waId, ['Hello?'])
  await house.wake(waId)
  await eventually(async () => expect((await handle.describe()).status.name).toBe('RUNNING'))
  await house.said(waId, ['Hello?'])
  expect(await house.facts(waId, 'deadline.missed')).toHaveLength(1)
})
