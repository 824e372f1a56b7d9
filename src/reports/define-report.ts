import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { csvLine } from '../kit/csv.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { sendCsv } from '../kit/send-csv.ts'
import { readReportQuery, reportQuery } from './report-query.ts'

type Asked = Awaited<ReturnType<typeof readReportQuery>>

interface Report<V extends z.ZodType> {
  /** In the path, after `report/`. */
  name: string
  summary: string
  description?: string
  row: V
  /** All rows: there are as many as cards, versions or days. */
  rows(deps: Deps, asked: Asked): Promise<z.input<V>[]>
  /** Of the CSV file: header and cell. */
  columns: Record<string, (row: z.input<V>) => string | number | null>
}

const base = { tag: 'Reports', auth: 'key', method: 'get' } as const
const params = z.object({ id: z.uuid() })

/** A list of a journey's reports: by pages, and as a CSV file. */
export function defineReport<V extends z.ZodType>({
  name,
  summary,
  row,
  rows,
  columns,
  ...more
}: Report<V>): Route[] {
  const path = `/platform/v1/journeys/:id/report/${name}`
  return [
    defineRoute({
      ...{ ...base, ...more, path, summary },
      input: { params, query: reportQuery.extend(page.query.shape) },
      output: page.of(row),
      handle: async ({
        deps,
        actor: { workspaceId },
        params: { id },
        query: { limit, cursor, ...query },
      }) => {
        const offset = decodeCursor(cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0
        const all = await rows(deps, await readReportQuery(deps, { workspaceId, journeyId: id, ...query }))
        return page.cut(all.slice(offset, offset + limit + 1), limit, () => [offset + limit])
      },
    }),
    defineRoute({
      ...{ ...base, path: `${path}/csv`, summary: `${summary}, as CSV`, download: 'text/csv' },
      input: { params, query: reportQuery },
      output: z.void(),
      handle: async ({ deps, actor: { workspaceId }, params: { id }, query, request }) => {
        const asked = await readReportQuery(deps, { workspaceId, journeyId: id, ...query })
        const all = await rows(deps, asked)
        await sendCsv(
          request,
          { name: `${asked.journey.name} ${name}.csv`, byteOrderMark: false },
          async function* () {
            yield csvLine(Object.keys(columns))
            for (const each of all)
              yield csvLine(Object.values(columns).map((cell) => String(cell(each) ?? '')))
          },
        )
      },
    }),
  ]
}
