import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../src/config.ts'
import { getFile, readMedia } from '../../src/media/find-media.ts'
import { storeBlob } from '../../src/media/store-blob.ts'
import { storeMedia } from '../../src/media/store-media.ts'
import { findStore } from '../../src/media/stores/find-store.ts'
import { forgetUnfinished, moveBlob } from '../../src/media/tend-blobs.ts'
import { forkFor } from '../../src/db/orm.ts'
import { openFakeS3 } from '../support/fake-s3.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

const MB = 1024 * 1024
let house: WorkspaceApi
let s3: Awaited<ReturnType<typeof openFakeS3>>
let folder: string
beforeAll(async () => {
  house = await openWorkspaceApi([])
  s3 = await openFakeS3()
  folder = await mkdtemp(join(tmpdir(), 'media-'))
})
afterAll(async () => {
  await house.close()
  await s3.close()
  await rm(folder, { recursive: true })
})

const names = ['database', 'disk', 's3'] as const
const depsOf = (MEDIA_STORE: Config['MEDIA_STORE']) => {
  const places = { MEDIA_DIR: folder, S3_ENDPOINT: s3.endpoint, S3_BUCKET: 'files', S3_PREFIX: 'ours/' }
  const credentials = { S3_ACCESS_KEY_ID: 'key', S3_SECRET_ACCESS_KEY: 'secret' }
  return { ...house.deps, config: { ...house.deps.config, ...places, ...credentials, MEDIA_STORE } }
}
async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function collect(pieces: AsyncIterable<Buffer>) {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}
const blobs = () =>
  house.rows<{ id: string; store: string; sha256: string | null }>(
    'select id, store, sha256 from media_blobs order by id',
  )
const storeOf = async (
  deps: ReturnType<typeof depsOf>,
  bytes: AsyncIterable<Buffer>,
  maximumBytes = 100 * MB,
) =>
  storeBlob(
    deps,
    {
      workspaceId: house.ours.workspaceId,
      declaredType: 'application/pdf',
      maximumBytes,
      tooLarge: 'too much',
    },
    bytes,
  )

test.each(names)('the store "%s" gives back what it was given, whole and in parts', async (name) => {
  const store = findStore(depsOf(name), name)
  const { workspaceId } = house.ours
  for (const size of [1, 256 * 1024, 300_001, 12 * MB]) {
    const bytes = randomBytes(size)
    const { id } = await storeOf(depsOf(name), cut(bytes, 100_000))
    const key = { workspaceId, id }
    expect((await collect(store.read(key, 0, size))).equals(bytes)).toBe(true)
    const [from, to] = [Math.floor(size / 3), Math.ceil((size * 2) / 3)]
    expect((await collect(store.read(key, from, to))).equals(bytes.subarray(from, to))).toBe(true)
    await store.remove(key)
    await store.remove(key)
    await expect(collect(store.read(key, 0, size))).rejects.toThrow()
    await house.rows('delete from media_blobs where id = $1', [id])
  }
})

test('a large file goes to S3 in parts', async () => {
  s3.seen.length = 0
  await storeOf(depsOf('s3'), cut(randomBytes(12 * MB), 64 * 1024))
  expect(s3.seen).toEqual(['POST begin', 'PUT part', 'PUT part', 'PUT part', 'POST part'])
})

test.each(names)('in the store "%s" nothing stays of what breaks off or is too large', async (name) => {
  const before = await blobs()
  const left = async () => ({
    objects: s3.objects.size,
    parts: s3.uploads.size,
    files: await readdir(folder, { recursive: true }),
  })
  const places = { ...(await left()), pieces: await house.rows('select count(*) from media_pieces') }
  async function* broken() {
    yield randomBytes(7 * MB)
    throw new Error('the line broke')
  }
  await expect(storeOf(depsOf(name), broken())).rejects.toThrow('the line broke')
  await expect(storeOf(depsOf(name), cut(randomBytes(6 * MB), MB), 5 * MB)).rejects.toThrow('too much')
  await expect(storeOf(depsOf(name), cut(Buffer.alloc(0), 1))).rejects.toThrow('empty')
  expect(await blobs()).toEqual(before)
  expect({ ...(await left()), pieces: await house.rows('select count(*) from media_pieces') }).toMatchObject({
    ...{ objects: places.objects, parts: places.parts, pieces: places.pieces },
  })
  const files = (await left()).files.filter((path) => path.endsWith('.part'))
  expect(files).toEqual([])
})

test('100 MB pass through without being held', async () => {
  const piece = randomBytes(64 * 1024)
  const hash = createHash('sha256')
  let most = 0
  async function* large() {
    for (let n = 0; n < 1_600; n++) {
      hash.update(piece)
      yield Buffer.from(piece)
      if (n % 100 === 0) globalThis.gc?.()
      most = Math.max(most, process.memoryUsage().arrayBuffers)
    }
  }
  const before = process.memoryUsage().arrayBuffers
  const stored = await storeOf(depsOf('disk'), large())
  expect(stored).toMatchObject({ bytes: 100 * MB, sha256: hash.digest('hex') })
  expect(most - before).toBeLessThan(64 * MB)
})

test('the same content is kept once a workspace, also when it comes twice at once', async () => {
  const bytes = randomBytes(400_000)
  const both = await Promise.all([1, 2, 3].map(() => storeOf(depsOf('database'), cut(bytes, 50_000))))
  expect(new Set(both.map(({ id }) => id)).size).toBe(1)
  const [{ n }] = (await house.rows<{ n: number }>(
    'select count(*)::int as n from media_pieces where blob_id = $1',
    [both[0]?.id],
  )) as [{ n: number }]
  expect(n).toBe(2)
  const theirs = await storeBlob(
    depsOf('database'),
    { workspaceId: house.theirs.workspaceId, declaredType: '', maximumBytes: MB, tooLarge: '' },
    cut(bytes, 50_000),
  )
  expect(theirs.id).not.toBe(both[0]?.id)
})

test('files move to the store that is configured and are read from wherever they are', async () => {
  const { workspaceId } = house.ours
  const pdf = Buffer.from(`%PDF-1.7 ${randomBytes(400_000).toString('hex')}`)
  const file = { workspaceId, name: 'Bill.pdf', mimeType: 'application/pdf', by: 'test' }
  const id = await storeMedia(depsOf('database'), file, cut(pdf, 70_000))
  const read = async (deps: ReturnType<typeof depsOf>) =>
    collect(readMedia(deps, await getFile(forkFor(deps.orm, workspaceId), workspaceId, id)))
  for (const name of ['disk', 's3', 'database'] as const) {
    expect((await read(depsOf(name))).equals(pdf)).toBe(true)
    while (await moveBlob(depsOf(name)));
    expect(new Set((await blobs()).filter(({ sha256 }) => sha256).map(({ store }) => store))).toEqual(
      new Set([name]),
    )
    expect((await read(depsOf(name))).equals(pdf)).toBe(true)
  }
  expect(s3.objects.size).toBe(0)
})

test('what broke off with its process is forgotten a day later', async () => {
  const { workspaceId } = house.ours
  await house.rows(
    `insert into media_blobs (id, workspace_id, store, created_at) values
       (gen_random_uuid(), $1, 'database', now() - interval '2 days'), (gen_random_uuid(), $1, 'database', now())`,
    [workspaceId],
  )
  await forgetUnfinished(depsOf('database'))
  expect((await blobs()).filter(({ sha256 }) => sha256 === null)).toHaveLength(1)
})
