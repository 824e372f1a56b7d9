import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { newId } from '../../src/db/columns.ts'
import { createSession } from '../../src/people/sessions.ts'
import { createUser } from '../../src/people/users.ts'
import { openInboxHouse, type InboxHouse, type Shown } from '../inbox/inbox-house.ts'
import { eventually } from '../support/eventually.ts'

let house: InboxHouse
beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())
afterEach(() => house.faults([]))

let people = 0
/** A customer sends a file, of whatever type it is said to be. */
async function send(type: string, bytes: Buffer, mimeType: string, name = 'file') {
  const waId = String(491_730_000_000 + (people += 1))
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(bytes)], { type: mimeType }), name)
  const stored = await fetch(`${house.sandboxUrl}/sandbox/media`, { method: 'POST', body: form })
  const { id } = (await stored.json()) as { id: string }
  await house.say(waId, {
    type,
    [type]: { id, mime_type: mimeType, ...(type === 'document' && { filename: name }) },
  })
  return { waId, chat: await house.chatOf(waId) }
}
const mediaOf = (chat: string, state: string) =>
  eventually(async () => {
    const [message] = await house.messagesOf(chat)
    expect(message?.media).toMatchObject({ state })
    return message?.media as NonNullable<Shown['media']> & { id: string }
  })
