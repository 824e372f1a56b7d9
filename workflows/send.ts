import { condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow'
import { act } from './act.ts'
import { sendSettled } from './contract.ts'

/** Sends one planned message until it is settled; a limit or a doubt becomes a timer, which a status webhook cuts short. */
export async function send(input: { workspaceId: string; messageId: string }): Promise<{ outcome: string }> {
  const { workflowId } = workflowInfo()
  let isSettled = false
  setHandler(sendSettled, () => void (isSettled = true))
  for (;;) {
    isSettled = false
    const result = await act.sendPlanned({ ...input, workflowId })
    if (result.state === 'refused') return { outcome: `refused with ${result.code}` }
    if (result.state !== 'deferred') return { outcome: result.state }
    setCurrentDetails(`Sending waits: ${result.reason}`)
    await condition(() => isSettled, Math.max(1, result.retryAfterMs))
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof send>(input)
  }
}
