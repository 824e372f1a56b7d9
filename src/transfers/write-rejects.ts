import type { RouteContext } from '../kit/route.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { createCsvReader, csvLine } from '../kit/csv.ts'
import { readSpans } from './import-chunks.ts'
import { findImport, type ImportRow } from './imports.ts'
import { withRawConnection } from './raw-connection.ts'
import { sendCsv } from '../kit/send-csv.ts'

const rowsAPage = 1_000
/** Of a row that was too long, its beginning. */
const shownBytes = 64 * 1024

interface Reject {
  row_no: number
  starts_at: number
  bytes: number
  field: string | null
  value: string | null
  reason: string
}

/** All rejected rows as they stood in the file, with what is wrong; mended, the same file can be uploaded again. */
export async function writeRejects(
  deps: Pick<Deps, 'orm' | 'config'>,
  { workspaceId, importId }: { workspaceId: string; importId: string },
  request: RouteContext['request'],
): Promise<void> {
  const imported = await findImport(forkFor(deps.orm, workspaceId), workspaceId, importId)
  const name = `${imported.name.replace(/\.\w{1,4}$/, '')}-rejects.csv`
  await withRawConnection(deps.config, (client) =>
    sendCsv(request, { name, byteOrderMark: false }, async function* () {
      const columns = imported.file?.columns.map((column) => column.name) ?? []
      yield csvLine([...columns, 'reject_row', 'reject_column', 'reject_value', 'reject_reason'])
      let after = 0
      for (;;) {
        const rejects = await nextRejects(deps, imported, after)
        const originals = readSpans(client, importId, rejects.map(spanOf))
        for (const reject of rejects) {
          const original = await originals.next()
          yield rejectLine(imported, reject, original.value ?? Buffer.alloc(0))
        }
        after = rejects.at(-1)?.row_no ?? after
        if (rejects.length < rowsAPage) return
      }
    }),
  )
}

async function nextRejects(
  deps: Pick<Deps, 'orm'>,
  { id, workspaceId }: ImportRow,
  after: number,
): Promise<Reject[]> {
  return forkFor(deps.orm, workspaceId).execute<Reject[]>(
    `select r.row_no::float8 as row_no, r.starts_at::float8 as starts_at, r.bytes, r.field, r.value, r.reason
     from import_rejects r join imports i on i.id = r.import_id
     where i.workspace_id = ? and r.import_id = ? and r.row_no > ? order by r.row_no limit ${rowsAPage}`,
    [workspaceId, id, after],
  )
}

function spanOf({ starts_at, bytes }: Reject): { startsAt: number; bytes: number } {
  return { startsAt: starts_at, bytes: Math.min(bytes, shownBytes) }
}

/** Of a row whose cells cannot be told apart, all of it stands in the first one. */
function rejectLine({ file }: ImportRow, reject: Reject, original: Buffer): string {
  const reader = createCsvReader(file)
  const record = [...reader.push(original), ...reader.end()][0]
  const cells = record && !record.problem ? record.cells : [original.toString('utf8').trimEnd()]
  const width = file.columns.length
  const fitted = Array.from({ length: width }, (_, at) => cells[at] ?? '')
  // Nothing is lost of a row that has too many.
  if (cells.length > width) fitted[width - 1] = cells.slice(width - 1).join(file.delimiter)
  const { row_no, field, value, reason } = reject
  return csvLine([...fitted, String(row_no), field ?? '', value ?? '', reason])
}