const get = (id: string, headers: Record<string, string> = {}, part = 'file', token = house.key) =>
  fetch(`${house.url}/platform/v1/media/${id}/${part}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
const picture = (shade: number) =>
  sharp({ create: { width: 900, height: 600, channels: 3, background: { r: shade, g: 90, b: 90 } } })
    .jpeg()
    .toBuffer()

test('a picture is fetched, shown small and whole, and in parts', async () => {
  const jpeg = await picture(10)
  const { chat } = await send('image', jpeg, 'image/jpeg')
  const { id, thumbnail } = await mediaOf(chat, 'ready')
  expect(thumbnail).toBe(`/platform/v1/media/${id}/thumbnail`)
  const whole = await get(id)
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    ...{ 'content-type': 'image/jpeg', 'content-disposition': 'inline; filename=image.jpeg' },
    ...{ 'x-content-type-options': 'nosniff', 'content-security-policy': "sandbox; default-src 'none'" },
    ...{ 'accept-ranges': 'bytes', etag: `"${createHash('sha256').update(jpeg).digest('hex')}"` },
  })
  expect(Buffer.from(await whole.arrayBuffer()).equals(jpeg)).toBe(true)
  const small = await get(id, {}, 'thumbnail')
  const size = await sharp(Buffer.from(await small.arrayBuffer())).metadata()
  expect(size).toMatchObject({ format: 'webp', width: 480, height: 320 })
  const end = jpeg.length
  const parts: [string, number, string | null, Buffer][] = [
    ['bytes=0-9', 206, `bytes 0-9/${end}`, jpeg.subarray(0, 10)],
    ['bytes=10-', 206, `bytes 10-${end - 1}/${end}`, jpeg.subarray(10)],
    ['bytes=-5', 206, `bytes ${end - 5}-${end - 1}/${end}`, jpeg.subarray(-5)],
    [`bytes=5-${end * 2}`, 206, `bytes 5-${end - 1}/${end}`, jpeg.subarray(5)],
    [`bytes=${end}-`, 416, `bytes */${end}`, Buffer.alloc(0)],
    ['bytes=0-1,3-4', 200, null, jpeg],
    ['bytes=9-2', 200, null, jpeg],
  ]
  for (const [range, status, contentRange, bytes] of parts) {
    const answer = await get(id, { range })
    expect([range, answer.status, answer.headers.get('content-range')]).toEqual([range, status, contentRange])
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  }
  const etag = whole.headers.get('etag') ?? ''
  expect((await get(id, { 'if-none-match': etag })).status).toBe(304)
  expect((await get(id, { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200)
})

const zip = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(600)])
test.each<[string, string, Buffer, string, string, string]>([
  [
    'a picture that is code',
    'image',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    'image/jpeg',
    'image/svg+xml',
    'application/octet-stream',
  ],
  [
    'code behind a byte order mark',
    'document',
    Buffer.from('\ufeff \n<?xml version="1.0"?><svg/>'),
    'text/plain',
    'image/svg+xml',
    'application/octet-stream',
  ],
  [
    'a page',
    'document',
    Buffer.from('<!DOCTYPE html><script>alert(1)</script>'),
    'text/plain',
    'text/html',
    'application/octet-stream',
  ],
  [
    'a page in UTF-16',
    'document',
    Buffer.from('\ufeff<html><script>', 'utf16le'),
    'text/plain',
    'text/html',
    'application/octet-stream',
  ],
  [
    'a page in a picture',
    'image',
    Buffer.concat([
      Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00', 'latin1'),
      Buffer.from('<html><script>alert(1)</script>'),
    ]),
    'text/html',
    'image/gif',
    'image/gif',
  ],
  [
    'an archive',
    'document',
    zip,
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  ['an archive that is called a page', 'document', zip, 'text/html', 'application/zip', 'application/zip'],
  [
    'anything',
    'document',
    Buffer.from([0, 1, 2, 3, 0xfe]),
    'text/html',
    'application/octet-stream',
    'application/octet-stream',
  ],
])(
  '%s is kept for what it is, and no browser runs it',
  async (_what, type, bytes, declared, found, served) => {
    const { chat } = await send(type, bytes, declared)
    const { id, mimeType } = await mediaOf(chat, 'ready')
    expect(mimeType).toBe(found)
    const answer = await get(id)
    expect(answer.headers.get('content-type')).toBe(served)
    if (!served.startsWith('image/')) expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  },
)

/** 60,000 by 60,000 points in some hundred bytes. */
function pixelBomb(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(60_000, 0)
  header.writeUInt32BE(60_000, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const rows = deflateSync(Buffer.alloc(180_001))
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

test('a picture that would unfold to gigabytes is kept folded', async () => {
  const { chat } = await send('image', pixelBomb(), 'image/png')
  const { id } = await mediaOf(chat, 'ready')
  expect((await get(id, {}, 'thumbnail')).status).toBe(404)
  expect((await house.messagesOf(chat))[0]?.media?.thumbnail).toBeNull()
  expect((await get(id)).status).toBe(200)
})

test('what two customers send is kept once', async () => {
  const jpeg = await picture(20)
  const [one, two] = [await send('image', jpeg, 'image/jpeg'), await send('image', jpeg, 'image/jpeg')]
  const [first, second] = [await mediaOf(one.chat, 'ready'), await mediaOf(two.chat, 'ready')]
  expect(first.id).not.toBe(second.id)
  const sha256 = createHash('sha256').update(jpeg).digest('hex')
  expect(await house.rows('select 1 from media_blobs where sha256 = $1', [sha256])).toHaveLength(1)
})

test('an outage is waited out; what WhatsApp does not have, or is too large, is given up with words', async () => {
  await house.faults([{ kind: 'http', httpStatus: 503, times: 1, match: { method: 'GET' } }])
  const { chat } = await send('image', await picture(30), 'image/jpeg')
  await mediaOf(chat, 'ready')
  const waId = '491739999999'
  await house.say(waId, { type: 'document', document: { id: '4711', filename: 'Gone.pdf' } })
  const gone = await mediaOf(await house.chatOf(waId), 'failed')
  expect(gone.problem).toMatch(/^WhatsApp: /)
  expect((await get(gone.id)).status).toBe(404)
  const large = await send('sticker', Buffer.alloc(2 * 1024 * 1024 + 1, 1), 'image/webp')
  const { problem } = await mediaOf(large.chat, 'failed')
  expect(problem).toBe('it is larger than 2,097,152 bytes, and was not kept')
})

test('after a week of trying a file is given up', async () => {
  await house.faults([{ kind: 'http', httpStatus: 503, match: { method: 'GET' } }])
  const { chat } = await send('image', await picture(40), 'image/jpeg')
  await house.rows(`update media set created_at = now() - interval '8 days' where state = 'waiting'`)
  const { problem } = await mediaOf(chat, 'failed')
  expect(problem).toMatch(/^it could not be fetched for 7 days, for which WhatsApp keeps it: /)
})

test('a file is seen by whoever may read a chat that shows it, and goes with its message', async () => {
  const { deps, workspaceId } = house
  const { waId, chat } = await send('image', await picture(50), 'image/jpeg')
  const { id } = await mediaOf(chat, 'ready')
  const user = await createUser(deps, {
    workspaceId,
    username: `ute-${newId()}`,
    password: 'long enough',
    role: 'user',
  })
  await house.rows(`update users set can_read_chats = 'user' where id = $1`, [user.id])
  const { token } = await createSession(deps, user)
  for (const part of ['file', 'thumbnail']) expect((await get(id, {}, part, token)).status).toBe(404)
  await house.rows('update conversations set assigned_user_id = $1 where id = $2', [user.id, chat])
  for (const part of ['file', 'thumbnail']) expect((await get(id, {}, part, token)).status).toBe(200)
  const listed = await house.ask<{ items: { id: string }[] }>(200, 'GET', '/media')
  expect(listed.items).toEqual([])
  const [message] = await house.messagesOf(chat)
  await house.say(waId, { type: 'revoke', revoke: { original_message_id: message?.wamid } })
  expect((await house.messagesOf(chat))[0]?.media).toBeNull()
  expect((await get(id)).status).toBe(404)
})
