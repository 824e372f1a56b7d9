import { forkFor } from '../../src/db/orm.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'
import { incomingBody } from '../../src/wabbit-wire/bodies.ts'
import { loadChats } from '../../src/wabbit-wire/chats.ts'
import { loadMessages } from '../../src/wabbit-wire/messages.ts'
import { initialsOf } from '../../src/wabbit-wire/persons.ts'
import { findWireChat, findWireMessage } from '../../src/wabbit-wire/resolve-ids.ts'
import { toWabaPayload, type PayloadRow } from '../../src/wabbit-wire/waba-payload.ts'
import { openApi, openWorkspace } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { hear, text } from './wire-rig.ts'

const row: PayloadRow = {
  ...{ id: 'row-1', wamid: 'wamid.1', direction: 'in', type: 'text', content: {}, mediaId: null },
  ...{ waId: '48123123123', atSeconds: 1_612_544_982, state: null, reasonCode: null, reason: null },
}
const base = 'https://wabbit.test'

describe('a payload is in the words of the on-premise API:', () => {
  test('a recording is a voice message, and its link is ours', () => {
    const audio = { id: 'meta-1', mime_type: 'audio/ogg', sha256: 'x', voice: true, url: 'https://meta/x' }
    const content = { from: '48123123123', from_user_id: 'PL.1', id: 'wamid.1', type: 'audio', audio }
    const payload = toWabaPayload({ ...row, type: 'audio', content, mediaId: 'media-1' }, base)
    const link = `${base}/api/v1/media/media-1/`
    expect(payload).toEqual({
      ...{ from: '48123123123', id: 'wamid.1', timestamp: '1612544982', type: 'voice' },
      voice: { id: 'media-1', mime_type: 'audio/ogg', sha256: 'x', file: '/api/v1/media/media-1/', link },
    })
  })
  test('before a file was fetched, its message stands for it', () => {
    const content = { type: 'image', image: { id: 'meta-1', caption: 'Look' } }
    const { image } = toWabaPayload({ ...row, type: 'image', content }, base)
    expect(image).toMatchObject({ id: 'row-1', caption: 'Look', link: `${base}/api/v1/media/row-1/` })
  })
  test('what we sent stands as it was posted', () => {
    const content = { type: 'text', text: { body: 'Hello', preview_url: true } }
    expect(toWabaPayload({ ...row, direction: 'out', state: 'accepted', content }, base)).toEqual({
      ...{ preview_url: true, recipient_type: 'individual', to: '48123123123', type: 'text' },
      ...{ text: { body: 'Hello' }, id: 'wamid.1', timestamp: '1612544982' },
    })
  })
  test('a file of the library is named by our link, one from elsewhere by its own', () => {
    const sent = { ...row, direction: 'out' as const, type: 'document', state: 'accepted' }
    const ours = { type: 'document', document: { library: 'lib-1', caption: 'Bill' } }
    expect(toWabaPayload({ ...sent, content: ours }, base)['document']).toEqual({
      ...{ id: 'lib-1', link: `${base}/api/v1/media/lib-1/`, caption: 'Bill' },
    })
    const theirs = { type: 'document', document: { link: 'https://x.test/a.pdf', filename: 'a.pdf' } }
    expect(toWabaPayload({ ...sent, content: theirs }, base)['document']).toEqual(theirs.document)
  })
  test('one that failed says why', () => {
    const failed = {
      ...row,
      direction: 'out' as const,
      state: 'failed',
      reasonCode: '131047',
      reason: 'Late',
    }
    const content = { type: 'text', text: { body: 'Hello' } }
    expect(toWabaPayload({ ...failed, content }, base)['errors']).toEqual([
      { code: 131_047, title: 'Late', details: 'Late' },
    ])
  })
})

test('initials are of the first word and the last', () => {
  expect(['Konrad', 'Konrad Tester', 'ann van der Berg', '48123', '🐰 Bun'].map(initialsOf)).toEqual([
    ...['K', 'KT', 'AB', '4', '🐰B'],
  ])
})

test('a chat, its messages and what is called back of them', async () => {
  const api = await openApi({ DATABASE_URL: (await freshDatabase()).url })
  try {
    const { workspaceId, user } = await openWorkspace(api, 'ours')
    const number = await createNumber(api.deps, workspaceId, {
      ...{ phoneNumberId: '100000000000001', wabaId: '2', displayNumber: '48600', portfolioId: '' },
      ...{ messagesPerSecond: 80, accessToken: 'token-1', appSecret: 'secret-1', verifyToken: 'verify-1' },
    })
    const first = await hear(api, number.id, { from: '48123123123', at: 1_612_544_982, ...text('Hi') })
    const context = { from: '48123123123', id: first }
    const second = await hear(api, number.id, {
      from: '48123123123',
      at: 1_612_544_990,
      context,
      ...text('?'),
    })
    const em = forkFor(api.deps.orm, workspaceId)
    const view = { workspaceId, baseUrl: base, userId: user.id }
    const chat = await findWireChat(em, { workspaceId, numberId: number.id, waId: '48123123123' })
    const ids = []
    for (const id of [first, second]) ids.push((await findWireMessage(em, { workspaceId, id }))?.id ?? '')
    const chatId = chat?.id ?? ''
    await em.execute(
      'insert into conversation_reads (conversation_id, user_id, workspace_id, read_until) values (?, ?, ?, to_timestamp(?))',
      [chatId, user.id, workspaceId, 1_612_544_982],
    )
    const messages = await loadMessages(em, view, ids)
    expect(messages).toMatchObject([
      { id: first, received: true, from_us: false, context: null, sender: null, tags: [] },
      { id: second, received: false, context: { id: first }, contact: { initials: 'KT' } },
    ])
    expect(await loadChats(em, view, [chatId])).toMatchObject([
      { wa_id: '48123123123', new_messages: 1, last_message: { id: second }, assigned_to_user: null },
    ])
    expect(await incomingBody(em, { ...view, userId: null }, ids)).toMatchObject({
      contacts: [{ profile: { name: 'Konrad Tester' }, wa_id: '48123123123' }],
      messages: [{ id: first, text: { body: 'Hi' } }, { id: second }],
      incoming_messages: [{ id: first, received: false }, { id: second }],
    })
  } finally {
    await api.close()
  }
})
