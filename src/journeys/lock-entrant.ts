import type { Em } from '../db/orm.ts'

/** Who enters a journey is judged one entry after the other. Always before the rows of runs. */
export async function lockEntrant(em: Em, workspaceId: string, contactId: string): Promise<void> {
  await em.execute('select id from contacts where id = ? and workspace_id = ? for update', [
    contactId,
    workspaceId,
  ])
}
