import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { templateCategories, templateComponentsSchema } from '../model/template-components.ts'
import { z } from 'zod'
import { accountOf } from '../settings/account-of.ts'
import { createDraft } from '../templates/save-draft.ts'
import { submitTemplate } from '../templates/submit-template.ts'
import type { Page } from './list-chats.ts'
import type { WireCaller } from './wire-caller.ts'

export interface WireTemplate {
  name: string
  category: string
  language: string
  components: Record<string, unknown>[]
  namespace: string
  rejected_reason: string
  status: string
}

const contentSchema = z.object({
  name: z.string(),
  language: z.string(),
  category: z.enum(templateCategories),
  components: templateComponentsSchema,
})
type Whose = Pick<WireCaller, 'workspaceId' | 'numberId'>
/** The account stands for the namespace, which the Cloud API does without. */
const columns = `t.name, coalesce(t.legacy_category, t.category) as category, t.language, t.components, t.waba_id as namespace,
  coalesce(t.rejected_reason, 'NONE') as rejected_reason, t.status`

/** Of the number's account, the newest first. */
export async function listWireTemplates(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, numberId }: Whose,
  { limit, offset }: Page,
): Promise<{ count: number; results: WireTemplate[] }> {
  const em = forkFor(orm, workspaceId)
  const where = `t.workspace_id = ? and t.deleted_at is null and t.archived_at is null and t.status <> 'deleted'
    and t.waba_id = (select p.waba_id from phone_numbers p where p.id = ? and p.workspace_id = t.workspace_id)`
  const [total] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from templates t where ${where}`,
    [workspaceId, numberId],
  )
  const results = await em.execute<WireTemplate[]>(
    `select ${columns} from templates t where ${where} order by t.id desc limit ? offset ?`,
    [workspaceId, numberId, limit, offset],
  )
  return { count: total?.count ?? 0, results }
}

/** Writes a template and gives it to WhatsApp for review. */
export async function createWireTemplate(
  deps: Pick<Deps, 'orm' | 'seal' | 'config'>,
  { workspaceId, numberId }: Whose,
  given: {
    name: string
    category: string
    legacyCategory: string | null
    language: string
    components: unknown
    by: string
  },
): Promise<WireTemplate> {
  const { by, legacyCategory, ...content } = given
  const em = forkFor(deps.orm, workspaceId)
  const wabaId = await accountOf(em, workspaceId, numberId)
  const { data, error } = contentSchema.safeParse(content)
  if (error) {
    const fields = toFieldErrors(error)
    throw new AppError('invalid_input', `${fields[0]?.field}: ${fields[0]?.message}`, { fields })
  }
  const { id } = await createDraft(deps, {
    workspaceId,
    wabaId,
    content: { ...data, parameterFormat: 'POSITIONAL' },
    by,
  })
  await em.execute('update templates set legacy_category = ? where workspace_id = ? and id = ?', [
    legacyCategory,
    workspaceId,
    id,
  ])
  await submitTemplate(deps, { workspaceId, id, by })
  const [row] = await em.execute<WireTemplate[]>(
    `select ${columns} from templates t where t.workspace_id = ? and t.id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `template ${id} does not exist`)
  return row
}
