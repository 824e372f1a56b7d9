import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { readFeedRow } from '../model/catalog-feed.ts'
import { AppError } from '../model/errors.ts'
import { getCatalog } from './manage-catalogs.ts'
import { readFeed, type FeedLine } from './read-feed.ts'
import { upsertProducts, type SourcedProduct } from './upsert-products.ts'

export const maximumFeedRows = 200_000
/** Rejects are all counted; so many are told. */
export const maximumRejects = 1_000
const batchSize = 500
/** So many new rows make PostgreSQL's statistics wrong until it looks by itself, and lists slow (200,000: 400 ms a page). */
const manyRows = 10_000

export interface FeedReject {
  row: number
  id: string
  column: string
  reason: string
}
export interface FeedReport {
  dryRun: boolean
  rows: number
  created: number
  updated: number
  unchanged: number
  rejected: number
  rejects: FeedReject[]
  ignoredColumns: string[]
}

/**
 * Writes the products of a feed as it comes, five hundred rows a transaction: what was written stays when the connection
 * breaks, and sending the file again changes nothing. Products that the file does not name stay as they are.
 */
export async function importFeed(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; catalogId: string; file: AsyncIterable<Buffer>; dryRun: boolean },
): Promise<FeedReport> {
  const { dryRun, file } = input
  await getCatalog(deps, input)
  const report: FeedReport = {
    dryRun,
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    rejects: [],
    ignoredColumns: [],
  }
  const places = new Map<string, number>()
  let batch: SourcedProduct[] = []
  for await (const { header, lines } of readFeed(file)) {
    report.ignoredColumns = header.ignored
    for (const line of lines) {
      const product = takeLine(report, places, line)
      if (product) batch.push(product)
      if (batch.length < batchSize) continue
      await write(deps, input, batch, report)
      batch = []
    }
  }
  await write(deps, input, batch, report)
  if (report.created >= manyRows && !dryRun)
    await forkFor(deps.orm, input.workspaceId).execute('analyze products')
  return report
}

function takeLine(
  report: FeedReport,
  places: Map<string, number>,
  { row, cells, problem }: FeedLine,
): SourcedProduct | undefined {
  report.rows += 1
  if (report.rows > maximumFeedRows) {
    const message = `a feed has at most ${maximumFeedRows.toLocaleString('en')} rows: split it`
    throw new AppError('too_large', message, { details: { ...report, rejects: [] } })
  }
  const id = cells['id']?.trim() ?? ''
  const reject = (problems: { column: string; reason: string }[]) => {
    report.rejected += 1
    const room = Math.max(0, maximumRejects - report.rejects.length)
    report.rejects.push(...problems.slice(0, room).map((each) => ({ row, id: id.slice(0, 100), ...each })))
    return undefined
  }
  if (problem !== undefined) return reject([{ column: '', reason: problem }])
  const product = readFeedRow(cells)
  if (Array.isArray(product)) return reject(product)
  const key = copyOf(id)
  const first = places.get(key)
  if (first !== undefined) return reject([{ column: 'id', reason: `stands in row ${first} already` }])
  places.set(key, row)
  return product
}

/** A cell is a window onto its whole line, which would be kept as long as the cell is. */
function copyOf(cell: string): string {
  return Buffer.from(cell).toString('latin1')
}

/** A dry run writes too, and takes it back: what it tells is what would happen. */
async function write(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, catalogId, dryRun }: { workspaceId: string; catalogId: string; dryRun: boolean },
  products: SourcedProduct[],
  report: FeedReport,
): Promise<void> {
  if (products.length === 0) return
  const em = forkFor(deps.orm, workspaceId)
  await em.begin()
  try {
    const written = await upsertProducts(em, { workspaceId, catalogId, source: 'csv', products })
    await (dryRun ? em.rollback() : em.commit())
    report.created += written.created
    report.updated += written.updated
    report.unchanged += written.unchanged + written.stale
  } catch (error) {
    if (em.isInTransaction()) await em.rollback()
    throw error
  }
}
