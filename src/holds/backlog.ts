import { z } from 'zod'
import { bulkPreviewSchema, previewBulk } from '../bulk/preview-bulk.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { BacklogPlan } from './backlog-plan.ts'
import type { HoldRow } from './find-holds.ts'

const ageSchema = z.object({ hours: z.number(), standing: z.int(), queued: z.int() })
export const backlogSchema = z
  .object({
    standing: z.int().meta({ description: 'runs that stand at the pause' }),
    contacts: z.int().meta({ description: 'people whom they are about' }),
    queued: z.int().meta({ description: 'entrants who wait at the door' }),
    overdueMessages: z.int().meta({
      description: 'what would be sent at once, when each run sends what the example of its group does',
    }),
    oldestDueAt: z.iso.datetime().nullable(),
    olderThan: z.array(ageSchema).meta({ description: 'how many have been due for more than so many hours' }),
    comingSoon: z.int().meta({ description: 'more whose timers ring within 24 hours' }),
    takesMinutes: z.number(),
    groups: bulkPreviewSchema.shape.groups,
  })
  .meta({ id: 'Backlog' })
type Backlog = z.output<typeof backlogSchema>

const ages = [1, 6, 24, 72, 168]

interface Counted {
  standing: number
  contacts: number
  oldest: string | null
  ages: number[]
}

/** What has piled up at a pause, and what lifting it would set free. */
export async function forecastBacklog(
  deps: Deps,
  {
    workspaceId,
    hold,
    backlog,
    ratePerMinute,
  }: {
    workspaceId: string
    hold: HoldRow
    backlog: BacklogPlan
    ratePerMinute: number
  },
): Promise<Backlog> {
  const em = forkFor(deps.orm, workspaceId)
  const age = (column: string) =>
    `array[${ages.map((hours) => `count(*) filter (where ${column} < now() - interval '${hours} hours')::int`).join(', ')}]`
  const due = 'coalesce(due_at, updated_at)'
  const [runs] = await em.execute<Counted[]>(
    `select count(*)::int as standing, count(distinct contact_id)::int as contacts, ${isoTime(`min(${due})`)} as oldest,
       ${age(due)} as ages from runs where workspace_id = ? and held_by = ? and state = 'paused'`,
    [workspaceId, hold.id],
  )
  const [queued] = await em.execute<{ n: number; ages: number[] }[]>(
    `select count(*)::int as n, ${age('queued_at')} as ages from queued_entrants where workspace_id = ? and hold_id = ?`,
    [workspaceId, hold.id],
  )
  const liftedAtMs = Date.now()
  const preview = await previewBulk(deps, {
    ...{ workspaceId, kind: 'release', ratePerMinute, selection: { heldBy: hold.id } },
    order: { holdId: hold.id, liftedAtMs, backlog },
    ...(backlog.how === 'spread' && { spreadHours: backlog.hours }),
  })
  return {
    standing: runs?.standing ?? 0,
    contacts: runs?.contacts ?? 0,
    queued: queued?.n ?? 0,
    overdueMessages: preview.foreseenSends,
    oldestDueAt: runs?.oldest ?? null,
    olderThan: ages.map((hours, at) => ({
      hours,
      standing: runs?.ages[at] ?? 0,
      queued: queued?.ages[at] ?? 0,
    })),
    comingSoon: await countComing(deps, workspaceId, hold),
    takesMinutes: preview.takesMinutes,
    groups: preview.groups,
  }
}

/** Runs inside that sleep still: they come to stand there when they wake up. */
async function countComing(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  { scope, scopeId, releasedAt }: HoldRow,
): Promise<number> {
  if (releasedAt !== null) return 0
  const [row] = await forkFor(deps.orm, workspaceId).execute<{ n: number }[]>(
    `select count(*)::int as n from runs where workspace_id = ? and ended_at is null and state = 'waiting'
       and due_at between now() and now() + interval '24 hours' and ${within[scope]}`,
    scope === 'workspace' ? [workspaceId] : [workspaceId, scopeId],
  )
  return row?.n ?? 0
}

const within = {
  workspace: 'true',
  number: 'number_id = ?',
  journey: 'journey_id = ?',
  contact: 'contact_id = ?',
  run: 'id = ?',
}
