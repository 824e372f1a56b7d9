import { eraseContact } from '../../src/contacts/erase-contact.ts'
import { mergeContacts } from '../../src/contacts/merge-contacts.ts'
import { unmergeContacts } from '../../src/contacts/unmerge-contacts.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { takeOver } from '../../src/takeover/take-over.ts'
import { cap, openArbiterRig, type TestContact } from '../arbiter/arbiter-rig.ts'

let rig: Awaited<ReturnType<typeof openArbiterRig>>
const [journeyId, versionId] = [newId(), newId()]

beforeAll(async () => {
  rig = await openArbiterRig()
  await rig.addJourney(journeyId, versionId)
})
afterAll(() => rig.close())

const em = () => forkFor(rig.api.deps.orm, rig.workspaceId)

/** A run whose question stands in the contact's first chat. */
async function asking({ contactId, conversations }: TestContact): Promise<string> {
  const runId = newId()
  await rig.rows(
    `insert into runs (id, workspace_id, journey_id, version_id, contact_id, conversation_id, number_id, lineage_id, entry,
       workflow_id, state, fact_id) values ($1::uuid, $2, $3, $4, $5, $6, $7, $1::uuid, $1::text, $1::text, 'waiting', $1::uuid)`,
    [runId, rig.workspaceId, journeyId, versionId, contactId, conversations[0], rig.numbers[0]],
  )
  await rig.rows(
    `update conversations set floor_workflow_id = $1::text, floor_ask_key = $1::text || ':ask:1:0' where id = $2`,
    [runId, conversations[0]],
  )
  return runId
}

const agentTakes = ({ conversations }: TestContact, at: 0 | 1, reason = 'A complaint') =>
  em().transactional((tx) =>
    takeOver(tx, {
      ...{ workspaceId: rig.workspaceId, conversationId: conversations[at], kind: 'taken' },
      ...{ by: 'user test', endsAtMs: null, reason },
    }),
  )
const merge = (own: TestContact, other: TestContact) =>
  mergeContacts(rig.api.deps, {
    ...{ workspaceId: rig.workspaceId, contactId: own.contactId, otherId: other.contactId, by: 'test' },
  })
const floorOf = async (conversationId: string) => ({
  has: (
    await rig.rows<{ has: string | null }>(
      'select floor_workflow_id as has from conversations where id = $1',
      [conversationId],
    )
  )[0]?.has,
  waits: (
    await rig.rows<{ id: string }>('select workflow_id as id from floor_waits where conversation_id = $1', [
      conversationId,
    ])
  ).map(({ id }) => id),
})
const send = async (to: TestContact, at: 0 | 1, runOf: TestContact, runId: string) => {
  const { contactId, conversations } = runOf
  const conversationId = conversations[at]
  const run = {
    ...{ workspaceId: rig.workspaceId, runId, lineageId: runId, journeyId, contactId, conversationId },
    numberId: rig.numbers[at],
  }
  return rig.plan({ ...to, conversations }, at, {
    progress: { run, facts: [], state: 'running', cardId: null },
  })
}

test('two become one: one floor with a queue, one cap, one agent; taken back, each has what was theirs', async () => {
  await rig.save(cap(1))
  const [own, other] = [await rig.newContact(), await rig.newContact()]
  const [ownRun, otherRun] = [await asking(own), await asking(other)]
  await agentTakes(other, 1)
  await rig.plan(other, 0)
  await rig.plan(other, 0)
  const { mergeId } = await merge(own, other)
  expect(await floorOf(own.conversations[0])).toEqual({ has: ownRun, waits: [otherRun] })
  // What the other was sent counts for both, and its agent has the chat that both have now.
  expect(await rig.plan(own, 0)).toMatchObject({ state: 'deferred' })
  expect(await send(own, 1, own, ownRun)).toMatchObject({ state: 'held' })
  // A run that began with the other is held too, by whatever id it knows the contact.
  expect(await send(own, 1, other, otherRun)).toMatchObject({ state: 'held' })
  expect(await rig.rows('select 1 from arbiter_waits where contact_id = $1', [own.contactId])).toHaveLength(2)
  await unmergeContacts(rig.api.deps, { workspaceId: rig.workspaceId, mergeId, by: 'test' })
  expect(await floorOf(own.conversations[0])).toEqual({ has: ownRun, waits: [] })
  expect(await floorOf(other.conversations[0])).toEqual({ has: otherRun, waits: [] })
})

test('an agent in each of two chats that become one: one hold is left, and who stood at the other is told', async () => {
  const [own, other] = [await rig.newContact(), await rig.newContact()]
  const runId = await asking(other)
  await agentTakes(own, 0)
  const { holdId } = await agentTakes(other, 0)
  await rig.rows(`update runs set held_by = $2, state = 'paused' where id = $1`, [runId, holdId])
  await merge(own, other)
  const active = await rig.rows(
    `select h.scope_id from takeovers t join holds h on h.id = t.hold_id
     where t.conversation_id in ($1, $2) and t.ended_at is null and h.released_at is null`,
    [own.conversations[0], other.conversations[0]],
  )
  expect(active).toEqual([{ scope_id: own.contactId }])
  const told = await rig.rows<{ payload: object }>(
    `select payload from outbox where workflow_id = $1 and name = 'released'`,
    [runId],
  )
  expect(told.map(({ payload }) => payload)).toContainEqual({ holdId })
})

test('an erasure takes the words about the person and what waited for it', async () => {
  await rig.save(cap(1))
  const contact = await rig.newContact()
  await agentTakes(contact, 0, 'Asked about the divorce')
  await rig.plan(contact, 1)
  await rig.plan(contact, 1)
  const { workspaceId } = rig
  await em().transactional((tx) =>
    eraseContact(tx, { workspaceId, contactId: contact.contactId, by: 'test' }),
  )
  expect(await rig.rows('select reason from takeovers where contact_id = $1', [contact.contactId])).toEqual([
    { reason: '' },
  ])
  expect(await rig.rows('select 1 from arbiter_waits where contact_id = $1', [contact.contactId])).toEqual([])
})
