import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { ruleTagging } from '../../src/rules/route-chat.ts'
import { dropEngine, saveEngine } from '../../src/rules/save-engine.ts'
import { chatWorkflowId, rulingWorkflowId } from '../../workflows/contract.ts'
import { openScriptedEngine } from '../rules/scripted-engine.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'
import { playQueue } from './play-queue.ts'

const by = 'test'

/** Where each is kept, and how it is played. */
export const ruledCourses = {
  'ruling/engine-answered': (house: House) => playRuling(house, 'answered'),
  'ruling/engine-unanswered': (house: House) => playRuling(house, 'unanswered'),
  'chat/engine-answered': (house: House) => playRuledChat(house, 'answered'),
  'chat/engine-unanswered': (house: House) => playRuledChat(house, 'unanswered'),
  'queue/waits-then-given': playQueue,
}

/** With a rule engine that answers, or that always says 503. */
async function withEngine<T>(
  house: House,
  end: 'answered' | 'unanswered',
  play: () => Promise<T>,
): Promise<T> {
  const engine = await openScriptedEngine()
  engine.says(() => (end === 'answered' ? { assignment: [] } : 503))
  const { workspaceId, deps } = house
  const settings = { url: engine.url, headers: {}, timeoutMs: 1_000, enabled: true }
  await saveEngine(deps, { workspaceId, by, ...settings })
  try {
    return await play()
  } finally {
    await dropEngine(deps, { workspaceId, by })
    await engine.close()
  }
}

/** A chat is tagged while there is a rule engine. Returns the id of the workflow that asks it. */
async function playRuling(house: House, end: 'answered' | 'unanswered'): Promise<string> {
  const { workspaceId, deps } = house
  const conversationId = await hear(house, `4917090001${end === 'answered' ? '01' : '02'}`)
  return withEngine(house, end, async () => {
    const [tagId, eventId] = [newId(), newId()]
    const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
      await em.execute('insert into tags (id, workspace_id, name) values (?, ?, ?)', [
        tagId,
        workspaceId,
        end,
      ])
      await em.execute(
        `insert into tagging_events (id, workspace_id, kind, action, tag_id, conversation_id, by) values (?, ?, 'chat', 'added', ?, ?, ?)`,
        [eventId, workspaceId, tagId, conversationId, by],
      )
      return ruleTagging(em, { workspaceId, eventIds: [eventId] })
    })
    relaySoon(deps, outbox)
    const workflowId = rulingWorkflowId(workspaceId, eventId)
    await eventually(() => deps.temporal.workflow.getHandle(workflowId).result())
    return workflowId
  })
}

/** A customer writes while there is a rule engine. Returns the id of the chat's workflow, which has come to its end. */
async function playRuledChat(house: House, end: 'answered' | 'unanswered'): Promise<string> {
  return withEngine(house, end, async () => {
    const conversationId = await hear(house, `4917090002${end === 'answered' ? '01' : '02'}`)
    const workflowId = chatWorkflowId(house.workspaceId, conversationId)
    await eventually(() => house.deps.temporal.workflow.getHandle(workflowId).result(), { timeoutMs: 60_000 })
    return workflowId
  })
}

async function hear(house: House, waId: string): Promise<string> {
  await house.text(waId, 'hello')
  return eventually(async () => {
    const [row] = await forkFor(house.deps.orm, house.workspaceId).execute<{ id: string }[]>(
      'select v.id from conversations v join identities i using (contact_id) where i.value = ?',
      [waId],
    )
    if (!row) throw new Error(`${waId} has no chat yet`)
    return row.id
  })
}
