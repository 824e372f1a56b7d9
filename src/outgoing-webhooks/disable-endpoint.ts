import { notify } from '../conversations/notify.ts'
import type { Em } from '../db/orm.ts'

/** Ends what is owed, which may be replayed later, and tells the admins why. */
export async function disableEndpoint(
  em: Em,
  { id, workspaceId, name, url }: { id: string; workspaceId: string; name: string; url: string },
  reason: string,
): Promise<void> {
  const disabled = await em.execute<object[]>(
    `update webhook_endpoints set disabled_at = now(), disabled_reason = ?
     where id = ? and workspace_id = ? and disabled_at is null returning id`,
    [reason, id, workspaceId],
  )
  if (disabled.length === 0) return
  await em.execute(
    `update webhook_deliveries set state = 'failed', error = coalesce(error, 'the endpoint was disabled')
     where endpoint_id = ? and state = 'pending'`,
    [id],
  )
  const admins = await em.execute<{ id: string }[]>(
    `select id from users where workspace_id = ? and role = 'admin' and deactivated_at is null`,
    [workspaceId],
  )
  await notify(em, {
    ...{ workspaceId, kind: 'webhook_disabled', conversationId: null },
    userIds: admins.map((admin) => admin.id),
    data: { endpoint: id, name: name || new URL(url).host, reason },
  })
}
