import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageContent } from '../model/message.ts'
import { productsOf, toProductContent, withProducts, type ProductMessage } from '../model/product-message.ts'
import { renderTemplate } from '../model/template.ts'
import { findShownProducts } from './compose-product-message.ts'

/**
 * A card's message with products, as the ledger takes it. Products may be named by variables; its words are rendered when it is
 * sent, like all texts.
 */
export async function composeForRun(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    contactId: string
    catalogId: string
    message: ProductMessage
    vars: JsonObject
  },
): Promise<MessageContent> {
  const { workspaceId, contactId, catalogId, vars } = input
  const isNamed = productsOf(input.message).some((id) => id.includes('{{'))
  const contact = isNamed
    ? await loadContactView(forkFor(deps.orm, workspaceId), workspaceId, contactId)
    : undefined
  const message = withProducts(input.message, (id) => {
    const { value, missing } = renderTemplate(id, { contact, vars, event: vars['event'] ?? {} })
    if (missing.length > 0)
      throw new AppError('missing_variable', `${missing.join(', ')} has no value and no fallback`)
    return value.trim()
  })
  const { metaCatalogId } = await findShownProducts(deps, { workspaceId, catalogId, message })
  return toProductContent(message, metaCatalogId)
}
