import { chatWorkflowId } from '../../workflows/contract.ts'
import { forkFor } from '../../src/db/orm.ts'
import { saveInboxSettings } from '../../src/lifecycle/inbox-settings.ts'
import { scheduleMessage } from '../../src/lifecycle/scheduled-messages.ts'
import { inboxSettingsSchema } from '../../src/model/inbox-settings.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

/** A chat welcomes, plans its deadlines, is woken, sends what was scheduled, and closes after silence. @returns its workflow */
async function playLifecycle(house: House): Promise<string> {
  const { deps, workspaceId } = house
  const waId = '491709000097'
  const settings = inboxSettingsSchema.parse({
    deadlines: { firstResponseMinutes: 30, resolutionMinutes: 60 },
    welcome: { message: { text: 'Hello' } },
  })
  await saveInboxSettings(deps, { workspaceId, settings, by: 'test' })
  await house.text(waId, 'help')
  const sent = (count: number) =>
    eventually(async () => {
      const messages = await house.ledger(waId)
      if (messages.length < count) throw new Error(`the chat has said ${messages.length}, not ${count}`)
    })
  await sent(1)
  const em = forkFor(deps.orm, workspaceId)
  const [chat] = await em.execute<{ id: string }[]>(
    'select v.id from conversations v join identities i using (contact_id) where i.value = ? and v.workspace_id = ?',
    [waId, workspaceId],
  )
  const conversationId = chat?.id ?? ''
  const { outbox } = await em.transactional((tx) =>
    scheduleMessage(tx, {
      ...{
        workspaceId,
        conversationId,
        vars: {},
        class: 'utility',
        onReply: 'hold',
        by: 'test',
        byUserId: null,
      },
      ...{ what: { content: { type: 'text', text: { body: 'Later' } } } },
      dueAt: new Date(Date.now() + 1_500).toISOString(),
    }),
  )
  relaySoon(deps, outbox)
  await sent(2)
  const workflowId = chatWorkflowId(workspaceId, conversationId)
  await deps.temporal.workflow.getHandle(workflowId).result()
  await saveInboxSettings(deps, { workspaceId, settings: inboxSettingsSchema.parse({}), by: 'test' })
  return workflowId
}

export const tendedCourses = { 'chat/deadlines-scheduled-then-silence': playLifecycle }
