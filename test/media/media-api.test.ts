import { createHash, randomBytes } from 'node:crypto'
import express from 'express'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mediaLinks } from '../../src/inbound/media.ts'
import { signId } from '../../src/kit/signed-id.ts'
import { answerProblems } from '../../src/kit/problem.ts'
import { routes } from '../../src/media/routes.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  randomBytes(700_000),
])
let house: WorkspaceApi

beforeAll(async () => {
  house = await openWorkspaceApi(routes)
})
afterAll(() => house.close())

interface Media {
  id: string
  name: string
  kind: string
  bytes: number
  sha256: string
}
const upload = async (
  body: NonNullable<RequestInit['body']>,
  type: string | undefined,
  query = '',
  key = house.ours.key,
) => {
  const response = await fetch(`${house.api.url}/platform/v1/media${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...(type && { 'content-type': type }) },
    body,
  })
  return {
    status: response.status,
    body: (await response.json()) as Media & { errors?: unknown; code?: string },
  }
}

test('a file goes in by pieces and comes out the same', async () => {
  const { status, body } = await upload(png, 'image/png', '?name=Shoes.png')
  expect({ status, body }).toMatchObject({
    status: 201,
    body: {
      name: 'Shoes.png',
      kind: 'image',
      bytes: png.length,
      sha256: createHash('sha256').update(png).digest('hex'),
    },
  })
  const file = await fetch(`${house.api.url}/platform/v1/media/${body.id}/file`, {
    headers: { authorization: `Bearer ${house.ours.key}` },
  })
  expect(file.headers.get('content-disposition')).toBe('inline; filename=Shoes.png')
  expect(Buffer.from(await file.arrayBuffer()).equals(png)).toBe(true)
  expect(await house.rows('select count(*)::int as n from media_pieces')).toEqual([{ n: 3 }])
})

test('a form brings the name along', async () => {
  const form = new FormData()
  form.append('file', new Blob(['%PDF-1.7 x'], { type: 'application/pdf' }), 'Bill.pdf')
  const { status, body } = await upload(form, undefined)
  expect({ status, body }).toMatchObject({ status: 201, body: { name: 'Bill.pdf', kind: 'document' } })
})

test.each<[string, Buffer, string, number]>([
  ['another type', Buffer.from('PK'), 'application/zip', 415],
  ['a content that is not of its type', Buffer.from('<html>'), 'image/png', 400],
  ['nothing', Buffer.alloc(0), 'image/png', 400],
  ['too much', Buffer.concat([png.subarray(0, 8), Buffer.alloc(5 * 1024 * 1024)]), 'image/png', 413],
])('%s is refused, and nothing of it stays', async (_what, bytes, type, status) => {
  const before = await house.rows('select count(*)::int as n from media_pieces')
  expect((await upload(bytes, type)).status).toBe(status)
  expect(await house.rows('select count(*)::int as n from media_pieces')).toEqual(before)
})

test('the list is the library of one workspace: by kind, by name, by pages, without the archive', async () => {
  const all = await house.ask<Page<Media>>(200, 'GET', '/media')
  expect(all.items.map(({ name }) => name)).toEqual(['Bill.pdf', 'Shoes.png'])
  const images = await house.ask<Page<Media>>(200, 'GET', '/media?kind=image')
  expect(images.items).toHaveLength(1)
  expect((await house.ask<Page<Media>>(200, 'GET', '/media?search=BILL')).items).toHaveLength(1)
  const first = await house.ask<Page<Media>>(200, 'GET', '/media?limit=1')
  const second = await house.ask<Page<Media>>(200, 'GET', `/media?limit=1&cursor=${first.nextCursor}`)
  expect([first.items[0]?.name, second.items[0]?.name]).toEqual(['Bill.pdf', 'Shoes.png'])
  expect((await house.ask<Page<Media>>(200, 'GET', '/media', undefined, house.theirs.key)).items).toEqual([])
  const id = images.items[0]?.id
  await house.ask(404, 'GET', `/media/${id}`, undefined, house.theirs.key)
  await house.ask(200, 'PATCH', `/media/${id}`, { name: 'Boots.png' })
  await house.ask(204, 'DELETE', `/media/${id}`)
  await house.ask(204, 'DELETE', `/media/${id}`)
  expect((await house.ask<Page<Media>>(200, 'GET', '/media')).items).toHaveLength(1)
  expect(await house.ask(200, 'GET', `/media/${id}`)).toMatchObject({
    name: 'Boots.png',
    archivedAt: expect.any(String),
  })
  const facts = await house.rows(`select kind from facts where kind like 'media.%' order by at, id`)
  expect(facts.map(({ kind }) => kind)).toEqual([
    'media.added',
    'media.added',
    'media.renamed',
    'media.archived',
  ])
})

test('a signed link opens a file for who has no key; a token that we did not make opens nothing', async () => {
  const { body } = await upload(png, 'image/png')
  const app = express().use('/media', mediaLinks(house.deps)).use(answerProblems(house.deps.log))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media`
  const token = signId(house.deps.config, 'media', body.id)
  const file = await fetch(`${base}/${token}`)
  expect({ status: file.status, type: file.headers.get('content-type') }).toEqual({
    status: 200,
    type: 'image/png',
  })
  expect(Buffer.from(await file.arrayBuffer()).equals(png)).toBe(true)
  const others = [
    // Not the last letter: four bits of it mean nothing.
    (token.startsWith('A') ? 'B' : 'A') + token.slice(1),
    signId(house.deps.config, 'click', body.id),
    'x',
  ]
  for (const other of others) expect((await fetch(`${base}/${other}`)).status).toBe(404)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
