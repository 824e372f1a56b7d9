import { z } from 'zod'
import { page } from '../kit/paging.ts'

/** Paging by `limit` and `after`: `{ data, paging }`, and `after` is null on the last page. */
export const afterPaging = {
  query: {
    limit: page.query.shape.limit,
    after: page.query.shape.cursor.meta({ description: '`paging.after` of the page before' }),
  },
  of: <T extends z.ZodType>(item: T) =>
    z.object({
      data: z.array(item),
      paging: z.object({
        after: z.string().nullable().meta({ description: 'for the next page; null on the last' }),
      }),
    }),
  toWire:
    <R, W>(toItem: (item: R) => W) =>
    ({ items, nextCursor }: { items: R[]; nextCursor: string | null }) => ({
      data: items.map(toItem),
      paging: { after: nextCursor },
    }),
}
