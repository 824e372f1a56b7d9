import type { Deps } from '../deps.ts'

/** Days that a workspace's events are kept; null is for ever. `forgetEvents` acts on it. */
export async function getRetention(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
): Promise<{ retentionDays: number | null }> {
  const [workspace] = await deps.orm.em
    .fork()
    .execute<{ days: number | null }[]>('select event_retention_days as days from workspaces where id = ?', [
      workspaceId,
    ])
  return { retentionDays: workspace?.days ?? null }
}

export async function setRetention(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  retentionDays: number | null,
): Promise<void> {
  await deps.orm.em
    .fork()
    .execute('update workspaces set event_retention_days = ? where id = ?', [retentionDays, workspaceId])
}
