import { createCatalog } from '../../src/catalog/manage-catalogs.ts'
import { upsertProducts } from '../../src/catalog/upsert-products.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { productSchema } from '../../src/model/catalog.ts'
import { createStaticSegment } from '../../src/segments/manage-segments.ts'
import type { House } from './house.ts'

/** What the samples refer to. */
export interface Surroundings {
  catalogId: string
  segmentId: string
  templateName: string
  /** Of a system outside that answers. */
  url: string
}

const second = { amount: 1, unit: 'seconds' }
const buttons = [
  { id: 'yes', title: 'Yes' },
  { id: 'no', title: 'No' },
]
const rows = [
  { id: 'soup', title: 'Soup' },
  { id: 'salad', title: 'Salad' },
]
const picture = { link: 'https://example.com/a.png' }
const isVip = { kind: 'tag', tag: 'vip' }

/** Settings of every card, as people use it; what waits does so for a second. */
export function cardSamples({
  catalogId,
  segmentId,
  templateName,
  url,
}: Surroundings): Record<string, object> {
  return {
    message: { text: 'Hello {{contact.first_name}}, good to see you.' },
    image: { media: picture, caption: 'For {{contact.first_name}}' },
    video: { media: { link: 'https://example.com/a.mp4' } },
    audio: { media: { link: 'https://example.com/a.ogg' } },
    document: { media: { link: 'https://example.com/a.pdf' }, filename: 'Bill.pdf' },
    'interactive-message': { body: 'Shall we?', buttons, timeout: second },
    'list-message': { body: 'What is it?', button: 'Choose', sections: [{ rows }], timeout: second },
    'interactive-flow': { flow: '424242', body: 'Your size', button: 'Fill in', timeout: second },
    'user-input': { question: 'How many?', answer: 'number', variable: 'count', timeout: second },
    phraser: { phrasings: ['Hello', 'Hi', 'Good day'] },
    url: { body: 'Our shop', button: 'Open', url: 'https://shop.example', wait: second },
    'send-catalog': { catalog: catalogId, body: 'All we have', timeout: second },
    'single-product': { catalog: catalogId, product: 'SKU-1', body: 'New', timeout: second },
    'multi-product': {
      ...{ catalog: catalogId, header: 'New', body: 'Shoes', timeout: second },
      sections: [{ title: 'Shoes', products: ['SKU-1'] }],
    },
    'provide-address': { body: 'Where to?', timeout: second },
    block: {
      ...{ block: newId(), version: 1, timeout: second },
      content: {
        ...{ type: 'button', body: { text: 'Shall we?' } },
        action: { buttons: buttons.map((reply) => ({ type: 'reply', reply })) },
      },
    },
    'run-if': { branches: [{ id: 'vip', condition: isVip }] },
    'time-delay': { delay: { mode: 'duration', duration: second } },
    'ab-splitter': {
      paths: [
        { id: 'a', weight: 1 },
        { id: 'b', weight: 1 },
      ],
    },
    'go-to': { card: 'end' },
    'end-conversation': { close: true, goalReached: true, outcome: 'done' },
    'setup-attribute': { assignments: [{ name: 'city', type: 'string', value: 'Berlin' }] },
    tag: { tags: ['vip'] },
    segment: { segmentIds: [segmentId] },
    label: { labels: ['urgent'] },
    dnd: { category: 'marketing' },
    handoff: { to: 'team', name: 'Support', timeout: second },
    'json-api': { url: `${url}/orders`, mapping: [{ path: 'body.total', variable: 'total' }] },
    'custom-script': { code: 'return { total: 3 + 4 }' },
    'send-template': { template: templateName, replies: [] },
    comment: { text: 'Remember' },
  }
}

/** Makes what the samples refer to. */
export async function surroundingsOf(house: House, url: string): Promise<Surroundings> {
  const { deps, workspaceId, access } = house
  const templateName = 'order_update'
  const catalog = { workspaceId, name: 'Shop', metaCatalogId: '354160437058781', source: 'manual' as const }
  const { id: catalogId } = await createCatalog(deps, catalog)
  const products = [productSchema.parse({ retailerId: 'SKU-1', name: 'Shoe', price: 3_000, currency: 'INR' })]
  const em = forkFor(deps.orm, workspaceId)
  await em.transactional((tx) => upsertProducts(tx, { workspaceId, catalogId, source: 'manual', products }))
  await em.execute(
    `insert into templates (id, workspace_id, waba_id, name, language, category, components, status)
     values (?, ?, ?, ?, 'en', 'UTILITY', ?::jsonb, 'approved')`,
    [
      ...[newId(), workspaceId, access.wabaId, templateName],
      JSON.stringify([{ type: 'BODY', text: 'Your order is on its way.' }]),
    ],
  )
  const { id: segmentId } = await createStaticSegment(deps, { workspaceId, name: 'Buyers', by: 'test' })
  return { catalogId, segmentId, templateName, url }
}
