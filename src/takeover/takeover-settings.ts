import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { takeoverSettingsSchema, type TakeoverSettings } from '../model/takeover-settings.ts'

export interface StoredTakeoverSettings {
  settings: TakeoverSettings
  updatedAt: string | null
  by: string | null
}

export async function findTakeoverSettings(em: Em, workspaceId: string): Promise<StoredTakeoverSettings> {
  const [row] = await em.execute<{ settings: object; updated_at: string; by: string }[]>(
    `select settings, ${isoTime('updated_at')} as updated_at, by from takeover_settings where workspace_id = ?`,
    [workspaceId],
  )
  const settings = takeoverSettingsSchema.parse(row?.settings ?? {})
  return { settings, updatedAt: row?.updated_at ?? null, by: row?.by ?? null }
}

/** Counts for what is taken over from now on. */
export async function saveTakeoverSettings(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, settings, by }: { workspaceId: string; settings: TakeoverSettings; by: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute(
      `insert into takeover_settings (workspace_id, settings, by) values (?, ?::jsonb, ?)
       on conflict (workspace_id) do update set settings = excluded.settings, by = excluded.by, updated_at = now()`,
      [workspaceId, JSON.stringify(settings), by],
    )
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'takeover.settings.saved', data: { by } },
    ])
  })
}
