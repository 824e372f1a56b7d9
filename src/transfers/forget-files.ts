import type { Orm } from '../db/orm.ts'

/**
 * Drops what nobody comes back for: uploads that broke off with their process, files that were never imported, and what
 * an import that has ended a month ago has read. Its counts and the reasons of its rejects stay.
 */
export async function forgetFiles(orm: Orm): Promise<void> {
  const em = orm.em.fork()
  await em.execute(`delete from imports where state = 'uploading' and updated_at < now() - interval '1 day'`)
  await em.transactional(async (tx) => {
    const old = await tx.execute<{ id: string }[]>(
      `update imports set file_removed_at = now() where file_removed_at is null
         and state in ('uploaded', 'ready', 'checked', 'completed', 'cancelled', 'failed')
         and updated_at < now() - interval '30 days' returning id`,
    )
    if (old.length === 0) return
    const ids = JSON.stringify(old.map(({ id }) => id))
    for (const table of ['import_chunks', 'import_contacts'])
      await tx.execute(
        `delete from ${table} where import_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
        [ids],
      )
  })
}
