import type { Em } from '../db/orm.ts'
import type { NumberAccess } from '../settings/numbers.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

/**
 * Counts people whom we wrote to first, which WhatsApp limits for a portfolio in any 24 hours: each in the minute of the last
 * time. Call it with what the conversations said before, in the transaction that moves their `initiated_at`.
 */
export async function countInitiated(
  em: Em,
  { workspaceId, portfolioId }: Pick<NumberAccess, 'workspaceId' | 'portfolioId'>,
  people: { window_open: boolean; initiated_ms: number | null }[],
): Promise<void> {
  const initiated = people.filter(({ window_open: isOpen }) => !isOpen)
  if (initiated.length === 0) return
  const nowMs = Date.now()
  const minutes = new Map<number, number>([[floor(nowMs), initiated.length]])
  for (const { initiated_ms: before } of initiated) {
    if (before === null || before < nowMs - dayMs) continue
    minutes.set(floor(before), (minutes.get(floor(before)) ?? 0) - 1)
  }
  const rows = [...minutes].map(([minute_ms, n]) => ({ minute_ms, n })).filter(({ n }) => n !== 0)
  await em.execute(
    `insert into initiated_minutes as i (workspace_id, portfolio_id, minute, n)
     select ?, ?, to_timestamp(r.minute_ms / 1000.0), r.n from jsonb_to_recordset(?::jsonb) as r(minute_ms float8, n int)
     order by r.minute_ms
     on conflict (workspace_id, portfolio_id, minute) do update set n = i.n + excluded.n`,
    [workspaceId, portfolioId, JSON.stringify(rows)],
  )
}

/** Whether a message to somebody counts: the window is closed, and nothing was begun with them in the last 24 hours. */
export function isInitiating(
  person: { window_open: boolean; initiated_ms: number | null },
  nowMs: number,
): boolean {
  return !person.window_open && (person.initiated_ms === null || person.initiated_ms < nowMs - dayMs)
}

function floor(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}
