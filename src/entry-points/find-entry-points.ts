import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { chatLink, type entryPointKinds } from '../model/entry-point.ts'
import { AppError } from '../model/errors.ts'

export interface EntryPoint {
  id: string
  kind: (typeof entryPointKinds)[number]
  name: string
  journeyId: string
  journeyName: string
  numberId: string
  code: string
  /** What the customer's WhatsApp opens with. */
  text: string
  /** What the QR code says, and a web page links to. */
  link: string
  /** Messages that carried the code. */
  arrivals: number
  /** Runs of the journey that they started. */
  entries: number
  lastArrivalAt: string | null
  createdAt: string
  updatedAt: string
}

type Row = Omit<EntryPoint, 'link'> & { displayNumber: string }

const pointSql = `select e.id, e.kind, e.name, e.journey_id as "journeyId", j.name as "journeyName",
  e.number_id as "numberId", e.code, e.text, e.arrivals::int as arrivals, e.entries::int as entries,
  p.display_number as "displayNumber", ${isoTime('e.last_arrival_at')} as "lastArrivalAt",
  ${isoTime('e.created_at')} as "createdAt", ${isoTime('e.updated_at')} as "updatedAt"
  from entry_points e join journeys j on j.id = e.journey_id join phone_numbers p on p.id = e.number_id`

/** In the caller's transaction. */
export async function readEntryPoint(em: Em, workspaceId: string, id: string): Promise<EntryPoint> {
  const [row] = await em.execute<Row[]>(
    `${pointSql} where e.workspace_id = ? and e.id = ? and e.deleted_at is null`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `entry point ${id} does not exist`)
  return withLink(row)
}

/** Newest first. */
export async function listEntryPoints(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    journeyId?: string | undefined
    kind?: EntryPoint['kind'] | undefined
    before?: string | undefined
    limit: number
  },
): Promise<EntryPoint[]> {
  const { workspaceId, journeyId = null, kind = null, before = null, limit } = input
  const rows = await forkFor(deps.orm, workspaceId).execute<Row[]>(
    `${pointSql} where e.workspace_id = ? and e.deleted_at is null and (?::uuid is null or e.journey_id = ?)
       and (?::text is null or e.kind = ?) and (?::uuid is null or e.id < ?) order by e.id desc limit ?`,
    [workspaceId, journeyId, journeyId, kind, kind, before, before, limit],
  )
  return rows.map(withLink)
}

function withLink({ displayNumber, ...point }: Row): EntryPoint {
  return { ...point, link: chatLink(displayNumber, point.text) }
}
