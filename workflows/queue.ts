import { condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow'
import { act } from './act.ts'
import { woken, type QueueInput } from './contract.ts'

/**
 * Chats of a workspace that wait for somebody who is free. It looks when somebody may be: woken by what frees people, when
 * their hours begin, and now and then in case that something was missed. It ends when nobody waits.
 */
export async function queue(input: QueueInput): Promise<{ outcome: string }> {
  let isWoken = true
  setHandler(woken, () => void (isWoken = true))
  for (;;) {
    isWoken = false
    const { waiting, nextLookMs } = await act.drainQueue(input)
    if (waiting === 0 && !isWoken) return { outcome: 'nobody waits' }
    setCurrentDetails(`${waiting} chats wait for somebody who is free.`)
    if (!isWoken) await condition(() => isWoken, nextLookMs)
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof queue>(input)
  }
}
