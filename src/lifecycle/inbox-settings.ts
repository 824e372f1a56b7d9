import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { inboxSettingsSchema, type InboxSettings } from '../model/inbox-settings.ts'
import { checkInboxSettings } from './check-inbox-settings.ts'

export interface StoredInboxSettings {
  settings: InboxSettings
  updatedAt: string | null
  by: string | null
}

export async function findInboxSettings(em: Em, workspaceId: string): Promise<StoredInboxSettings> {
  const [row] = await em.execute<{ settings: object; updated_at: string; by: string }[]>(
    `select settings, ${isoTime('updated_at')} as updated_at, by from inbox_settings where workspace_id = ?`,
    [workspaceId],
  )
  const settings = inboxSettingsSchema.parse(row?.settings ?? {})
  return { settings, updatedAt: row?.updated_at ?? null, by: row?.by ?? null }
}

/** Counts at once for what is planned from now on; what a chat has planned already it plans anew when it wakes. */
export async function saveInboxSettings(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, settings, by }: { workspaceId: string; settings: InboxSettings; by: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await checkInboxSettings(em, workspaceId, settings)
    const before = await findInboxSettings(em, workspaceId)
    await em.execute(
      `insert into inbox_settings (workspace_id, settings, by) values (?, ?::jsonb, ?)
       on conflict (workspace_id) do update set settings = excluded.settings, by = excluded.by, updated_at = now()`,
      [workspaceId, JSON.stringify(settings), by],
    )
    const changed = Object.entries(settings).flatMap(([name, value]) =>
      JSON.stringify(value) === JSON.stringify(before.settings[name as keyof InboxSettings]) ? [] : [name],
    )
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'inbox.settings.saved', data: { by, changed } },
    ])
  })
}
