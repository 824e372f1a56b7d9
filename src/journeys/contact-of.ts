import { AppError } from '../model/errors.ts'
import type { RunRef } from '../../workflows/contract.ts'

/** Whom a run is about. One without a contact never comes here: the interpreter refuses before. */
export function contactOf({ contactId, runId }: RunRef): string {
  if (contactId === undefined) throw new AppError('unprocessable', `run ${runId} is about no contact`)
  return contactId
}
