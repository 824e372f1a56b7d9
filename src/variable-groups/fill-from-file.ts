import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as letOthers } from 'node:timers/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { readChunks } from '../transfers/import-chunks.ts'
import { demandPhoneColumn } from '../transfers/import-numbers.ts'
import { findImport, type ImportRow } from '../transfers/imports.ts'
import { withRawConnection } from '../transfers/raw-connection.ts'
import type { VariableGroup } from './find-groups.ts'
import { openGroup, type GroupInput } from './manage-groups.ts'
import { createLineReader, type RejectedLine } from './read-lines.ts'
import { overOlder } from './store-values.ts'

export interface Filled {
  group: VariableGroup
  lines: {
    read: number
    /** Phone numbers that have values of this file now. */
    stored: number
    rejected: number
    /** Lines about a number of an earlier line, which counts. */
    duplicates: number
  }
  /** The first thousand. */
  rejects: RejectedLine[]
}

/** Some thousand lines, some milliseconds of work: after each the process does whatever else is waiting. */
const pieceBytes = 32 * 1024

/**
 * Puts the lines of an uploaded file into the group of that ref, which is made when there is none. All of the file is stored
 * in one transaction or nothing of it: a million lines take some seconds.
 */
export async function fillFromFile(
  deps: Pick<Deps, 'orm' | 'config'>,
  input: Omit<GroupInput, 'fields'> & { importId: string },
): Promise<Filled> {
  const { workspaceId, importId, by } = input
  const em = forkFor(deps.orm, workspaceId)
  const { file } = await findImport(em, workspaceId, importId)
  const { at: phoneAt } = demandPhoneColumn(file)
  const fields = file.columns.flatMap(({ name }, at) => (at === phoneAt ? [] : [name]))
  const group = await em.transactional((tx) => openGroup(tx, { source: 'file', ...input, fields }))
  const { counts, rejects, stored } = await store(deps, { workspaceId, importId, file, phoneAt, group, by })
  const { read, rejected } = counts
  return { group, lines: { read, stored, rejected, duplicates: read - rejected - stored }, rejects }
}

async function store(
  deps: Pick<Deps, 'config'>,
  input: Pick<ImportRow, 'workspaceId' | 'file' | 'by'> & {
    importId: string
    phoneAt: number
    group: VariableGroup
  },
) {
  const { workspaceId, importId, file, phoneAt, group, by } = input
  const reader = createLineReader(file, phoneAt)
  const stored = await withRawConnection(deps.config, (source) =>
    withRawConnection(deps.config, async (target) => {
      await target.query('begin')
      await target.query(
        'create temp table variable_lines (line int, phone text, values jsonb) on commit drop',
      )
      const lines = toLines(readChunks(source, importId, file.dataStartsAt), reader.read)
      const copy = target.query(copyFrom('copy variable_lines (line, phone, values) from stdin'))
      await pipeline(Readable.from(lines, { highWaterMark: 1 }), copy)
      const n = await putOver(target, workspaceId, group.id)
      const data = JSON.stringify({ group: group.id, name: group.name, lines: n, by })
      await target.query(
        `insert into facts (id, workspace_id, at, kind, data) values ($1, $2, now(), 'variable-group.filled', $3)`,
        [newId(), workspaceId, data],
      )
      await target.query('commit')
      return n
    }),
  )
  return { counts: reader.counts, rejects: reader.rejects, stored }
}

async function putOver(client: Client, workspaceId: string, groupId: string): Promise<number> {
  await client.query('analyze variable_lines')
  const { rowCount } = await client.query(
    `insert into variable_values (group_id, workspace_id, phone, contact_id, values)
     select $1, $2, l.phone, i.contact_id, l.values
     from (select distinct on (phone) phone, values from variable_lines order by phone, line) l
     left join identities i on i.workspace_id = $2 and i.kind = 'wa_id' and i.scope = '' and i.value = l.phone
       and i.valid_to is null ${overOlder}`,
    [groupId, workspaceId],
  )
  return rowCount ?? 0
}

async function* toLines(
  file: AsyncIterable<Buffer>,
  read: (bytes: Buffer | undefined) => Buffer,
): AsyncGenerator<Buffer, void> {
  for await (const chunk of file) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const lines = read(chunk.subarray(at, at + pieceBytes))
      if (lines.length > 0) yield lines
      await letOthers()
    }
  }
  const last = read(undefined)
  if (last.length > 0) yield last
}
