import { ApplicationFailure } from '@temporalio/common'
import { AppError, errorTable } from '../src/model/errors.ts'

type AsyncFunction = (...parameters: never[]) => Promise<unknown>

/** A refusal that trying again cannot cure is benign and final; everything else is retried. */
export function translateErrors<T extends Record<string, AsyncFunction>>(activities: T): T {
  const translated = Object.entries(activities).map(([name, run]) => [name, translating(run)])
  return Object.fromEntries(translated) as T
}

function translating(run: AsyncFunction): AsyncFunction {
  return async (...parameters) => {
    try {
      return await run(...parameters)
    } catch (error) {
      if (!(error instanceof AppError) || errorTable[error.code].retry) throw error
      const { message, code: type, details } = error
      throw ApplicationFailure.create({
        message,
        type,
        details: [details],
        nonRetryable: true,
        category: 'BENIGN',
      })
    }
  }
}
