import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { csvLine } from '../kit/csv.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { sendCsv } from '../kit/send-csv.ts'
import { auditFilter, auditView, listAudit, type AuditFilter, type ListedAudit } from './list-audit.ts'

const path = '/platform/v1/audit'
const tag = 'Audit'
const csvPage = 1_000

export const auditRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path,
    summary: 'List who changed what, the newest first; signing in and what was refused too',
    tag,
    auth: 'admin',
    input: { query: auditFilter.extend(page.query.shape) },
    output: page.of(auditView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listAudit(deps, { workspaceId, ...filter, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    method: 'get',
    path: `${path}/export`,
    summary: 'Export the log of changes as CSV, the newest first',
    tag,
    auth: 'admin',
    input: { query: auditFilter },
    output: z.undefined(),
    download: 'text/csv',
    handle: async ({ deps, actor: { workspaceId }, query, request }) => {
      await sendCsv(request, { name: 'audit.csv', byteOrderMark: true }, () =>
        csvLines(deps, workspaceId, query),
      )
      return undefined
    },
  }),
]

const columns = ['at', 'actor', 'actorName', 'action', 'status', 'address', 'requestId'] as const

async function* csvLines(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  filter: AuditFilter,
): AsyncGenerator<string, void> {
  yield csvLine([...columns, 'target', 'fields'])
  let before: string | undefined
  for (;;) {
    const rows = await listAudit(deps, { workspaceId, ...filter, before, limit: csvPage })
    for (const row of rows) yield toLine(row)
    before = rows.at(-1)?.id
    if (rows.length < csvPage) return
  }
}

function toLine({ target, fields, ...row }: ListedAudit): string {
  return csvLine([
    ...columns.map((name) => String(row[name] ?? '')),
    JSON.stringify(target),
    fields.join(' '),
  ])
}
