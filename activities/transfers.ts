import { Context } from '@temporalio/activity'
import type { Deps } from '../src/deps.ts'
import { endImport, standImport } from '../src/transfers/end-import.ts'
import { spreadImport } from '../src/transfers/import-effects.ts'
import { startImportJourneys } from '../src/transfers/import-journeys.ts'
import {
  importRows,
  type SliceDeps,
  type SliceInput,
  type SliceResult,
} from '../src/transfers/import-rows.ts'

/** A batch takes PostgreSQL seconds: meanwhile the process says that it lives. */
const beatEveryMs = 2_000

export function createTransferActivities(deps: Deps) {
  return {
    importRows: slice(deps, importRows),
    spreadImport: slice(deps, spreadImport),
    startImportJourneys: slice(deps, startImportJourneys),
    standImport: (input: Parameters<typeof standImport>[1]) => standImport(deps, input),
    endImport: (input: Parameters<typeof endImport>[1]) => endImport(deps, input),
  }
}

function slice(deps: Deps, run: (deps: SliceDeps, input: SliceInput) => Promise<SliceResult>) {
  return async (input: SliceInput): Promise<SliceResult> => {
    const context = Context.current()
    let place = ''
    const beat = (words: string) => context.heartbeat((place = words))
    const timer = setInterval(() => beat(place), beatEveryMs)
    try {
      return await run({ ...deps, beat }, input)
    } finally {
      clearInterval(timer)
    }
  }
}
