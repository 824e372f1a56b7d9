import { z } from 'zod'
import { findCertifiedRun } from '../campaign-reports/find-certified-run.ts'
import { recipientFilters } from '../campaign-reports/list-recipients.ts'
import { loadAttributeTypes } from '../contacts/attribute-definitions.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { conditionSchema } from '../model/conditions.ts'
import { systemAttributes } from '../model/contact-attributes.ts'
import { AppError } from '../model/errors.ts'
import { checkCondition } from '../segments/check-condition.ts'

const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .default('export')
  .meta({ description: "the file's, without .csv" })
const format = {
  delimiter: z.enum([',', ';', '\t']).default(','),
  byteOrderMark: z.boolean().default(false).meta({ description: 'Excel needs it to read UTF-8' }),
}

/** What is exported, and how it is written. */
export const exportRequestSchema = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('contacts'),
    name,
    ...format,
    search: z.string().trim().min(1).max(200).optional(),
    tag: z.string().min(1).max(100).optional(),
    condition: conditionSchema.optional().meta({ description: 'like that of a live segment' }),
    segmentId: z.uuid().optional().meta({ description: 'members of a segment, live or static' }),
    columns: z.array(z.string().min(1).max(100)).min(1).max(500).optional().meta({
      description: '`id`, system attributes and declared ones; all of them when absent',
    }),
  }),
  z.object({
    what: z.literal('events'),
    name,
    ...format,
    type: z.string().min(1).max(100).optional(),
    contactId: z.uuid().optional().meta({ description: 'with it, the messages tell their events too' }),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
  }),
  z.object({
    what: z.literal('recipients'),
    name,
    ...format,
    runId: z.uuid().meta({ description: "a campaign's run" }),
    outcome: z.enum(recipientFilters).optional(),
  }),
])
export type ExportRequest = z.output<typeof exportRequestSchema>
export type ContactsRequest = ExportRequest & { what: 'contacts' }
export type EventsRequest = ExportRequest & { what: 'events' }
export type RecipientsRequest = ExportRequest & { what: 'recipients' }

export interface ExportRow {
  id: string
  name: string
  request: ExportRequest
  by: string
  createdAt: string
}

const columns = `id, name, request, by, ${isoTime('created_at')} as "createdAt"`

/**
 * Keeps what is to be exported; the file is made whenever it is fetched, straight from the database. Nothing is stored that
 * would grow old, be left lying about or need a worker, and a download that broke off is begun again.
 */
export async function createExport(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; request: ExportRequest; by: string },
): Promise<ExportRow> {
  const { workspaceId, request, by } = input
  const em = forkFor(deps.orm, workspaceId)
  if (request.what === 'recipients') await findCertifiedRun(deps, workspaceId, request.runId)
  if (request.what === 'contacts') await checkContactsRequest(em, workspaceId, request)
  const id = newId()
  await em.execute(
    'insert into exports (id, workspace_id, name, request, by) values (?, ?, ?, ?::jsonb, ?)',
    [id, workspaceId, request.name, JSON.stringify(request), by],
  )
  return findExport(em, workspaceId, id)
}

async function checkContactsRequest(em: Em, workspaceId: string, request: ContactsRequest): Promise<void> {
  if (request.condition) await checkCondition(em, workspaceId, request.condition)
  if (request.segmentId !== undefined)
    await checkCondition(em, workspaceId, { kind: 'segment', segmentId: request.segmentId, member: true })
  const known = new Set(await listContactColumns(em, workspaceId))
  const fields = (request.columns ?? []).flatMap((column, at) =>
    known.has(column) ? [] : [{ field: `columns.${at}`, message: `there is no attribute "${column}"` }],
  )
  if (fields.length > 0) throw new AppError('invalid_input', fields[0]?.message ?? '', { fields })
}

/** Everything of a contact that can be a column, in the order in which it is written. */
export async function listContactColumns(em: Em, workspaceId: string): Promise<string[]> {
  const custom = [...(await loadAttributeTypes(em, workspaceId)).keys()].sort()
  return ['id', ...systemAttributes.map((each) => each.name), ...custom]
}

export async function findExport(em: Em, workspaceId: string, id: string): Promise<ExportRow> {
  const [row] = await em.execute<ExportRow[]>(
    `select ${columns} from exports where workspace_id = ? and id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `export ${id} does not exist`)
  return row
}

/** Newest first. @param before the id of the last one of the page before */
export async function listExports(
  em: Em,
  workspaceId: string,
  before: string | undefined,
  limit: number,
): Promise<ExportRow[]> {
  return em.execute<ExportRow[]>(
    `select ${columns} from exports where workspace_id = ? and (?::uuid is null or id < ?) order by id desc limit ?`,
    [workspaceId, before ?? null, before ?? null, limit],
  )
}

export async function removeExport(em: Em, workspaceId: string, id: string): Promise<void> {
  await findExport(em, workspaceId, id)
  await em.execute('delete from exports where workspace_id = ? and id = ?', [workspaceId, id])
}
