import { z } from 'zod'
import { currencySchema, minorSchema } from './money.ts'

/** Limits: Meta's product data specification (developers.facebook.com, Catalog). */
export const availabilities = [
  'in stock',
  'out of stock',
  'preorder',
  'available for order',
  'discontinued',
] as const
export const conditions = ['new', 'refurbished', 'used'] as const
export const visibilities = ['published', 'hidden'] as const
/** Who fills a catalog: people, or a shop that is synced into it. */
export const catalogSources = ['manual', 'csv', 'commerce', 'shopify', 'woocommerce'] as const
export const variantNames = ['color', 'size', 'material', 'pattern', 'gender', 'age_group'] as const
const maximumImages = 21
export const labelCount = 5

const optionalText = (maximum: number) => z.string().trim().min(1).max(maximum).nullish()

/** Meta fetches images and links from the internet: nothing local, no password in the address. */
const webAddress = z
  .string()
  .trim()
  .max(2_000)
  .refine(
    (text) => isWebAddress(text, /^https?:$/),
    'must be an address like https://shop.example/p/1, without a password',
  )
  .meta({ example: 'https://shop.example/p/1' })
const imageAddress = z
  .string()
  .trim()
  .max(2_000)
  .refine((text) => isWebAddress(text, /^https:$/), 'must be an https:// address of an image')
  .meta({ example: 'https://shop.example/1.jpg' })

const plainProduct = z.object({
  retailerId: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .meta({ description: 'your id of the product (SKU), unique in its catalog' }),
  name: z.string().trim().min(1).max(200),
  description: optionalText(9_999),
  price: minorSchema,
  currency: currencySchema,
  salePrice: minorSchema.nullish(),
  saleFrom: z.iso.datetime({ offset: true }).nullish(),
  saleTo: z.iso.datetime({ offset: true }).nullish().meta({ example: '2026-02-01T00:00:00Z' }),
  availability: z.enum(availabilities).default('in stock'),
  condition: z.enum(conditions).default('new'),
  brand: optionalText(100),
  category: optionalText(750).meta({ description: 'a path like `Apparel > Shirts`' }),
  url: webAddress.nullish(),
  images: z
    .array(imageAddress)
    .max(maximumImages)
    .refine((all) => new Set(all).size === all.length, 'the same image stands there twice')
    .default([])
    .meta({ description: 'addresses of images, the main one first' }),
  groupId: optionalText(100).meta({ description: 'the same for all variants of one product' }),
  variant: z.partialRecord(z.enum(variantNames), z.string().trim().min(1).max(200)).default({}),
  labels: z
    .array(z.string().trim().max(100))
    .max(labelCount)
    .default([])
    .meta({ description: 'custom labels 0 to 4, by their place; an empty text is none' }),
  visibility: z.enum(visibilities).default('published'),
})

/** A product as people and other systems give it; absent and null mean the same. */
export const productSchema = plainProduct.superRefine(checkSale)
export type Product = z.output<typeof productSchema>
/** One field changed leaves the others; the whole is checked again afterwards. */
export const productChangeSchema = plainProduct.omit({ retailerId: true }).partial().extend({
  // Without the defaults, which would empty what a change does not name.
  availability: plainProduct.shape.availability.unwrap().optional(),
  condition: plainProduct.shape.condition.unwrap().optional(),
  images: plainProduct.shape.images.unwrap().optional(),
  variant: plainProduct.shape.variant.unwrap().optional(),
  labels: plainProduct.shape.labels.unwrap().optional(),
  visibility: plainProduct.shape.visibility.unwrap().optional(),
})

function checkSale(
  product: {
    price: number
    salePrice?: number | null | undefined
    saleFrom?: string | null | undefined
    saleTo?: string | null | undefined
  },
  context: z.RefinementCtx,
): void {
  const { price, salePrice, saleFrom, saleTo } = product
  const issue = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message })
  if (typeof salePrice === 'number' && salePrice > price) issue('salePrice', 'must not be above the price')
  if (typeof salePrice !== 'number' && (saleFrom || saleTo))
    issue('salePrice', 'is required when the sale has a time')
  if (saleFrom && saleTo && Date.parse(saleFrom) >= Date.parse(saleTo))
    issue('saleTo', 'must be after saleFrom')
}

/**
 * Which products: the filters of the list, and the rule of a product set. Several values of one field mean any of them;
 * several fields must all fit.
 */
const words = (maximum: number) => z.array(z.string().trim().min(1).max(maximum)).min(1).max(100).optional()
export const productFilterSchema = z.object({
  search: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'part of a name, retailer id or brand' }),
  retailerIds: words(100),
  brands: words(100),
  categories: words(750).meta({ description: 'with everything below: `Apparel` holds `Apparel > Shirts`' }),
  availabilities: z.array(z.enum(availabilities)).min(1).optional(),
  conditions: z.array(z.enum(conditions)).min(1).optional(),
  visibilities: z.array(z.enum(visibilities)).min(1).optional(),
  groupIds: words(100),
  labels: words(100).meta({ description: 'any of the five custom labels' }),
  currency: currencySchema.optional(),
  minPrice: minorSchema.optional(),
  maxPrice: minorSchema.optional(),
  onSale: z.boolean().optional().meta({ description: 'has a sale price that holds now' }),
})
export type ProductFilter = z.output<typeof productFilterSchema>

/** What Meta asks of a product before customers may see it, and this one lacks. */
export function missingForMeta(product: {
  description: string | null
  brand: string | null
  url: string | null
  images: string[]
}): string[] {
  return [
    ...(product.description ? [] : ['description']),
    ...(product.brand ? [] : ['brand']),
    ...(product.url ? [] : ['url']),
    ...(product.images.length > 0 ? [] : ['images']),
  ]
}

function isWebAddress(text: string, protocol: RegExp): boolean {
  const url = URL.parse(text)
  if (!url || !protocol.test(url.protocol) || url.username || url.password) return false
  return /^[^.]+(\.[^.]+)*\.[a-z][a-z0-9-]*[a-z0-9]$/.test(url.hostname)
}
