import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { AppError, type ErrorCode } from '../model/errors.ts'

/** Names the one field that is wrong. */
export function refuseField(field: string, message: string, code: ErrorCode = 'invalid_input'): never {
  throw new AppError(code, `${field} ${message}`, { fields: [{ field, message }] })
}

/** Of two who want one name at once, the index lets one through. */
export async function refuseTaken<T>(field: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    refuseField(field, 'is taken', 'conflict')
  }
}
