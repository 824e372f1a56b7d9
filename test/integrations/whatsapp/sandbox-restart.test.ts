import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atFileEnd } from '../../support/at-file-end.ts'
import { eventually } from '../../support/eventually.ts'
import { ACCOUNT, changesOf, NUMBER, startSandboxRig, statusesOf } from './sandbox-rig.ts'

const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
atFileEnd(() => rm(folder, { recursive: true }))
const dataFile = join(folder, 'state', 'sandbox.jsonl')

test('ledger, chats, window, media and templates survive a restart, torn last line or not', async () => {
  const first = await startSandboxRig({ dataFile, statusDelaysMs: { sent: 0, delivered: null, read: null } })
  await first.say('15551110001', { type: 'image', image: {} }, { name: 'Ana' })
  const sent = await first.sendText('15551110001', 'kept', { biz_opaque_callback_data: 'row-1' })
  await first.call('POST', `/v23.0/${ACCOUNT}/message_templates`, {
    name: 'kept',
    language: 'en',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'Plain' }],
  })
  const { id } = sent.body.messages[0]
  await eventually(() => expect(statusesOf(first.endpoint.received)).toHaveLength(1))
  const before = await first.ledger()
  await first.close()
  await appendFile(dataFile, '{"kind":"sent","mess')

  const second = await startSandboxRig({ dataFile, statusDelaysMs: { sent: 0, delivered: 0, read: null } })
  expect((await second.ledger()).messages[0]).toMatchObject({
    id,
    seq: 1,
    acceptedAt: before.messages[0].acceptedAt,
  })
  // The status that was still owed comes now, and only that one.
  await eventually(() => {
    const statuses = statusesOf(second.endpoint.received).filter((status) => status.id === id)
    expect(statuses).toMatchObject([{ status: 'delivered', biz_opaque_callback_data: 'row-1' }])
  })
  const chat = (await second.call('GET', '/sandbox/phones/15551110001/messages')).body
  expect(chat.phone.name).toBe('Ana')
  expect(chat.messages).toMatchObject([
    { direction: 'in', type: 'image' },
    { direction: 'out', type: 'text' },
  ])
  const media = await second.call('GET', `/v23.0/${chat.messages[0].message.image.id}`)
  expect((await fetch(media.body.url, { headers: { authorization: 'Bearer token' } })).status).toBe(200)
  expect((await second.sendText('15551110001', 'the window is still open')).status).toBe(200)
  const templates = await second.call('GET', `/v23.0/${ACCOUNT}/message_templates`)
  expect(templates.body.data.map((one: { name: string }) => one.name).sort()).toEqual(['hello_world', 'kept'])
  await second.call('DELETE', '/sandbox/ledger')
  await second.close()

  const third = await startSandboxRig({ dataFile })
  expect((await third.ledger()).total).toBe(0)
  expect(
    (await third.call('GET', `/sandbox/phones/15551110001/messages?phoneNumberId=${NUMBER}`)).body.messages,
  ).toHaveLength(3)
  await third.sendText('15551110001', 'goes on')
  expect((await third.ledger()).messages[0].seq).toBe(3)
  await third.close()
})

test('the identity check of a number and who is behind an address survive a restart', async () => {
  const file = join(folder, 'identities.jsonl')
  const first = await startSandboxRig({ dataFile: file })
  const settings = `/v23.0/${NUMBER}/settings`
  const hash = async (rig: typeof first) => {
    await rig.say('15551110009', { type: 'text', text: { body: 'Hi' } })
    return changesOf(rig.endpoint.received).at(-1)?.value.contacts?.[0]?.['identity_key_hash']
  }
  expect(await hash(first)).toBeUndefined()
  const enabled = { user_identity_change: { enable_identity_key_check: true } }
  expect((await first.call('POST', settings, enabled)).body).toEqual({ success: true })
  const before = await hash(first)
  const changed = (await first.call('POST', '/sandbox/phones/15551110009/identity', {})).body.hash as string
  expect(before).toMatch(/^[\w+/]{11}=$/)
  expect(changed).not.toBe(before)
  await first.close()

  const second = await startSandboxRig({ dataFile: file })
  expect((await second.call('GET', settings)).body).toEqual(enabled)
  expect(await hash(second)).toBe(changed)
  await second.close()
})
