import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

/**
 * Gives the floor back when a question's time is up. An answer that came first has taken the floor already and is on its
 * way as a signal: exactly one of the two wins, decided by the row.
 */
export async function releaseFloor(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; conversationId: string; askKey: string },
): Promise<'released' | 'answered'> {
  const { workspaceId, conversationId, askKey } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute('select id from conversations where id = ? for update', [conversationId])
    const [answer] = await em.execute<object[]>(
      'select 1 from messages where conversation_id = ? and answers_ask_key = ? limit 1',
      [conversationId, askKey],
    )
    if (answer) return 'answered'
    await em.execute(
      `update conversations set floor_workflow_id = null, floor_ask_key = null
       where id = ? and floor_ask_key = ?`,
      [conversationId, askKey],
    )
    return 'released'
  })
}

/**
 * The asker takes the floor with the question, before it can be answered. A question that this run lineage asked before
 * and that was answered since is not asked again, so it must not take the floor from whoever has it now.
 */
export async function takeFloor(
  em: Em,
  input: { conversationId: string; workflowId: string | undefined; askKey?: string | undefined },
  askedBefore: string | undefined,
): Promise<void> {
  if (askedBefore) {
    const [answered] = await em.execute<object[]>(
      `select 1 from messages where conversation_id = ? and direction = 'in' and answers_ask_key = ? limit 1`,
      [input.conversationId, input.askKey],
    )
    if (answered) return
  }
  await em.execute('update conversations set floor_workflow_id = ?, floor_ask_key = ? where id = ?', [
    input.workflowId,
    input.askKey,
    input.conversationId,
  ])
}
