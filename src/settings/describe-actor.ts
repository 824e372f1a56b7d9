import type { Em } from '../db/orm.ts'

/** Whom people know `user <id>` or `key <id>` by; what names nobody who is there stays as it is. */
export async function describeActor(em: Em, workspaceId: string, by: string): Promise<string> {
  const [, kind, id] = /^(user|key) ([0-9a-f-]{36})$/.exec(by) ?? []
  if (!id) return by
  const [found] = await em.execute<{ name: string }[]>(
    kind === 'user'
      ? 'select username as name from users where id = ?::uuid and workspace_id = ?'
      : 'select name from api_keys where id = ?::uuid and workspace_id = ?',
    [id, workspaceId],
  )
  if (!found) return by
  return kind === 'user' ? found.name : `the API key "${found.name}"`
}
