import type { Request } from 'express'
import { refuseFields } from './problem.ts'

/** PostgreSQL stores every character but this one; better to say so at the door than to fail inside. */
export function refuseNulInUrl({ originalUrl }: Pick<Request, 'originalUrl'>): void {
  if (originalUrl.includes('%00')) throw nul()
}

/** For `express.json({ verify })`: an escape that is not itself escaped. */
export function refuseNulInBody(_request: unknown, _response: unknown, bytes: Buffer): void {
  if (!bytes.includes('\\u0000')) return
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(bytes.toString('utf8'))) throw nul()
}

function nul() {
  return refuseFields([{ field: '', message: 'a text holds a NUL character, which cannot be stored' }])
}
