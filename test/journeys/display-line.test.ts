import { createServer, type Server } from 'node:http'
import express from 'express'
import { createCatalog } from '../../src/catalog/manage-catalogs.ts'
import { upsertProducts } from '../../src/catalog/upsert-products.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { clickLinks } from '../../src/inbound/links.ts'
import { listAnswers } from '../../src/answers/find-answers.ts'
import { awaitEvent } from '../../src/journeys/event-waits.ts'
import { storeMedia } from '../../src/media/store-media.ts'
import { productSchema } from '../../src/model/catalog.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import type { SentMessage } from '../support/house.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'

quietTemporal()
let house: OpenHouse
let links: Server
let catalogId: string
let pictureId: string
const metaCatalogId = '354160437058781'
const waId = '919876543210'

beforeAll(async () => {
  const port = await freePort()
  house = await openHouse({ PUBLIC_URL: `http://127.0.0.1:${port}` })
  links = createServer(express().use('/l', clickLinks(house.deps)))
  await new Promise<void>((resolve) => links.listen(port, '127.0.0.1', resolve))
  const { deps, workspaceId } = house
  catalogId = (await createCatalog(deps, { workspaceId, name: 'Shop', metaCatalogId, source: 'manual' })).id
  const products = [productSchema.parse({ retailerId: 'SKU-1', name: 'Shoe', price: 3_000, currency: 'INR' })]
  await forkFor(deps.orm, workspaceId).transactional((em) =>
    upsertProducts(em, { workspaceId, catalogId, source: 'manual', products }),
  )
  async function* picture() {
    yield Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3])
  }
  const file = { workspaceId, name: 'Shoe.png', mimeType: 'image/png', by: 'test' }
  pictureId = await storeMedia(deps, file, picture())
})
afterAll(async () => {
  links.closeAllConnections()
  await new Promise((resolve) => links.close(resolve))
  await house.close()
})

const rows = <T extends object>(sql: string, values?: unknown[]) => house.rows<T>(sql, values)
const card = (type: string, settings: object, next: Record<string, string>) => ({ type, settings, next })

/** What the customer got, the last of so many. */
const nth = (count: number): Promise<SentMessage & { payload: Record<string, never> }> =>
  eventually(async () => {
    const messages = await house.ledger(waId)
    expect(messages).toHaveLength(count)
    return messages[count - 1] as never
  })
const interactiveOf = (message: SentMessage) =>
  (message.payload as unknown as { interactive: { action: { parameters: Record<string, string> } } })
    .interactive
const say = (message: object, to?: SentMessage) =>
  fetch(`${house.sandboxUrl}/sandbox/phones/${waId}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Ann Example',
      message: { ...message, ...(to && { context: { id: to.id } }) },
    }),
  })
const fillIn = (name: string, response: object, to: SentMessage) =>
  say(
    {
      type: 'interactive',
      interactive: {
        type: 'nfm_reply',
        nfm_reply: { name, body: 'Sent', response_json: JSON.stringify(response) },
      },
    },
    to,
  )

test('one run goes through list, Flow, order, address and link, and each answer is a row', async () => {
  const { journeyId } = await house.publish({
    start: 'menu',
    triggers: [{ type: 'user-utterance', keywords: ['hello'] }],
    cards: {
      menu: card(
        'list-message',
        {
          ...{ body: 'What is it?', button: 'Choose', variable: 'topic', retries: 1 },
          sections: [
            {
              rows: [
                { id: 'shop', title: 'Shop' },
                { id: 'help', title: 'Help' },
              ],
            },
          ],
        },
        { 'row:shop': 'picture' },
      ),
      picture: card('image', { media: { library: pictureId }, caption: 'Our shoe' }, { next: 'form' }),
      form: card(
        'interactive-flow',
        { flow: '424242', body: 'Your size', button: 'Fill in' },
        { completed: 'shop' },
      ),
      shop: card(
        'multi-product',
        {
          ...{ catalog: catalogId, header: 'New', body: 'Size {{vars.form.size}}' },
          sections: [{ title: 'Shoes', products: ['{{vars.form.sku}}'] }],
        },
        { ordered: 'where' },
      ),
      where: card('provide-address', { body: 'Where to?' }, { provided: 'page' }),
      page: card(
        'url',
        {
          ...{ body: 'Order {{vars.order.id}} over {{vars.order.total}}', button: 'Pay' },
          ...{ url: 'https://shop.example/pay?o={{vars.order.id}}', wait: { amount: 1, unit: 'hours' } },
        },
        { clicked: 'bye' },
      ),
      bye: card(
        'phraser',
        { phrasings: ['Thanks, {{vars.address.city}}!', 'Bye, {{vars.address.city}}!'] },
        {},
      ),
    },
  })
  await house.text(waId, 'hello')
  await nth(1)
  await house.text(waId, 'what?')
  const list = await nth(2)
  await say(
    { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'shop', title: 'Shop' } } },
    list,
  )
  const flow = await nth(4)
  const [, , picture] = await house.ledger(waId)
  expect(picture?.payload).toMatchObject({
    image: { id: expect.stringMatching(/^\d+$/), caption: 'Our shoe' },
  })
  const { flow_token } = interactiveOf(flow).action.parameters
  await fillIn('flow', { flow_token, size: '42', sku: 'SKU-1' }, flow)
  const products = await nth(5)
  expect(products.payload).toMatchObject({
    interactive: {
      body: { text: 'Size 42' },
      action: {
        catalog_id: metaCatalogId,
        sections: [{ product_items: [{ product_retailer_id: 'SKU-1' }] }],
      },
    },
  })
  const item = { product_retailer_id: 'SKU-1', quantity: 2, item_price: 30, currency: 'INR' }
  await say(
    { type: 'order', order: { catalog_id: metaCatalogId, text: '', product_items: [item] } },
    products,
  )
  const asking = await nth(6)
  expect(asking.payload).toMatchObject({
    interactive: { type: 'address_message', action: { parameters: { country: 'IN' } } },
  })
  const values = { address: 'MG Road 1', in_pin_code: '560001', city: 'Bengaluru' }
  await fillIn('address_message', { values }, asking)
  const page = await nth(7)
  const [order] = await rows<{ id: string }>('select id from orders')
  expect(page.payload).toMatchObject({ interactive: { body: { text: `Order ${order?.id} over 60` } } })
  await follow(interactiveOf(page).action.parameters['url'] ?? '', `https://shop.example/pay?o=${order?.id}`)
  const bye = await nth(8)
  expect(bye.payload).toMatchObject({ text: { body: expect.stringMatching(/^(Thanks|Bye), Bengaluru!$/) } })
  await eventually(async () => expect(await rows('select state from runs')).toEqual([{ state: 'completed' }]))

  const answers = await listAnswers(house.deps, { workspaceId: house.workspaceId, journeyId, limit: 10 })
  expect(
    answers
      .toReversed()
      .map(({ cardId, question, value, isValid }) => ({ cardId, question, value, isValid })),
  ).toEqual([
    { cardId: 'menu', question: 'What is it?', value: null, isValid: false },
    { cardId: 'menu', question: 'What is it?', value: 'shop', isValid: true },
    { cardId: 'form', question: 'Your size', value: { size: '42', sku: 'SKU-1' }, isValid: true },
    {
      ...{ cardId: 'shop', question: 'Size 42', isValid: true },
      value: {
        total: 60,
        currency: 'INR',
        items: [{ retailer_id: 'SKU-1', quantity: 2, price: 30, currency: 'INR' }],
      },
    },
    expect.objectContaining({
      cardId: 'where',
      value: expect.objectContaining({ postal_code: '560001', country: 'IN' }),
    }),
  ])
  expect(await rows('select verified from flow_answers')).toEqual([{ verified: true }])
  const [contact] = await rows<{ attributes: object; city: string }>(
    `select c.attributes, c.city from contacts c join identities i on i.contact_id = c.id where i.value = $1`,
    [waId],
  )
  expect(contact).toMatchObject({ city: 'Bengaluru', attributes: { postal_code: '560001' } })
  expect(await rows('select is_preview from link_clicks order by id')).toEqual([
    { is_preview: true },
    { is_preview: false },
  ])
})

