import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { ConsentSettings } from '../model/consent-settings.ts'
import { AppError } from '../model/errors.ts'
import { forgetConsentRules } from './consent-rules.ts'

/** For the workspace, or for one of its numbers, which then listens by these alone. Other processes follow within seconds. */
export async function saveConsentSettings(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; numberId: string | null; settings: ConsentSettings; by: string },
): Promise<void> {
  const { workspaceId, numberId, settings, by } = input
  const em = forkFor(deps.orm, workspaceId)
  await em.transactional(async (tx) => {
    await checkNumber(tx, workspaceId, numberId)
    await tx.execute(
      `insert into consent_settings (workspace_id, number_id, settings, by) values (?, ?, ?::jsonb, ?)
       on conflict (workspace_id, number_id) do update set settings = excluded.settings, by = excluded.by, updated_at = now()`,
      [workspaceId, numberId, JSON.stringify(settings), by],
    )
    await note(tx, input, 'consent.settings.saved')
  })
  forgetConsentRules(em)
}

/** Back to what the workspace, or the product, has set. */
export async function dropConsentSettings(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; numberId: string | null; by: string },
): Promise<void> {
  const { workspaceId, numberId } = input
  const em = forkFor(deps.orm, workspaceId)
  await em.transactional(async (tx) => {
    await checkNumber(tx, workspaceId, numberId)
    await tx.execute(
      'delete from consent_settings where workspace_id = ? and number_id is not distinct from ?::uuid',
      [workspaceId, numberId],
    )
    await note(tx, input, 'consent.settings.dropped')
  })
  forgetConsentRules(em)
}

async function note(
  em: Em,
  { workspaceId, numberId, by }: { workspaceId: string; numberId: string | null; by: string },
  kind: string,
): Promise<void> {
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: Date.now(), kind, data: { number: numberId, by } },
  ])
}

export async function checkNumber(em: Em, workspaceId: string, numberId: string | null): Promise<void> {
  if (numberId === null) return
  const [found] = await em.execute<object[]>(
    'select 1 from phone_numbers where id = ? and workspace_id = ?',
    [numberId, workspaceId],
  )
  if (found) return
  const message = `there is no number ${numberId}`
  throw new AppError('not_found', message, { fields: [{ field: 'numberId', message }] })
}
