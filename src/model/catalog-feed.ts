import { labelCount, productSchema, variantNames, type Product } from './catalog.ts'
import { formatMoney, parseMoney } from './money.ts'

/** Columns of Meta's and Google's product feeds that we read; others are told and left aside. */
export const feedColumns = [
  'id',
  'title',
  'description',
  'availability',
  'condition',
  'price',
  'sale_price',
  'sale_price_effective_date',
  'link',
  'image_link',
  'additional_image_link',
  'brand',
  'product_type',
  'google_product_category',
  'fb_product_category',
  'item_group_id',
  ...variantNames,
  ...Array.from({ length: labelCount }, (_, at) => `custom_label_${at}`),
  'visibility',
] as const
export const requiredColumns = ['id', 'title', 'price'] as const

export type FeedRow = Record<string, string>
export interface FeedProblem {
  column: string
  reason: string
}

/** `Image Link`, `image-link` and `image_link` are one column. */
export function nameColumn(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
}

/** A row of a feed as a product, or what is wrong with it, by column. */
export function readFeedRow(row: FeedRow): Product | FeedProblem[] {
  const problems: FeedProblem[] = []
  const note = (column: string, reason: string) => problems.push({ column, reason })
  const price = readPrice(row, 'price', note)
  const sale = cell(row, 'sale_price') ? readPrice(row, 'sale_price', note) : undefined
  if (price && sale && sale.currency !== price.currency)
    note('sale_price', `must be in ${price.currency}, as the price is`)
  const window = readWindow(cell(row, 'sale_price_effective_date'))
  if (typeof window === 'string') note('sale_price_effective_date', window)
  const parsed = productSchema.safeParse({
    ...plainFields(row),
    price: price?.minor ?? 0,
    currency: price?.currency ?? 'USD',
    salePrice: price && sale ? sale.minor : undefined,
    // A time without a sale means nothing in feeds, where it may stand in every row.
    ...(price && sale && typeof window === 'object' && window),
  })
  for (const { path, message } of parsed.error?.issues ?? []) {
    const column = columnOf(path)
    note(column, isRequired(column) && !cell(row, column) ? 'is required' : message)
  }
  return parsed.data && problems.length === 0 ? parsed.data : problems
}

function isRequired(column: string): boolean {
  return requiredColumns.some((each) => each === column)
}

function plainFields(row: FeedRow) {
  const more = cell(row, 'additional_image_link')
  const images = [cell(row, 'image_link'), ...(more?.split(/[,\s]+(?=https?:)|,\s*$/) ?? [])]
  const labels = Array.from({ length: labelCount }, (_, at) => cell(row, `custom_label_${at}`) ?? '')
  const variant = variantNames.flatMap((name) => {
    const value = cell(row, name)
    return value === undefined ? [] : [[name, value]]
  })
  return {
    retailerId: cell(row, 'id') ?? '',
    name: cell(row, 'title') ?? '',
    description: cell(row, 'description'),
    availability: readAvailability(cell(row, 'availability')),
    condition: cell(row, 'condition')
      ?.toLowerCase()
      .replace(/^used.*/, 'used'),
    brand: cell(row, 'brand'),
    category: ['product_type', 'google_product_category', 'fb_product_category']
      .map((name) => cell(row, name))
      .find(Boolean),
    url: cell(row, 'link'),
    images: [...new Set(images.filter((image) => image !== undefined && image !== ''))],
    groupId: cell(row, 'item_group_id'),
    variant: Object.fromEntries(variant) as Record<string, string>,
    labels: labels.slice(0, labels.findLastIndex(Boolean) + 1),
    visibility: cell(row, 'visibility')?.toLowerCase(),
  }
}

function readAvailability(text: string | undefined): string | undefined {
  const words = text?.toLowerCase().replaceAll('_', ' ')
  return words === 'backorder' ? 'available for order' : words
}

function readPrice(row: FeedRow, column: string, note: (column: string, reason: string) => void) {
  const text = cell(row, column)
  const money = text === undefined ? 'is required' : parseMoney(text)
  if (typeof money !== 'string') return money
  note(column, money)
  return undefined
}

interface SaleWindow {
  saleFrom: string | null
  saleTo: string | null
}
/** Feeds know no sale with one end only. */
const [always, forever] = ['1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.000Z']

/** `2026-11-01T00:00-08:00/2026-11-30T23:59-08:00`; a time without a zone is UTC. */
function readWindow(text: string | undefined): SaleWindow | string | undefined {
  if (text === undefined) return undefined
  const [from, to, ...more] = text.split('/').map(readTime)
  if (!from || !to || more.length > 0)
    return 'must be two times: 2026-11-01T00:00-08:00/2026-11-30T23:59-08:00'
  if (from >= to) return 'must end after it begins'
  return { saleFrom: from === always ? null : from, saleTo: to === forever ? null : to }
}

function writeWindow({ saleFrom, saleTo }: Product): string {
  return saleFrom || saleTo ? `${saleFrom ?? always}/${saleTo ?? forever}` : ''
}

function readTime(text: string): string | undefined {
  const pattern =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d?)(:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(?:Z|([+-]\d\d):?(\d\d))?$/i
  const found = pattern.exec(text.trim())
  if (!found) return undefined
  const [, day = '', hour = '0', rest = ':00', hours, minutes] = found
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`
  const ms = Date.parse(`${day}T${hour.padStart(2, '0')}${rest}${zone}`)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

const columns: Record<string, string> = {
  retailerId: 'id',
  name: 'title',
  salePrice: 'sale_price',
  saleFrom: 'sale_price_effective_date',
  saleTo: 'sale_price_effective_date',
  category: 'product_type',
  url: 'link',
  groupId: 'item_group_id',
}

function columnOf([field = '', part]: PropertyKey[]): string {
  if (field === 'images') return part === 0 ? 'image_link' : 'additional_image_link'
  if (field === 'variant' && part !== undefined) return String(part)
  if (field === 'labels' && part !== undefined) return `custom_label_${String(part)}`
  return columns[String(field)] ?? String(field)
}

/** A product as a row of a feed: what `readFeedRow` reads back as the same product. */
export function writeFeedRow(product: Product): FeedRow {
  const { price, currency, salePrice, images } = product
  const given: Record<string, string | null | undefined> = {
    id: product.retailerId,
    title: product.name,
    description: product.description,
    availability: product.availability,
    condition: product.condition,
    price: formatMoney({ minor: price, currency }),
    sale_price: typeof salePrice === 'number' ? formatMoney({ minor: salePrice, currency }) : '',
    sale_price_effective_date: writeWindow(product),
    link: product.url,
    image_link: images[0],
    additional_image_link: images
      .slice(1)
      // A comma parts the links, so one inside a link is written as its escape, which means the same.
      .map((link) => link.replaceAll(',', '%2C'))
      .join(','),
    brand: product.brand,
    product_type: product.category,
    item_group_id: product.groupId,
    ...product.variant,
    ...Object.fromEntries(product.labels.map((label, at) => [`custom_label_${at}`, label])),
    visibility: product.visibility,
  }
  return Object.fromEntries(feedColumns.map((column) => [column, given[column] ?? '']))
}

function cell(row: FeedRow, column: string): string | undefined {
  const text = Object.hasOwn(row, column) ? row[column]?.trim() : undefined
  return text === '' ? undefined : text
}