test('a click that came before anybody waited for it is taken by the wait, and by no other', async () => {
  const [click] = await rows<{ message_id: string; run_id: string }>(
    'select message_id, run_id from link_clicks where not is_preview',
  )
  const [run] = await rows<Record<string, string>>(
    'select workflow_id, lineage_id, journey_id, version_id, contact_id, number_id from runs where id = $1',
    [click?.run_id],
  )
  const { workspaceId } = house
  const wait = (waitKey: string, value: string, sinceMessage?: string) =>
    awaitEvent(house.deps, {
      ...{ waitKey, event: 'link_clicked', workflowId: run?.['workflow_id'] ?? '', sinceMessage },
      condition: { kind: 'compare', path: 'event.message_id', operator: 'equals', value },
      progress: {
        run: {
          ...{ workspaceId, runId: click?.run_id ?? '', lineageId: run?.['lineage_id'] ?? '' },
          ...{ journeyId: run?.['journey_id'] ?? '', contactId: run?.['contact_id'] },
          numberId: run?.['number_id'] ?? '',
        },
        ...{ versionId: run?.['version_id'], facts: [], state: 'waiting', cardId: 'page' },
      },
    })
  const messageId = click?.message_id ?? ''
  await wait('this', messageId, messageId)
  await wait('another', newId(), messageId)
  await wait('from now on', messageId)
  expect(
    await rows(
      `select wait_key from event_waits where taken_at is not null and wait_key in ('this', 'another', 'from now on')`,
    ),
  ).toEqual([{ wait_key: 'this' }])
})

test('a file whose id WhatsApp has lost is uploaded again, and the message goes out', async () => {
  await house.publish({
    start: 'picture',
    triggers: [{ type: 'user-utterance', keywords: ['picture'] }],
    cards: { picture: card('image', { media: { library: pictureId } }, {}) },
  })
  const idOf = (message: SentMessage) => (message.payload as { image?: { id: string } }).image?.id ?? ''
  const send = (count: number) =>
    eventually(async () => {
      const messages = await house.ledger('4915112345678')
      expect(messages).toHaveLength(count)
      return idOf(messages[count - 1] as SentMessage)
    })
  await house.text('4915112345678', 'picture')
  const first = await send(1)
  const headers = { authorization: 'Bearer sandbox-token' }
  await fetch(`${house.sandboxUrl}/v23.0/${first}`, { method: 'DELETE', headers })
  await house.text('4915112345678', 'picture')
  expect(await send(2)).not.toBe(first)
  expect(await rows(`select 1 from messages where state = 'failed'`)).toEqual([])
})

/** First a messenger's preview, which counts for nothing, then the customer. */
async function follow(link: string, target: string): Promise<void> {
  for (const agent of [
    'WhatsApp/2.24.1 A',
    'Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36',
  ]) {
    const answer = await fetch(link, { redirect: 'manual', headers: { 'user-agent': agent } })
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({ status: 302, to: target })
  }
}
