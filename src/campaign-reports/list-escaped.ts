import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { CertifiedRun } from './find-certified-run.ts'

/** What was on its way already when somebody or something halted the run, and arrived after. */
export interface Escape {
  /** `campaign.paused`, `campaign.stopped`, `campaign.cancelled`, or `stop` of everything. */
  halt: string
  at: string
  by: string
  messages: number
  /** The first of them. */
  messageIds: string[]
}

const mostShown = 100

/** A halt waits for the chunk that is being claimed and for none after it: at most what was in flight is listed here. */
export async function listEscaped(em: Em, { workspaceId, runId }: CertifiedRun): Promise<Escape[]> {
  return em.execute<Escape[]>(
    `with halts as (
       select f.kind as halt, f.at, coalesce(f.data ->> 'by', '') as by from facts f
       where f.workspace_id = ? and f.run_id = ? and f.kind in ('campaign.paused', 'campaign.stopped', 'campaign.cancelled')
       union all
       select 'stop', h.placed_at, h.placed_by from holds h join campaign_runs r on r.id = ? and r.workspace_id = h.workspace_id
       where h.workspace_id = ? and h.kind = 'stop' and h.placed_at >= coalesce(r.sending_at, r.created_at)
         and h.placed_at <= coalesce(r.ended_at, now()) and (h.number_id is null or exists (
           select 1 from campaign_lanes l where l.run_id = r.id and l.number_id = h.number_id)))
     select h.halt, ${isoTime('h.at')} as at, h.by, count(m.id)::int as messages,
       coalesce((array_agg(m.id order by m.accepted_at, m.id) filter (where m.id is not null))[1:${mostShown}], '{}') as "messageIds"
     from halts h left join messages m on m.workspace_id = ? and m.campaign_run_id = ? and m.inflight_at <= h.at
       and m.accepted_at > h.at
     group by h.halt, h.at, h.by order by h.at`,
    [workspaceId, runId, runId, workspaceId, workspaceId, runId],
  )
}
