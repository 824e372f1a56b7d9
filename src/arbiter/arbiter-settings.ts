import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { arbiterSettingsSchema, type ArbiterSettings } from '../model/arbiter-settings.ts'

export interface StoredArbiterSettings {
  settings: ArbiterSettings
  /** Null where nobody has set any: nothing is counted then. */
  updatedAt: string | null
  by: string | null
}

export async function findArbiterSettings(em: Em, workspaceId: string): Promise<StoredArbiterSettings> {
  const [row] = await em.execute<{ settings: object; updated_at: string; by: string }[]>(
    `select settings, ${isoTime('updated_at')} as updated_at, by from arbiter_settings where workspace_id = ?`,
    [workspaceId],
  )
  const settings = arbiterSettingsSchema.parse(row?.settings ?? {})
  return { settings, updatedAt: row?.updated_at ?? null, by: row?.by ?? null }
}

/** Who waits by the old settings asks again by the new ones, spread over a minute. */
export async function saveArbiterSettings(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, settings, by }: { workspaceId: string; settings: ArbiterSettings; by: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute(
      `insert into arbiter_settings (workspace_id, settings, by) values (?, ?::jsonb, ?)
       on conflict (workspace_id) do update set settings = excluded.settings, by = excluded.by, updated_at = now()`,
      [workspaceId, JSON.stringify(settings), by],
    )
    await em.execute(
      `insert into outbox (workflow_id, name, payload, claimed_until)
       select workflow_id, 'sendSettled', jsonb_build_object('eventId', 'arbiter', 'sendKey', send_key),
         now() + random() * interval '60 seconds'
       from arbiter_waits where workspace_id = ? and workflow_id is not null and expires_at > now()`,
      [workspaceId],
    )
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'arbiter.settings.saved', data: { by } },
    ])
  })
}
