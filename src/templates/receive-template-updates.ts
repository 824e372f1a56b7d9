import type { InboundOther } from '../../integrations/whatsapp/webhook.ts'
import { readTemplateUpdate, type TemplateUpdate } from '../../integrations/whatsapp/template-updates.ts'
import type { Em } from '../db/orm.ts'
import { templateCategories } from '../model/template-components.ts'
import { patchTexts } from '../model/template-patch.ts'
import { toStatus } from './remote-status.ts'
import { requestSync } from './sync-templates.ts'
import { hasTemplateFact, recordTemplateFact } from './template-facts.ts'
import { templateColumns, type TemplateRow } from './template-row.ts'

interface Account {
  workspaceId: string
  wabaId: string
}

/**
 * What WhatsApp tells about templates: status, quality, category, components. In the transaction that stores the webhook.
 * Coming twice changes nothing; coming late does not overwrite what is newer, by WhatsApp's own time.
 */
export async function receiveTemplateUpdates(
  em: Em,
  account: Account,
  others: InboundOther[],
): Promise<void> {
  const nowMs = Date.now()
  const updates = others.flatMap((other) => readTemplateUpdate(other, nowMs) ?? [])
  // Rows in the order in which a sync locks them, the events of each by their time.
  const sorted = updates.toSorted((a, b) =>
    a.metaId === b.metaId ? a.atMs - b.atMs : a.metaId < b.metaId ? -1 : 1,
  )
  for (const update of sorted) await apply(em, account, update)
}

async function apply(em: Em, account: Account, update: TemplateUpdate): Promise<void> {
  const row = await findRow(em, account, update)
  // Made elsewhere: only the list tells what it is made of.
  if (!row) return requestSync(em, account)
  const once = JSON.stringify(update)
  if (await hasTemplateFact(em, account.workspaceId, row, update.kind, once)) return
  const changed = await changes[update.kind](em, account, row, update as never)
  if (!changed) return
  const { kind, atMs } = update
  const data = { ...changed, by: 'whatsapp' }
  await recordTemplateFact(em, account.workspaceId, row, { kind, atMs, once, data })
}

/** By id; by name and language while the answer to its creation is still out. */
async function findRow(
  em: Em,
  { workspaceId, wabaId }: Account,
  { metaId, name, language }: TemplateUpdate,
): Promise<TemplateRow | undefined> {
  const [row] = await em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t where t.workspace_id = ? and t.waba_id = ? and t.deleted_at is null
       and (t.meta_id = ? or t.meta_id is null and t.name = ? and t.language = ? and t.status <> 'draft')
     order by t.meta_id nulls last limit 1 for update`,
    [workspaceId, wabaId, metaId, name, language],
  )
  return row
}

type Kind = TemplateUpdate['kind']
type Apply<K extends Kind> = (
  em: Em,
  account: Account,
  row: TemplateRow,
  update: Extract<TemplateUpdate, { kind: K }>,
  /** What changed, for the fact; undefined when nothing did. */
) => Promise<Record<string, string | null> | undefined>

const changes: { [K in Kind]: Apply<K> } = {
  async status(em, { workspaceId }, row, { event, reason, atMs, metaId }) {
    const to = toStatus(event)
    const changed = await em.execute<object[]>(
      `update templates set status = ?, rejected_reason = ?, status_at = told.at, meta_id = case when ? = 'deleted' then null
         else coalesce(meta_id, ?) end, submitting_at = null, status_before = null, updated_at = now()
       from (select to_timestamp(?::float8 / 1000) as at) as told
       where workspace_id = ? and id = ? and (status_at is null or status_at <= told.at or status = 'submitting')
         and (status, coalesce(rejected_reason, '')) is distinct from (?, coalesce(?, '')) returning id`,
      [to, reason, to, metaId, atMs, workspaceId, row.id, to, reason],
    )
    if (changed.length === 0) return undefined
    return { from: row.status, to, reason }
  },
  async quality(em, { workspaceId }, row, { quality, atMs }) {
    const changed = await em.execute<object[]>(
      `update templates set quality = ?, quality_at = told.at, updated_at = now()
       from (select to_timestamp(?::float8 / 1000) as at) as told
       where workspace_id = ? and id = ? and (quality_at is null or quality_at <= told.at)
         and quality is distinct from ? returning id`,
      [quality, atMs, workspaceId, row.id, quality],
    )
    if (changed.length === 0) return undefined
    return { from: row.quality, to: quality }
  },
  async category(em, { workspaceId }, row, { category, previous, correct, atMs }) {
    const to = templateCategories.find((one) => one === category) ?? row.category
    const changed = await em.execute<object[]>(
      `update templates set category = ?, previous_category = coalesce(?, previous_category), correct_category = ?,
         category_at = told.at, updated_at = now()
       from (select to_timestamp(?::float8 / 1000) as at) as told
       where workspace_id = ? and id = ? and (category_at is null or category_at <= told.at)
         and (category, coalesce(correct_category, '')) is distinct from (?, coalesce(?, '')) returning id`,
      [to, previous, correct, atMs, workspaceId, row.id, to, correct],
    )
    if (changed.length === 0) return undefined
    return { from: row.category, to, announced: correct }
  },
  async components(em, account, row, { texts, atMs }) {
    const components = patchTexts(row.components, texts)
    const changed = await em.execute<object[]>(
      `update templates set components = ?::jsonb, components_at = told.at, updated_at = now()
       from (select to_timestamp(?::float8 / 1000) as at) as told
       where workspace_id = ? and id = ? and (components_at is null or components_at <= told.at)
         and components is distinct from ?::jsonb returning id`,
      [JSON.stringify(components), atMs, account.workspaceId, row.id, JSON.stringify(components)],
    )
    // The event tells texts only; buttons and samples come with the list.
    await requestSync(em, account)
    return changed.length === 0 ? undefined : {}
  },
}
