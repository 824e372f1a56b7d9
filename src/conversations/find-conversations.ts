import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { accessSql, type ChatAccess } from './access.ts'
import { detailSql, type ConversationDetail } from './conversation-view.ts'

/** As somebody sees it, if they may; of conversations that were merged, the one that is left. */
export async function getConversation(
  deps: Pick<Deps, 'orm'>,
  access: ChatAccess,
  conversationId: string,
): Promise<ConversationDetail> {
  const { workspaceId, userId } = access
  const { columns, joins, params } = detailSql(userId)
  const may = accessSql(access, 'v', 'read')
  const [conversation] = await forkFor(deps.orm, workspaceId).execute<ConversationDetail[]>(
    `select ${columns} from conversations v ${joins}
     where v.workspace_id = ? and v.id = (select coalesce(o.merged_into, o.id) from conversations o where o.id = ?) and ${may.sql}`,
    [...params, workspaceId, conversationId, ...may.params],
  )
  if (!conversation) throw new AppError('not_found', `conversation ${conversationId} does not exist`)
  return conversation
}

/** Those of the ids that are there, in no order and as nobody in particular sees them: whoever passes one on asks who may see it. */
export async function findConversations(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  ids: readonly string[],
): Promise<ConversationDetail[]> {
  if (ids.length === 0) return []
  const { columns, joins, params } = detailSql(null)
  return forkFor(deps.orm, workspaceId).execute<ConversationDetail[]>(
    `select ${columns} from conversations v ${joins}
     where v.workspace_id = ? and v.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [...params, workspaceId, JSON.stringify(ids)],
  )
}
