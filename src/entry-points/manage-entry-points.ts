import { randomInt } from 'node:crypto'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { codeAlphabet, withCode } from '../model/entry-point.ts'
import { AppError } from '../model/errors.ts'
import { readEntryPoint, type EntryPoint } from './find-entry-points.ts'

/** A way into one journey, over the journey's number. */
export async function createEntryPoint(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    journeyId: string
    kind: EntryPoint['kind']
    name: string
    text: string
    code?: string | undefined
    by: string
  },
): Promise<EntryPoint> {
  const { workspaceId, journeyId, kind, name, code = drawCode(), by } = input
  const id = newId()
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const [journey] = await em.execute<{ number_id: string }[]>(
      'select number_id from journeys where workspace_id = ? and id = ? and deleted_at is null for share',
      [workspaceId, journeyId],
    )
    if (!journey) throw refusal('unprocessable', 'journeyId', `there is no journey ${journeyId}`)
    const made = await em.execute<object[]>(
      `insert into entry_points (id, workspace_id, journey_id, number_id, kind, name, code, text)
       values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning id`,
      [id, workspaceId, journeyId, journey.number_id, kind, name, code, withCode(input.text, code)],
    )
    if (made.length === 0) throw refusal('conflict', 'code', `the code ${code} is in use on this number`)
    await tell(em, workspaceId, 'entry-point.created', { id, name, by })
    return readEntryPoint(em, workspaceId, id)
  })
}

/** Its code stays: it is printed on walls. */
export async function updateEntryPoint(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    id: string
    name?: string | undefined
    text?: string | undefined
    by: string
  },
): Promise<EntryPoint> {
  const { workspaceId, id, name, text, by } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const before = await readEntryPoint(em, workspaceId, id)
    const written = text === undefined ? null : withCode(text, before.code)
    await em.execute(
      `update entry_points set name = coalesce(?, name), text = coalesce(?, text), updated_at = now()
       where workspace_id = ? and id = ?`,
      [name ?? null, written, workspaceId, id],
    )
    await tell(em, workspaceId, 'entry-point.changed', { id, name: name ?? before.name, by })
    return readEntryPoint(em, workspaceId, id)
  })
}

/** Who comes by it from now on has only written a text. */
export async function deleteEntryPoint(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, id, by }: { workspaceId: string; id: string; by: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name } = await readEntryPoint(em, workspaceId, id)
    await em.execute('update entry_points set deleted_at = now() where workspace_id = ? and id = ?', [
      ...[workspaceId, id],
    ])
    await tell(em, workspaceId, 'entry-point.deleted', { id, name, by })
  })
}

/** Thirty-two letters, eight times: a number has room for a million codes before two are likely to meet. */
function drawCode(): string {
  const letters = Array.from({ length: 7 }, () => codeAlphabet[randomInt(codeAlphabet.length)])
  // One digit at least, as of every code.
  return [randomInt(2, 10), ...letters].join('')
}

async function tell(
  em: Em,
  workspaceId: string,
  kind: string,
  { id, name, by }: { id: string; name: string; by: string },
): Promise<void> {
  const data = { entryPoint: id, name, by }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}

function refusal(code: 'conflict' | 'unprocessable', field: string, message: string): AppError {
  return new AppError(code, message, { fields: [{ field, message }] })
}
