import { z } from 'zod'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { checkCondition } from '../segments/check-condition.ts'
import { checkContactAttributes } from './check-contact-attributes.ts'
import { filterFields } from './contact-schema.ts'

const tag = z.string().trim().min(1).max(100)
const tags = z.array(tag).min(1).max(50)

/** What may be done to many contacts at once. */
export const batchActionSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('add-tags'), tags }),
    z.object({ type: z.literal('remove-tags'), tags }),
    z.object({ type: z.literal('replace-tags'), tags, by: tag }),
    z.object({ type: z.literal('set-attributes'), attributes: jsonObjectSchema }),
    z.object({ type: z.literal('mark-spam') }),
    z.object({ type: z.literal('unmark-spam') }),
    z.object({ type: z.literal('erase') }),
  ])
  .meta({ id: 'ContactBatchAction' })
export type BatchAction = z.output<typeof batchActionSchema> | { type: 'forget-attribute'; name: string }

export const batchFilterSchema = z.object({
  ...filterFields,
  ids: z
    .array(z.uuid())
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: 'of these, those that fit the rest' }),
})
export type BatchFilter = z.output<typeof batchFilterSchema>

export interface ContactBatch {
  id: string
  action: BatchAction
  filter: BatchFilter
  state: 'running' | 'completed' | 'cancelled' | 'failed'
  done: number
  failed: number
  error: string | null
  by: string
  createdAt: string
  endedAt: string | null
}

const batchColumns = `id, action, filter, state, done, failed, error, by,
  ${isoTime('created_at')} as "createdAt", ${isoTime('ended_at')} as "endedAt"`

/** Work under way at once; more than that is a mistake of a script. */
const maximumRunning = 20

/** Has a worker change every contact that fits now. Contacts that come later are left alone. */
export async function createBatch(
  em: Em,
  input: { workspaceId: string; action: BatchAction; filter: BatchFilter; by: string; causeId?: string },
): Promise<ContactBatch> {
  const { workspaceId, action, filter, by, causeId = newId() } = input
  if (action.type === 'set-attributes') {
    const fieldOf = (name: string) => `action.attributes.${name}`
    await checkContactAttributes(em, workspaceId, action.attributes, { fieldOf })
  }
  if (filter.condition) await checkCondition(em, workspaceId, filter.condition, { field: 'filter.condition' })
  const [running] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from contact_batches where workspace_id = ? and state = 'running'`,
    [workspaceId],
  )
  if ((running?.n ?? 0) >= maximumRunning)
    throw new AppError('unprocessable', `at most ${maximumRunning} batches run at once: wait for one to end`)
  const id = newId()
  const [row] = await em.execute<ContactBatch[]>(
    `insert into contact_batches (id, workspace_id, action, filter, before_id, by, cause_id)
     values (?, ?, ?::jsonb, ?::jsonb, ?, ?, ?) returning ${batchColumns}`,
    [id, workspaceId, JSON.stringify(action), JSON.stringify(filter), newId(), by, causeId],
  )
  return row as ContactBatch
}

export async function getBatch(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  id: string,
): Promise<ContactBatch> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<ContactBatch[]>(
    `select ${batchColumns} from contact_batches where workspace_id = ? and id = ?`,
    [workspaceId, id],
  )
  if (row) return row
  throw new AppError('not_found', `batch ${id} does not exist`)
}

/** Newest first. */
export async function listBatches(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; before: string | undefined; limit: number },
): Promise<ContactBatch[]> {
  const { workspaceId, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<ContactBatch[]>(
    `select ${batchColumns} from contact_batches where workspace_id = ? and (?::uuid is null or id < ?)
     order by id desc limit ?`,
    [workspaceId, before, before, limit],
  )
}

/** What was done stays done. */
export async function cancelBatch(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  id: string,
): Promise<ContactBatch> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<ContactBatch[]>(
    `update contact_batches set state = 'cancelled', ended_at = now()
     where workspace_id = ? and id = ? and state = 'running' returning ${batchColumns}`,
    [workspaceId, id],
  )
  if (row) return row
  const { state } = await getBatch(deps, workspaceId, id)
  throw new AppError('conflict', `the batch is ${state} already`)
}
