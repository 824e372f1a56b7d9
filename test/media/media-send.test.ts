import { checkCardReferences } from '../../src/journeys/card-references.ts'
import { forkFor } from '../../src/db/orm.ts'
import { archiveMedia } from '../../src/media/change-media.ts'
import { forgetUploads, prepareMedia } from '../../src/media/prepare-media.ts'
import { storeMedia } from '../../src/media/store-media.ts'
import { journeyDefinitionSchema } from '../../src/model/journey-definition.ts'
import type { MessageContent } from '../../src/model/message.ts'
import { findNumberAccess } from '../../src/settings/numbers.ts'
import { buildHouse, type House } from '../support/house.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { testNamespace } from '../support/temporal.ts'

let house: House
let databaseUrl: string

beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  house = await buildHouse({ databaseUrl, temporal: await testNamespace() })
})
afterAll(() => house.close())
afterEach(() => house.faults([]))

const rows = async <T extends object>(sql: string, values: unknown[] = []) =>
  (await runSql(databaseUrl, sql, values)).rows as T[]
async function* pieces(...bytes: number[]) {
  yield Buffer.from(bytes)
}
const pdf = [...Buffer.from('%PDF-1.7 bill')]
const store = (name: string, mimeType = 'application/pdf', bytes = pdf) =>
  storeMedia(house.deps, { workspaceId: house.workspaceId, name, mimeType, by: 'test' }, pieces(...bytes))
const documentOf = (library: string): MessageContent => ({ type: 'document', document: { library } })
const prepare = async (id: string, publicUrl?: string) => {
  const deps = { ...house.deps, config: { ...house.deps.config, PUBLIC_URL: publicUrl } }
  const prepared = await prepareMedia(deps, await findNumberAccess(deps, house.numberId), documentOf(id))
  return prepared.state === 'ready' ? prepared.sources.get(id) : prepared
}
const idOf = (source: unknown) => (source as { id: string }).id

test('a file is given to WhatsApp once a number, and again when its id expires or is not known there any more', async () => {
  const id = await store('Bill.pdf')
  const first = await prepare(id)
  expect(first).toEqual({ id: expect.stringMatching(/^\d+$/), name: 'Bill.pdf' })
  expect(await prepare(id)).toEqual(first)
  await rows(`update media_uploads set expires_at = now() - interval '1 second' where media_id = $1`, [id])
  const second = await prepare(id)
  expect(idOf(second)).not.toBe(idOf(first))
  const { workspaceId, numberId } = house
  await forgetUploads(house.deps, { workspaceId, numberId, content: documentOf(id) })
  expect(idOf(await prepare(id))).not.toBe(idOf(second))
})

test('of many who send a new file at once one uploads it; the others come again', async () => {
  const id = await store('Many.pdf')
  await house.faults([{ kind: 'slow', delayMs: 500, match: { path: '/media' } }])
  const all = await Promise.all(Array.from({ length: 8 }, () => prepare(id)))
  const waiting = all.filter((each) => each && 'state' in each)
  expect(waiting).toHaveLength(7)
  expect(waiting[0]).toMatchObject({ state: 'deferred', reason: '"Many.pdf" is on its way to WhatsApp' })
  const ready = all.find((each) => each && 'id' in each)
  expect(await prepare(id)).toEqual(ready)
})

test('a file that WhatsApp does not take goes by a link of ours, where WhatsApp can follow one', async () => {
  const id = await store('Refused.pdf')
  await house.faults([{ kind: 'error', code: 131053, match: { path: '/media' } }])
  expect(await prepare(id, 'https://drip.example')).toEqual({
    link: expect.stringMatching(/^https:\/\/drip\.example\/media\/[\w-]{38}$/),
    name: 'Refused.pdf',
  })
  await expect(prepare(id)).rejects.toMatchObject({ code: 'whatsapp_refused' })
  const away = await store('Away.pdf')
  await house.faults([{ kind: 'http', httpStatus: 503, match: { path: '/media' } }])
  await expect(prepare(away)).rejects.toMatchObject({ code: 'unavailable' })
  await house.faults([])
  await rows(`update media_uploads set expires_at = now() - interval '1 second' where media_id = $1`, [away])
  expect(await prepare(away)).toMatchObject({ id: expect.any(String) })
})

test('a claim of a process that died runs out; a file that is not there is refused', async () => {
  const id = await store('Claimed.pdf')
  await rows(
    `insert into media_uploads (media_id, number_id, workspace_id, claimed_until) values ($1, $2, $3, now() + interval '1 hour')`,
    [id, house.numberId, house.workspaceId],
  )
  expect(await prepare(id)).toMatchObject({ state: 'deferred' })
  await rows(`update media_uploads set claimed_until = now() - interval '1 second' where media_id = $1`, [id])
  expect(await prepare(id)).toMatchObject({ id: expect.any(String) })
  for (const other of ['0190a8f0-0000-7000-8000-00000000dead', 'bill.pdf']) {
    await expect(prepare(other)).rejects.toMatchObject({ code: 'invalid_message' })
    const { workspaceId, numberId } = house
    expect(await forgetUploads(house.deps, { workspaceId, numberId, content: documentOf(other) })).toBe(false)
  }
})

test('publishing knows what cards name: files by kind, Flows, catalogs and products', async () => {
  const { deps, workspaceId } = house
  const id = await store('Bill.pdf')
  const gone = await store('Old.png', 'image/png', [0x89, 0x50, 0x4e, 0x47])
  await archiveMedia(deps, { workspaceId, mediaId: gone, by: 'test' })
  const unknown = '0190a8f0-0000-7000-8000-00000000dead'
  const button = { buttons: [{ id: 'a', title: 'A' }], body: 'x' }
  const definition = journeyDefinitionSchema.parse({
    start: 'bill',
    cards: {
      bill: { type: 'document', settings: { media: { library: id } } },
      picture: { type: 'image', settings: { media: { library: id } } },
      old: { type: 'image', settings: { media: { library: gone } } },
      header: {
        type: 'interactive-message',
        settings: { ...button, header: { type: 'video', video: { library: unknown } } },
      },
      form: { type: 'interactive-flow', settings: { flow: '99', body: 'x', button: 'x' } },
      shop: { type: 'single-product', settings: { catalog: unknown, product: 'SKU-1' } },
    },
  })
  const problems = await checkCardReferences(forkFor(deps.orm, workspaceId), workspaceId, definition)
  expect(problems.map(({ severity, field }) => `${severity} ${field}`)).toEqual([
    'error cards.picture.settings.media.library',
    'warning cards.old.settings.media.library',
    'error cards.header.settings.header.video.library',
    'error cards.form.settings.flow',
    'error cards.shop.settings.catalog',
  ])
})
