import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { messageContentSchema, type MessageContent } from '../model/message.ts'
import { productsOf, toProductContent, type ProductMessage } from '../model/product-message.ts'
import type { ProductRow } from './find-products.ts'
import { getCatalog } from './manage-catalogs.ts'
import { resolveProducts } from './resolve-products.ts'

export interface ComposedMessage {
  message: MessageContent
  /** Products that customers would not see, or could not order. */
  warnings: { retailerId: string; message: string }[]
}

interface Composing {
  workspaceId: string
  catalogId: string
  message: ProductMessage
}

/** The message in WhatsApp's shape. */
export async function composeProductMessage(
  deps: Pick<Deps, 'orm'>,
  input: Composing,
): Promise<ComposedMessage> {
  const { metaCatalogId, products } = await findShownProducts(deps, input)
  return {
    message: messageContentSchema.parse(toProductContent(input.message, metaCatalogId)),
    warnings: [...products.values()].flatMap((product) => {
      const hidden = whyHidden(product)
      return hidden === undefined ? [] : [{ retailerId: product.retailerId, message: hidden }]
    }),
  }
}

/** Products that the catalog does not have are refused: WhatsApp would refuse them too. */
export async function findShownProducts(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, catalogId, message }: Composing,
): Promise<{ metaCatalogId: string; products: Map<string, ProductRow> }> {
  const { metaCatalogId } = await getCatalog(deps, { workspaceId, catalogId })
  if (metaCatalogId === null) {
    const words = "the catalog has no Meta catalog id: WhatsApp shows products of Meta's catalogs only"
    throw new AppError('unprocessable', words, { fields: [{ field: 'metaCatalogId', message: words }] })
  }
  const retailerIds = productsOf(message)
  const em = forkFor(deps.orm, workspaceId)
  const known = await resolveProducts(em, { workspaceId, catalogId, retailerIds })
  const unknown = retailerIds.filter((id) => !known.has(id))
  if (unknown.length > 0) {
    const words = `the catalog has no product ${unknown.map((id) => `"${id}"`).join(', ')}`
    throw new AppError('unprocessable', words, { fields: [{ field: fieldOf(message), message: words }] })
  }
  return { metaCatalogId, products: known }
}

function fieldOf({ kind }: ProductMessage): string {
  return { product: 'retailerId', products: 'sections', catalog: 'thumbnailRetailerId' }[kind]
}

function whyHidden(product: ProductRow): string | undefined {
  if (product.archivedAt) return 'is in the archive'
  if (product.visibility === 'hidden') return 'is hidden'
  if (product.availability === 'out of stock' || product.availability === 'discontinued')
    return `is ${product.availability}`
  return product.images.length === 0 ? 'has no image' : undefined
}
