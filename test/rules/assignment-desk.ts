import { assignUnanswered } from '../../src/rules/assign-unanswered.ts'
import { drainQueue } from '../../src/rules/drain-queue.ts'
import type { RulesRig } from './rules-rig.ts'

interface Rule {
  id: string
  position: number
}
interface Chat {
  conversationId: string
  contactId: string
}

/** What tests of assignment rules do. @param open the rig, which is there once the tests run */
export function assignmentDesk(open: () => RulesRig) {
  const writeInto = async (chat: Chat, text: string, content: object = {}) => {
    const { workspaceId, numberId, message, inTransaction } = open()
    const { id } = await message(chat, text)
    const said = { ...chat, id, workspaceId, numberId, text, content: { ...content } }
    await inTransaction((em) => assignUnanswered(em, { ...said, causeId: id, atMs: Date.now() }))
  }
  return {
    add: (name: string, definition: object, more: object = {}) =>
      open().ask<Rule>(201, 'POST', '/assignment-rules', { name, definition, ...more }),
    writeInto,
    /** A customer writes, and no journey answers. */
    async write(text = 'hello', content: object = {}) {
      const chat = await open().chat()
      await writeInto(chat, text, content)
      return chat
    },
    drain: () => drainQueue(open().deps, { workspaceId: open().workspaceId }),
    /** Rules and queue of the test before are no longer there. */
    async clear() {
      await open().rows('delete from assignment_rules')
      await open().rows('update conversations set queued_at = null where queued_at is not null')
    },
  }
}
