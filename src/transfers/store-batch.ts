import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { isLostRace } from '../db/lost-race.ts'
import { rejectColumns, stagedColumns, type ParsedBatch } from './parse-rows.ts'
import type { ImportRow } from './imports.ts'
import * as sql from './store-batch-sql.ts'

type BatchImport = Pick<ImportRow, 'id' | 'workspaceId' | 'plan' | 'dryRun' | 'factId' | 'by'>

/** Somebody else has stored this batch, or the import is not running any more: whoever asked stops. */
export class BatchRefused extends Error {}

/** Another transaction made a claim at the same moment: the batch is judged anew. */
class ClaimedMeanwhile extends Error {}

const maximumAttempts = 5

/**
 * Stores a batch and moves the import's cursor behind it, in one transaction: after kill -9 either both are there or
 * neither is. Returns whether somebody asked
 * for a pause or an end meanwhile.
 */
export async function storeBatch(
  client: Client,
  imported: BatchImport,
  startsAt: number,
  batch: ParsedBatch,
): Promise<{ askedToStop: boolean }> {
  await keepStatistics(client)
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('begin')
      // Should PostgreSQL crash, the cursor is lost with the rows behind it: they are stored again.
      await client.query('set local synchronous_commit = off')
      const askedToStop = await store(client, imported, startsAt, batch)
      await client.query('commit')
      return { askedToStop }
    } catch (error) {
      await client.query('rollback')
      const mayPass = error instanceof ClaimedMeanwhile || isLostRace(error)
      if (!mayPass || attempt >= maximumAttempts) throw error
    }
  }
}

/**
 * A million contacts come faster than autovacuum looks again, and by statistics of an empty table every look-up of an
 * identity would read all of the workspace's: what has doubled is looked at again.
 */
async function keepStatistics(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: 'contacts' | 'identities' }>(
    `select relname as name from pg_class where oid in ('contacts'::regclass, 'identities'::regclass)
       and pg_relation_size(oid) / current_setting('block_size')::int > 2 * greatest(relpages, 1)`,
  )
  for (const { name } of rows) await client.query(analyzed[name])
}

/** The columns that look-ups go by; the others are autovacuum's. */
const analyzed = {
  contacts: 'analyze contacts (id, workspace_id, merged_into)',
  identities: 'analyze identities (workspace_id, contact_id, kind, scope, value, valid_to)',
}

async function store(
  client: Client,
  imported: BatchImport,
  startsAt: number,
  batch: ParsedBatch,
): Promise<boolean> {
  const { id, workspaceId, plan, dryRun, factId, by } = imported
  await holdCursor(client, imported, startsAt)
  await client.query(sql.workTables)
  await copy(client, `import_batch (${stagedColumns.join(', ')})`, batch.rows)
  await copy(client, `import_rejects (${rejectColumns.join(', ')})`, batch.rejects)
  await client.query('analyze import_batch (row_no)')
  await client.query(sql.findHolders, [workspaceId, plan.portfolioId])
  await client.query('analyze import_keys (row_no, kind)')
  await client.query(sql.judgeRows, [id, dryRun])
  await client.query('analyze import_verdicts (row_no, contact_id, is_new)')
  const refused = await client.query(sql.rejectRows, [id])
  if (!dryRun) await client.query(sql.lockContacts)
  await client.query(sql.planRows, [plan.tags, plan.existing === 'update'])
  await client.query('analyze import_todo (row_no, contact_id, is_new)')
  if (!dryRun) {
    await client.query(sql.insertContacts, [workspaceId])
    await claim(client, workspaceId)
    await client.query('set local enable_seqscan = off')
    await client.query(sql.updateContacts, [workspaceId])
    await client.query('set local enable_seqscan = on')
    await client.query(sql.insertFacts, [workspaceId, factId, id, by])
  }
  const touched = await client.query<{ outcome: string; n: number }>(sql.insertTouched, [id])
  const outcomes = new Map(touched.rows.map(({ outcome, n }) => [outcome, n]))
  return moveCursor(client, imported, batch, refused.rowCount ?? 0, (name) => outcomes.get(name) ?? 0)
}

/** A worker that was thought dead and still lives finds the cursor moved, or waits here until it is. */
async function holdCursor(client: Client, { id, workspaceId }: BatchImport, startsAt: number): Promise<void> {
  const { rows } = await client.query<{ state: string; offset_bytes: string }>(
    'select state, offset_bytes from imports where workspace_id = $1 and id = $2 for update',
    [workspaceId, id],
  )
  const [row] = rows
  if (row?.state === 'running' && Number(row.offset_bytes) === startsAt) return
  throw new BatchRefused(`import ${id} is ${row?.state ?? 'gone'}, at byte ${row?.offset_bytes}`)
}

async function copy(client: Client, target: string, pieces: Buffer[]): Promise<void> {
  if (pieces.length === 0) return
  const stream = client.query(copyFrom(`copy ${target} from stdin`))
  await pipeline(Readable.from(pieces), stream)
}

async function claim(client: Client, workspaceId: string): Promise<void> {
  const { rowCount } = await client.query(sql.insertIdentities, [workspaceId])
  const { rows } = await client.query<{ n: number }>(sql.countClaims)
  if (rowCount !== rows[0]?.n) throw new ClaimedMeanwhile('an identity was claimed meanwhile')
}

async function moveCursor(
  client: Client,
  { id, workspaceId }: BatchImport,
  batch: ParsedBatch,
  refused: number,
  count: (outcome: string) => number,
): Promise<boolean> {
  const outcomes = ['created', 'updated', 'unchanged', 'skipped'].map(count)
  const accepted = outcomes.reduce((sum, n) => sum + n, 0)
  const duplicates = await client.query<{ n: number }>(
    `select count(*)::int as n from import_verdicts
     where duplicate_of is not null and cardinality(coalesce(holders, '{}')) < 2`,
  )
  const doubled = duplicates.rows[0]?.n ?? 0
  const { rows } = await client.query<{ asked_to_stop: boolean }>(
    `update imports set offset_bytes = $3, last_row = $4, rows_read = rows_read + $5, accepted = accepted + $6,
       rejected = rejected + $7, duplicates = duplicates + $8, created = created + $9, updated = updated + $10,
       unchanged = unchanged + $11, skipped = skipped + $12, updated_at = now()
     where workspace_id = $1 and id = $2 returning asked_to_stop`,
    [
      workspaceId,
      id,
      batch.endsAt,
      batch.lastRow,
      batch.read,
      accepted,
      batch.rejected + refused - doubled,
      doubled,
      ...outcomes,
    ],
  )
  return rows[0]?.asked_to_stop ?? true
}
