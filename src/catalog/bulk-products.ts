import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { productSchema } from '../model/catalog.ts'
import { requireCatalog } from './manage-catalogs.ts'
import { upsertProducts, type SourcedProduct, type UpsertResult } from './upsert-products.ts'

export interface BulkError {
  /** Place in the request, from 0. */
  row: number
  retailerId: string | null
  field: string
  message: string
}
export interface BulkResult extends UpsertResult {
  failed: number
  errors: BulkError[]
}

/**
 * Writes the rows that are right in one transaction, and says of each other row what is wrong.
 * @param allOrNothing with one wrong row nothing is written.
 */
export async function bulkUpsert(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; catalogId: string; rows: unknown[]; allOrNothing: boolean },
): Promise<BulkResult> {
  const { workspaceId, catalogId, rows, allOrNothing } = input
  const { products, errors, failed } = readRows(rows)
  const written = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await requireCatalog(em, { workspaceId, catalogId })
    const isRefused = allOrNothing && failed > 0
    return upsertProducts(em, {
      workspaceId,
      catalogId,
      source: 'manual',
      products: isRefused ? [] : products,
    })
  })
  return { ...written, failed, errors }
}

const strictProduct = productSchema.strict()

function readRows(rows: unknown[]) {
  const products: SourcedProduct[] = []
  const errors: BulkError[] = []
  const places = new Map<string, number>()
  let failed = 0
  for (const [row, given] of rows.entries()) {
    const parsed = strictProduct.safeParse(given)
    const retailerId = idOf(given)
    const note = (field: string, message: string) => errors.push({ row, retailerId, field, message })
    const first = retailerId === null ? undefined : places.get(retailerId)
    if (first !== undefined) note('retailerId', `stands in row ${first} already`)
    else if (retailerId !== null) places.set(retailerId, row)
    for (const { field, message } of parsed.error ? toFieldErrors(parsed.error) : []) note(field, message)
    if (parsed.data && first === undefined) products.push(parsed.data)
    else failed += 1
  }
  return { products, errors, failed }
}

function idOf(given: unknown): string | null {
  const id = (given as { retailerId?: unknown } | null | undefined)?.retailerId
  return typeof id === 'string' ? id.trim().slice(0, 100) : null
}
