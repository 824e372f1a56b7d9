import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { ImportPlan } from './check-mapping.ts'
import type { FileDescription } from './describe-file.ts'

export const importStates = [
  'uploading',
  'uploaded',
  'ready',
  'running',
  'paused',
  'checked',
  'completed',
  'cancelled',
  'failed',
] as const
export type ImportState = (typeof importStates)[number]

/** What an import does, one after the other: its rows, what follows from them, the journeys that they start. */
export const importStages = ['rows', 'effects', 'journeys', 'done'] as const

export interface ImportProgress {
  rowsRead: number
  accepted: number
  rejected: number
  duplicates: number
  created: number
  updated: number
  unchanged: number
  skipped: number
  /** Contacts whose events, consents and segments are done. */
  spread: number
  /** Contacts for whom journeys were asked. */
  journeysAsked: number
}

export interface ImportRow {
  id: string
  workspaceId: string
  name: string
  state: ImportState
  stage: (typeof importStages)[number]
  bytes: number
  file: FileDescription
  plan: ImportPlan
  dryRun: boolean
  attempt: number
  workflowId: string | null
  factId: string
  by: string
  offsetBytes: number
  lastRow: number
  afterContact: string | null
  progress: ImportProgress
  error: string | null
  hasFile: boolean
  createdAt: string
  startedAt: string | null
  endedAt: string | null
}

const columns = `id, workspace_id as "workspaceId", name, state, stage, bytes::float8 as bytes, file, plan, dry_run as "dryRun",
  attempt, workflow_id as "workflowId", fact_id as "factId", by, offset_bytes::float8 as "offsetBytes",
  last_row::float8 as "lastRow", after_contact as "afterContact", error, file_removed_at is null as "hasFile",
  jsonb_build_object('rowsRead', rows_read, 'accepted', accepted, 'rejected', rejected, 'duplicates', duplicates,
    'created', created, 'updated', updated, 'unchanged', unchanged, 'skipped', skipped, 'spread', spread,
    'journeysAsked', journeys_asked) as progress,
  ${isoTime('created_at')} as "createdAt", ${isoTime('started_at')} as "startedAt", ${isoTime('ended_at')} as "endedAt"`

export async function findImport(em: Em, workspaceId: string, id: string): Promise<ImportRow> {
  const [row] = await em.execute<ImportRow[]>(
    `select ${columns} from imports where workspace_id = ? and id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `import ${id} does not exist`)
  return row
}

/** The same, held until the caller's transaction ends. */
export async function lockImport(em: Em, workspaceId: string, id: string): Promise<ImportRow> {
  await em.execute('select 1 from imports where workspace_id = ? and id = ? for update', [workspaceId, id])
  return findImport(em, workspaceId, id)
}

/** Newest first. @param before the id of the last one of the page before */
export async function listImports(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, before, limit }: { workspaceId: string; before: string | undefined; limit: number },
): Promise<ImportRow[]> {
  return forkFor(deps.orm, workspaceId).execute<ImportRow[]>(
    `select ${columns} from imports where workspace_id = ? and (?::uuid is null or id < ?) order by id desc limit ?`,
    [workspaceId, before ?? null, before ?? null, limit],
  )
}
