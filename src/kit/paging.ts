import { z } from 'zod'
import { AppError } from '../model/errors.ts'
import { findUnstorable } from './storable-text.ts'

type CursorPart = string | number | null

/** Cursor paging of every list: `?limit=&cursor=` in, `{ items, nextCursor }` out. */
export const page = {
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'items a page' }),
    cursor: z.string().max(1_000).optional().meta({ description: '`nextCursor` of the page before' }),
  }),
  of: <T extends z.ZodType>(item: T) =>
    z.object({
      items: z.array(item),
      nextCursor: z.string().nullable().meta({ description: 'null on the last page' }),
    }),
  /**
   * The page out of `limit + 1` rows.
   * @param keyOf the sort key of a row, e.g. `row => [row.id]`; it becomes the cursor.
   */
  cut: <T>(
    rows: T[],
    limit: number,
    keyOf: (row: T) => CursorPart[],
  ): { items: T[]; nextCursor: string | null } => {
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return { items, nextCursor: rows.length > limit && last ? encodeCursor(keyOf(last)) : null }
  },
}

/** Opaque to callers, so that what it holds may change. */
export function encodeCursor(key: CursorPart[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/**
 * The sort key of the last row of the page before, or undefined for the first page.
 * @param schema its shape, e.g. `z.tuple([z.uuid()])`.
 */
export function decodeCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined
  const parsed = schema.safeParse(readJson(Buffer.from(cursor, 'base64url').toString('utf8')))
  if (parsed.success) return parsed.data
  const message = 'is not a cursor of this list'
  throw new AppError('invalid_cursor', `cursor ${message}`, { fields: [{ field: 'cursor', message }] })
}

function readJson(text: string): unknown {
  try {
    return findUnstorable(text) ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
