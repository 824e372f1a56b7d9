import {
  CancellationScope,
  condition,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'
import { paused, resumed, searchAttribute, type ImportInput } from './contract.ts'

/** Activities of some seconds that look at the rows' own cursor: whoever runs them again goes on where the last one was. */
const act = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  // A killed worker is noticed by its silence.
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '20s' },
})

const maximumHistoryEvents = 4_000

/**
 * A file becomes contacts: its rows, then what follows from them, then the journeys that they start, each in slices of some
 * seconds, between which it may be held or ended. Where it stands lies in PostgreSQL, moved on in the transaction of each
 * batch: no row is lost or told twice, whatever dies.
 */
export async function importContacts(input: ImportInput): Promise<{ outcome: string }> {
  let isPaused = input.paused ?? false
  setHandler(paused, () => void (isPaused = true))
  setHandler(resumed, () => void (isPaused = false))
  const order = { workspaceId: input.workspaceId, importId: input.importId }
  const show = (state: string, words: string) => {
    setCurrentDetails(words)
    upsertSearchAttributes([{ key: searchAttribute.state, value: state }])
  }
  const boundary = async () => {
    if (isPaused) {
      await act.standImport({ ...order, state: 'paused' })
      show('paused', 'Paused by hand.')
      await condition(() => !isPaused)
      await act.standImport({ ...order, state: 'running' })
      show('running', 'Resumed.')
    }
    const { historyLength, continueAsNewSuggested } = workflowInfo()
    if (historyLength > maximumHistoryEvents || continueAsNewSuggested)
      await continueAsNew<typeof importContacts>({ ...order, paused: isPaused })
  }
  const stages = [
    { title: 'Rows', slice: act.importRows },
    { title: 'What follows from them', slice: act.spreadImport },
    { title: 'Journeys', slice: act.startImportJourneys },
  ]
  try {
    for (const { title, slice } of stages) {
      for (;;) {
        await boundary()
        const { done, words, waitMs } = await slice(order)
        setCurrentDetails(`${title}: ${words}`)
        if (done) break
        if (waitMs) await condition(() => isPaused, waitMs)
      }
    }
    return await act.endImport({ ...order, state: 'completed' })
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error
    const state = isCancellation(error) ? ('cancelled' as const) : ('failed' as const)
    const reason =
      error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : ''
    await CancellationScope.nonCancellable(() => act.endImport({ ...order, state, reason }))
    throw error
  }
}
