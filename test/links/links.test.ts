import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { newId } from '../../src/db/columns.ts'
import { clickLinks } from '../../src/inbound/links.ts'
import { signId } from '../../src/kit/signed-id.ts'
import { isPreview } from '../../src/links/read-visitor.ts'
import { routes } from '../../src/links/routes.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let house: WorkspaceApi
let server: Server
let base: string
let numberId: string
const person = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148'

beforeAll(async () => {
  house = await openWorkspaceApi(routes)
  numberId = await house.addNumber()
  server = createServer(express().use('/l', clickLinks(house.deps)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/l`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await house.close()
})

/** A message with a button to a page, as it stands in the ledger. */
async function sendLink(url: string, tracked = true): Promise<{ messageId: string; contactId: string }> {
  const [contactId, conversationId, messageId] = [newId(), newId(), newId()]
  const workspaceId = house.ours.workspaceId
  await house.rows('insert into contacts (id, workspace_id, name) values ($1, $2, $3)', [
    contactId,
    workspaceId,
    'Ann',
  ])
  await house.rows(
    'insert into conversations (id, workspace_id, number_id, contact_id) values ($1, $2, $3, $4)',
    [conversationId, workspaceId, numberId, contactId],
  )
  const action = { name: 'cta_url', parameters: { display_text: 'Open', url, ...(tracked && { tracked }) } }
  const content = { type: 'interactive', interactive: { type: 'cta_url', body: { text: 'x' }, action } }
  await house.rows(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, fact_id, send_key,
       class, state, card_id) values ($1, $2, $3, $4, $5, 'out', 'interactive', $6, $1, $7, 'utility', 'accepted', 'page')`,
    [messageId, workspaceId, conversationId, numberId, contactId, JSON.stringify(content), messageId],
  )
  return { messageId, contactId }
}
const follow = async (token: string, agent = person, method = 'GET') => {
  const answer = await fetch(`${base}/${token}`, {
    method,
    redirect: 'manual',
    headers: { 'user-agent': agent },
  })
  return {
    status: answer.status,
    to: answer.headers.get('location'),
    cache: answer.headers.get('cache-control'),
  }
}
const tokenOf = (messageId: string) => signId(house.deps.config, 'click', messageId)

interface Click {
  url: string
  cardId: string
  contactName: string
  isPreview: boolean
}

test('a click leads on, and is a row, a fact and an event', async () => {
  const url = 'https://shop.example/a?b=1#c'
  const { messageId, contactId } = await sendLink(url)
  expect(await follow(tokenOf(messageId))).toEqual({ status: 302, to: url, cache: 'no-store' })
  const { items } = await house.ask<Page<Click>>(200, 'GET', `/link-clicks?messageId=${messageId}`)
  expect(items).toMatchObject([{ url, cardId: 'page', contactName: 'Ann', isPreview: false }])
  expect(await house.rows('select type, attributes from events where contact_id = $1', [contactId])).toEqual([
    { type: 'link_clicked', attributes: { message_id: messageId, url, card_id: 'page' } },
  ])
  expect(
    await house.rows(`select cause_id from facts where kind = 'link.clicked' and contact_id = $1`, [
      contactId,
    ]),
  ).toEqual([{ cause_id: messageId }])
})

test('programs that look before a person does are counted apart, and tell nobody', async () => {
  const { messageId, contactId } = await sendLink('https://shop.example/')
  await follow(tokenOf(messageId), 'WhatsApp/2.24.1 A')
  await follow(tokenOf(messageId), 'facebookexternalhit/1.1')
  await follow(tokenOf(messageId), person, 'HEAD')
  const list = (more = '') => house.ask<Page<Click>>(200, 'GET', `/link-clicks?messageId=${messageId}${more}`)
  expect((await list()).items).toEqual([])
  expect((await list('&previews=true')).items).toHaveLength(3)
  expect(await house.rows('select 1 from events where contact_id = $1', [contactId])).toEqual([])
})

test('who clicks again and again is told of once a minute', async () => {
  const { messageId, contactId } = await sendLink('https://shop.example/')
  for (let at = 0; at < 4; at++) await follow(tokenOf(messageId))
  expect(await house.rows('select 1 from link_clicks where message_id = $1', [messageId])).toHaveLength(4)
  expect(await house.rows('select 1 from events where contact_id = $1', [contactId])).toHaveLength(1)
})

test('a link leads where its message says and nowhere else', async () => {
  const { messageId } = await sendLink('https://shop.example/')
  const token = tokenOf(messageId)
  const forged = (token.startsWith('A') ? 'B' : 'A') + token.slice(1)
  const untracked = tokenOf((await sendLink('https://shop.example/', false)).messageId)
  const script = tokenOf((await sendLink('javascript:alert(1)')).messageId)
  const others = [forged, tokenOf(newId()), signId(house.deps.config, 'media', messageId), untracked, script]
  for (const other of [...others, `${token}?to=https://evil.example`.slice(0, 37), 'x', '%00']) {
    expect(await follow(other)).toMatchObject({ status: 404, to: null })
  }
  const [tail] = [`${token}?to=https://evil.example`]
  expect(await follow(tail ?? '')).toMatchObject({ status: 302, to: 'https://shop.example/' })
})

test('of an erased contact the link is no more', async () => {
  const { messageId } = await sendLink('https://shop.example/')
  await house.rows(`update messages set content = jsonb_build_object('type', type) where id = $1`, [
    messageId,
  ])
  expect((await follow(tokenOf(messageId))).status).toBe(404)
})

test('clicks that cannot be written down are followed still', async () => {
  const { messageId } = await sendLink('https://shop.example/')
  await house.rows('alter table link_clicks rename to link_clicks_away')
  try {
    expect(await follow(tokenOf(messageId))).toMatchObject({ status: 302 })
  } finally {
    await house.rows('alter table link_clicks_away rename to link_clicks')
  }
})

test('clicks are listed by pages, of one workspace', async () => {
  const { messageId } = await sendLink('https://shop.example/')
  for (let at = 0; at < 3; at++) await follow(tokenOf(messageId))
  const path = `/link-clicks?messageId=${messageId}&limit=2`
  const first = await house.ask<Page<Click>>(200, 'GET', path)
  const second = await house.ask<Page<Click>>(200, 'GET', `${path}&cursor=${first.nextCursor}`)
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null])
  expect((await house.ask<Page<Click>>(200, 'GET', path, undefined, house.theirs.key)).items).toEqual([])
})

test.each([
  [person, false],
  ['Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20 Build/S) AppleWebKit/537.36 Chrome/126.0 Mobile', false],
  ['Mozilla/5.0 (Linux; Android 14; SM-S918B) Chrome/126.0 Mobile Instagram 330.0', false],
  ['WhatsApp/2.24.1 A', true],
  ['facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', true],
  ['TelegramBot (like TwitterBot)', true],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
  ['Mozilla/5.0 (compatible; bingbot/2.0)', true],
  ['curl/8.5.0', true],
  ['', true],
])('who looks: %s', (userAgent, expected) => {
  expect(isPreview({ method: 'GET', userAgent, purpose: '' })).toBe(expected)
})

test('a page that a browser loads before it is asked for is no click', () => {
  expect(isPreview({ method: 'GET', userAgent: person, purpose: 'prefetch;prerender' })).toBe(true)
})
