import { recordConsent } from '../../src/consent/record-consent.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { planSend, type SendInput } from '../../src/inbox/plan-send.ts'
import type { ConsentScope } from '../../src/model/consent.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let workspaceId: string
let numberId: string

beforeAll(async () => {
  rig = await openWorkspaceApi([], { DATABASE_POOL_SIZE: 24 })
  workspaceId = rig.ours.workspaceId
  numberId = await rig.addNumber()
})
afterAll(() => rig.close())

const rows: WorkspaceApi['rows'] = (...asked) => rig.rows(...asked)

async function newChat(): Promise<{ contactId: string; conversationId: string }> {
  const [contactId, conversationId] = [newId(), newId()]
  await rows('insert into contacts (id, workspace_id) values ($1, $2)', [contactId, workspaceId])
  await rows(
    `insert into identities (id, workspace_id, contact_id, kind, value, source) values ($1, $2, $3, 'wa_id', $4, 'test')`,
    [newId(), workspaceId, contactId, contactId],
  )
  await rows(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
     values ($1, $2, $3, $4, now() + interval '1 day')`,
    [conversationId, workspaceId, numberId, contactId],
  )
  return { contactId, conversationId }
}

const plan = (conversationId: string, input: Partial<SendInput> = {}) =>
  forkFor(rig.deps.orm, workspaceId).transactional((em) =>
    planSend(
      em,
      {
        ...{ workspaceId, numberId, conversationId, sendKey: newId(), class: 'marketing', epoch: 0 },
        ...{ content: { type: 'text', text: { body: 'Offer!' } }, vars: {}, causeId: newId() },
        ...{ workflowId: undefined, ...input },
      },
      { reconcileMs: 1_000, checksIdentity: false, finish: (content) => content, outbox: [] },
    ),
  )
const optOut = (contactId: string, category: ConsentScope = 'all') =>
  forkFor(rig.deps.orm, workspaceId).transactional((em) =>
    recordConsent(em, {
      ...{ workspaceId, contactId, category, state: 'opted_out', source: 'test', by: 'test' },
      ...{ atMs: Date.now(), causeId: newId() },
    }),
  )
const template = (name: string) =>
  ({ type: 'template', template: { name, language: { code: 'en' } } }) satisfies SendInput['content']

test('after an opt-out has committed no message is planned any more, however many are about to be', async () => {
  for (let turn = 0; turn < 12; turn += 1) {
    const { contactId, conversationId } = await newChat()
    let isCommitted = false
    let plannedAfter = 0
    const sender = async () => {
      for (let send = 0; send < 6; send += 1) {
        const wasCommitted = isCommitted
        const { state } = await plan(conversationId)
        if (wasCommitted && state === 'attempt') plannedAfter += 1
      }
    }
    const stop = async () => {
      await new Promise((resolve) => setTimeout(resolve, turn * 2))
      await optOut(contactId)
      isCommitted = true
    }
    await Promise.all([sender(), sender(), sender(), sender(), stop()])
    expect(plannedAfter).toBe(0)
    expect(await plan(conversationId)).toMatchObject({ state: 'refused', code: 'opted_out' })
  }
})

test('a send that waited for the conversation while a STOP was being stored sees the STOP', async () => {
  const { contactId, conversationId } = await newChat()
  const plans: Promise<Awaited<ReturnType<typeof plan>>>[] = []
  // As the webhook does: the conversation is held, the opt-out is written, then all is committed at once.
  await forkFor(rig.deps.orm, workspaceId).transactional(async (em) => {
    await em.execute('select id from contacts where id = ? for no key update', [contactId])
    await em.execute('select id from conversations where id = ? for update', [conversationId])
    plans.push(plan(conversationId), plan(conversationId), plan(conversationId))
    await new Promise((resolve) => setTimeout(resolve, 200))
    await recordConsent(em, {
      ...{ workspaceId, contactId, category: 'marketing', state: 'opted_out', source: 'test', by: 'test' },
      ...{ atMs: Date.now(), causeId: newId() },
    })
  })
  for (const outcome of await Promise.all(plans)) {
    expect(outcome).toMatchObject({ state: 'refused', code: 'opted_out' })
  }
})

test('a retry of what was planned before asks again', async () => {
  const { contactId, conversationId } = await newChat()
  const sendKey = newId()
  expect(await plan(conversationId, { sendKey })).toMatchObject({ state: 'attempt' })
  await rows(`update messages set state = 'planned' where send_key = $1`, [sendKey])
  await optOut(contactId, 'marketing')
  expect(await plan(conversationId, { sendKey })).toMatchObject({ state: 'refused', code: 'opted_out' })
  expect(await rows('select state, reason from messages where send_key = $1', [sendKey])).toEqual([
    { state: 'skipped', reason: 'the contact has opted out of marketing messages' },
  ])
})

test('what a message counts as: its template by WhatsApp’s category, everything else by its class', async () => {
  for (const [name, category] of Object.entries({
    sale: 'MARKETING',
    parcel: 'UTILITY',
    code: 'AUTHENTICATION',
  })) {
    await rows(
      `insert into templates (id, workspace_id, waba_id, name, language, category, components, status)
       values ($1, $2, '1', $3, 'en', $4, '[]', 'approved')`,
      [newId(), workspaceId, name, category],
    )
  }
  const { contactId, conversationId } = await newChat()
  const stateOf = async (content: SendInput['content'], messageClass: SendInput['class']) =>
    (await plan(conversationId, { content, class: messageClass })).state
  const text = { type: 'text', text: { body: 'Hi' } } satisfies SendInput['content']
  await optOut(contactId, 'marketing')
  expect(await stateOf(template('sale'), 'utility')).toBe('refused')
  expect(await stateOf(template('parcel'), 'marketing')).toBe('attempt')
  expect(await stateOf(template('code'), 'marketing')).toBe('attempt')
  expect(await stateOf(template('never_synced'), 'marketing')).toBe('refused')
  expect(await stateOf(template('never_synced'), 'utility')).toBe('attempt')
  expect(await stateOf(text, 'marketing')).toBe('refused')
  expect(await stateOf(text, 'utility')).toBe('attempt')
  await optOut(contactId, 'utility')
  expect(await stateOf(template('parcel'), 'marketing')).toBe('refused')
  expect(await stateOf(text, 'utility')).toBe('attempt')
  await optOut(contactId, 'authentication')
  expect(await stateOf(text, 'utility')).toBe('refused')
  expect(await stateOf(template('code'), 'utility')).toBe('refused')
})
