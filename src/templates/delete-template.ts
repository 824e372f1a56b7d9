import { deleteTemplate as deleteAtWhatsApp } from '../../integrations/whatsapp/templates.ts'
import { refuseUsed } from '../campaigns/campaign-uses.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { findAccountAccess } from './account-access.ts'
import { findTemplateUses } from './template-uses.ts'
import { refusalError } from './submit-template.ts'
import { recordTemplateFact } from './template-facts.ts'
import { getTemplate } from './template-row.ts'

/**
 * Deletes one language, at WhatsApp first and then here: when WhatsApp does not answer the row stays and it may be tried again
 * (what is gone there counts as deleted). What a published journey or a campaign names is kept unless forced.
 */
export async function deleteTemplate(
  deps: Pick<Deps, 'orm' | 'seal' | 'config'>,
  input: { workspaceId: string; id: string; force: boolean; by: string },
): Promise<void> {
  const { workspaceId, id, force, by } = input
  const em = forkFor(deps.orm, workspaceId)
  const row = await getTemplate(em, workspaceId, id)
  if (row.status === 'submitting') throw new AppError('conflict', `${row.name} is being submitted`)
  const uses = force
    ? []
    : (await findTemplateUses(em, workspaceId, row)).filter(({ published }) => published)
  if (uses.length > 0) {
    const names = uses.map(({ journeyName }) => journeyName).join(', ')
    throw new AppError('conflict', `${row.name} is used by published journeys: ${names}`, {
      details: { usedIn: uses.map(({ journeyId, journeyName }) => ({ journeyId, journeyName })) },
    })
  }
  if (!force) await refuseUsed(em, workspaceId, { id, what: row.name })
  if (row.metaId !== null) {
    const access = await findAccountAccess(deps, workspaceId, row.wabaId)
    const answer = await deleteAtWhatsApp(access, { name: row.name, metaId: row.metaId })
    if (answer.outcome === 'refused' && answer.refusal.kind !== 'not-found')
      throw refusalError(answer.refusal)
    if (answer.outcome === 'not-sent' || answer.outcome === 'unknown') {
      throw new AppError('unavailable', `WhatsApp: ${answer.reason}; try again`, { retryAfterMs: 5_000 })
    }
  }
  await em.transactional(async (tx) => {
    await tx.execute(
      'update templates set deleted_at = now(), updated_at = now() where workspace_id = ? and id = ?',
      [workspaceId, id],
    )
    await recordTemplateFact(tx, workspaceId, row, { kind: 'deleted', data: { by, metaId: row.metaId } })
  })
}

/** Puts a template out of sight here, or back; WhatsApp is not told. */
export async function archiveTemplate(
  { orm }: Pick<Deps, 'orm'>,
  input: { workspaceId: string; id: string; archived: boolean; by: string },
): Promise<void> {
  const { workspaceId, id, archived, by } = input
  await forkFor(orm, workspaceId).transactional(async (em) => {
    const row = await getTemplate(em, workspaceId, id)
    if ((row.archivedAt !== null) === archived) return
    await em.execute(
      `update templates set archived_at = case when ? then now() end, updated_at = now() where workspace_id = ? and id = ?`,
      [archived, workspaceId, id],
    )
    await recordTemplateFact(em, workspaceId, row, {
      kind: archived ? 'archived' : 'unarchived',
      data: { by },
    })
  })
}
