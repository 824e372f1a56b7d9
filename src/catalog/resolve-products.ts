import type { Em } from '../db/orm.ts'
import { productColumns, type ProductRow } from './find-products.ts'

/** Products of a catalog by their retailer ids; those it does not have are absent. Archived ones say so. */
export async function resolveProducts(
  em: Em,
  input: { workspaceId: string; catalogId: string; retailerIds: string[] },
): Promise<Map<string, ProductRow>> {
  const rows = await em.execute<ProductRow[]>(
    `select ${productColumns} from products p where p.workspace_id = ? and p.catalog_id = ?
       and p.retailer_id in (select jsonb_array_elements_text(?::jsonb))`,
    [input.workspaceId, input.catalogId, JSON.stringify(input.retailerIds)],
  )
  return new Map(rows.map((row) => [row.retailerId, row]))
}
