import { WorkflowNotFoundError } from '@temporalio/client'
import { recordFacts } from '../analytics/facts.ts'
import { declareAttributes, listDefinitions } from '../contacts/attribute-definitions.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { withinTime } from '../kit/within-time.ts'
import { AppError } from '../model/errors.ts'
import { enqueue } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { importWorkflowId, paused, resumed } from '../../workflows/contract.ts'
import { checkMapping } from './check-mapping.ts'
import { endImport } from './end-import.ts'
import type { Mapping } from './import-mapping.ts'
import { findImport, lockImport, type ImportRow } from './imports.ts'

const callTimeoutMs = 10_000

export interface ImportOrder {
  workspaceId: string
  importId: string
  by: string
}

/** Says what the columns are. It may be said anew until the import runs for good. */
export async function mapImport(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, importId }: ImportOrder,
  mapping: Mapping,
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const imported = await lockImport(em, workspaceId, importId)
    refuseUnless(imported, ['uploaded', 'ready', 'checked'], 'mapped')
    const plan = await checkMapping(em, workspaceId, imported.file, mapping)
    await em.execute(
      `update imports set plan = ?::jsonb, state = 'ready', updated_at = now() where workspace_id = ? and id = ?`,
      [JSON.stringify(plan), workspaceId, importId],
    )
  })
}

/** Starts an import or its dry run; one that was cancelled or failed goes on where it stopped. */
export async function startImport(deps: Deps, order: ImportOrder & { dryRun: boolean }): Promise<void> {
  const { workspaceId, importId, by, dryRun } = order
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const imported = await lockImport(em, workspaceId, importId)
    refuseUnless(imported, ['ready', 'checked', 'cancelled', 'failed'], 'started')
    const goesOn = !dryRun && !imported.dryRun && ['cancelled', 'failed'].includes(imported.state)
    if (dryRun && !imported.dryRun && imported.attempt > 0)
      throw new AppError('conflict', 'its rows have been stored already: a dry run would tell nothing new')
    if (!goesOn) await beginAnew(em, imported)
    if (!dryRun) await declareMissing(em, imported)
    const attempt = imported.attempt + 1
    const workflowId = importWorkflowId(workspaceId, importId, attempt)
    const factId = goesOn ? imported.factId : newId()
    await em.execute(
      `update imports set state = 'running', dry_run = ?, attempt = ?, workflow_id = ?, fact_id = ?, by = ?, error = null, asked_to_stop = false,
         started_at = coalesce(started_at, now()), ended_at = null, updated_at = now() where workspace_id = ? and id = ?`,
      [dryRun, attempt, workflowId, factId, by, workspaceId, importId],
    )
    const data = { import: importId, name: imported.name, by, dry_run: dryRun }
    await recordFacts(em, workspaceId, [
      { id: goesOn ? newId() : factId, atMs: Date.now(), kind: 'import.started', data },
    ])
    return enqueue(em, [{ name: 'import', workflowId, payload: { workspaceId, importId } }])
  })
  relaySoon(deps, outbox)
}

/** Holds an import between two slices, or lets it go on. */
export async function holdImport(
  deps: Deps,
  { workspaceId, importId }: ImportOrder,
  action: 'pause' | 'resume',
): Promise<void> {
  const imported = await findImport(forkFor(deps.orm, workspaceId), workspaceId, importId)
  refuseUnless(imported, ['running', 'paused'], `${action}d`)
  const handle = deps.temporal.workflow.getHandle(imported.workflowId ?? '')
  try {
    await withinTime(deps, callTimeoutMs, () => handle.signal(action === 'pause' ? paused : resumed))
    await askToStop(deps, imported, action === 'pause')
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    throw new AppError('unavailable', 'the import is just being started or ended', { retryAfterMs: 1_000 })
  }
}

/** Ends an import where it is; what it has stored stays, and it can be started again from there. */
export async function cancelImport(deps: Deps, { workspaceId, importId }: ImportOrder): Promise<void> {
  const em = forkFor(deps.orm, workspaceId)
  const imported = await findImport(em, workspaceId, importId)
  refuseUnless(imported, ['running', 'paused'], 'cancelled')
  const workflowId = imported.workflowId ?? ''
  await em.execute(`delete from outbox where workflow_id = ? and claimed_until <= now()`, [workflowId])
  if (await isThere(deps, workflowId)) {
    await withinTime(deps, callTimeoutMs, () => deps.temporal.workflow.getHandle(workflowId).cancel())
    await askToStop(deps, imported, true)
  } else await endImport(deps, { workspaceId, importId, state: 'cancelled' })
}

/** Removes an import with its file and its rejects; the contacts stay. */
export async function removeImport(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, importId }: ImportOrder,
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const imported = await lockImport(em, workspaceId, importId)
    if (['running', 'paused'].includes(imported.state))
      throw new AppError('conflict', `the import is ${imported.state}: cancel it first`)
    await em.execute('delete from import_contacts where import_id = ?', [importId])
    await em.execute('delete from import_rejects where import_id = ?', [importId])
    await em.execute('delete from imports where workspace_id = ? and id = ?', [workspaceId, importId])
  })
}

/** The slice under way ends with its batch, and the workflow then sees what it was told. */
async function askToStop(deps: Deps, { workspaceId, id }: ImportRow, stop: boolean): Promise<void> {
  await forkFor(deps.orm, workspaceId).execute(
    'update imports set asked_to_stop = ? where workspace_id = ? and id = ?',
    [stop, workspaceId, id],
  )
}

async function isThere(deps: Deps, workflowId: string): Promise<boolean> {
  try {
    const { status } = await withinTime(deps, callTimeoutMs, () =>
      deps.temporal.workflow.getHandle(workflowId).describe(),
    )
    return status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

function refuseUnless({ state }: ImportRow, states: ImportRow['state'][], what: string): void {
  if (states.includes(state)) return
  const reason = state === 'uploaded' ? 'its columns are not mapped yet' : `it is ${state}`
  throw new AppError('conflict', `the import cannot be ${what}: ${reason}`)
}

async function beginAnew(em: Em, { id, workspaceId, file }: ImportRow): Promise<void> {
  await em.execute('delete from import_rejects where import_id = ?', [id])
  await em.execute('delete from import_contacts where import_id = ?', [id])
  await em.execute(
    `update imports set stage = 'rows', offset_bytes = ?, last_row = ?, after_contact = null, rows_read = 0, accepted = 0,
       rejected = 0, duplicates = 0, created = 0, updated = 0, unchanged = 0, skipped = 0, spread = 0, journeys_asked = 0,
       started_at = null where workspace_id = ? and id = ?`,
    [file.dataStartsAt, file.firstRow - 1, workspaceId, id],
  )
}

/** Somebody may have declared them since the mapping was checked. */
async function declareMissing(em: Em, { workspaceId, plan }: ImportRow): Promise<void> {
  const known = new Map((await listDefinitions(em, workspaceId)).map(({ name, type }) => [name, type]))
  const other = plan.declares.find(({ name, type }) => known.has(name) && known.get(name) !== type)
  if (other)
    throw new AppError(
      'conflict',
      `"${other.name}" was declared as ${known.get(other.name)} meanwhile: map it again`,
    )
  const missing = plan.declares.filter(({ name }) => !known.has(name))
  if (missing.length > 0) await declareAttributes(em, workspaceId, missing)
}
