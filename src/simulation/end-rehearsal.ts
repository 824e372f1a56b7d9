import { WorkflowNotFoundError } from '@temporalio/client'
import { isDeepStrictEqual } from 'node:util'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { RehearsalEnd, RehearsedFact } from '../../workflows/contract.ts'
import { findDifference } from './find-difference.ts'
import type { Tape } from './record-tape.ts'

interface EndedRehearsal {
  workspaceId: string
  rehearsalId: string
  operations: number
  facts: RehearsedFact[]
  end?: RehearsalEnd
  diverged?: string
}

/** Compares how a run went on Temporal with how the simulator had it, and tells the certification when it was the last. */
export async function endRehearsal(
  deps: Pick<Deps, 'orm'>,
  ended: EndedRehearsal,
): Promise<{ outcome: string }> {
  const { workspaceId, rehearsalId } = ended
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const [row] = await em.execute<{ foretold: Pick<Tape, 'facts' | 'end'>; operations: number }[]>(
      `select opening -> 'foretold' as foretold, operations from rehearsals where workspace_id = ? and id = ? for update`,
      [workspaceId, rehearsalId],
    )
    const difference = ended.diverged ?? (row ? compare(row.foretold, row.operations, ended) : 'it is gone')
    await settle(em, workspaceId, [{ id: rehearsalId, difference: difference ?? null }])
    return { outcome: difference ?? 'the same' }
  })
}

function compare(
  { facts, end }: Pick<Tape, 'facts' | 'end'>,
  operations: number,
  ended: EndedRehearsal,
): string | undefined {
  const [expected, found] = [
    { end, facts },
    { end: ended.end, facts: ended.facts },
  ]
  if (!isDeepStrictEqual(expected, found)) return `its trace differs at ${findDifference(expected, found)}`
  if (ended.operations < operations)
    return `it did ${ended.operations} operations, the simulator ${operations}`
  return undefined
}

/** Keeps the verdicts and forgets the tapes. Whoever ends last ends the certification. */
async function settle(
  em: Em,
  workspaceId: string,
  verdicts: { id: string; difference: string | null }[],
): Promise<void> {
  const rows = await em.execute<{ certification_id: string }[]>(
    `update rehearsals r set state = case when v.difference is null then 'passed' else 'failed' end,
       difference = left(v.difference, 2000), tape = '[]', opening = '{}', ended_at = now()
     from jsonb_to_recordset(?::jsonb) as v(id uuid, difference text)
     where r.workspace_id = ? and r.id = v.id and r.state = 'running' returning r.certification_id`,
    [JSON.stringify(verdicts), workspaceId],
  )
  for (const id of new Set(rows.map(({ certification_id }) => certification_id))) {
    // One at a time: of two that end together one must be the last.
    await em.execute('select id from certifications where workspace_id = ? and id = ? for update', [
      workspaceId,
      id,
    ])
    const [done] = await em.execute<{ state: string }[]>(
      `update certifications c set ended_at = now(), state = case when exists (
           select from rehearsals r where r.certification_id = c.id and r.state = 'failed') then 'failed' else 'passed' end
       where c.workspace_id = ? and c.id = ? and c.state = 'running'
         and not exists (select from rehearsals r where r.certification_id = c.id and r.state = 'running')
       returning state`,
      [workspaceId, id],
    )
    const data = { certification: id, state: done?.state ?? '' }
    if (done)
      await recordFacts(em, workspaceId, [
        { id: newId(), atMs: Date.now(), kind: 'certification.ended', data },
      ])
  }
}

const patience = '10 minutes'

/** What does not end is no pass: code that cannot be replayed, or that throws where nothing may, keeps its workflow for ever. */
export async function giveUpRehearsals(deps: Pick<Deps, 'orm' | 'temporal'>): Promise<void> {
  const rows = await deps.orm.em.fork().execute<{ id: string; workspace_id: string; workflow_id: string }[]>(
    `select id, workspace_id, workflow_id from rehearsals
     where state = 'running' and created_at < now() - interval '${patience}' order by id limit 100`,
  )
  for (const { id, workspace_id: workspaceId, workflow_id: workflowId } of rows) {
    const difference = `it has not ended in ${patience}: see the workflow ${workflowId}`
    await forkFor(deps.orm, workspaceId).transactional((em) => settle(em, workspaceId, [{ id, difference }]))
    try {
      await deps.temporal.workflow.getHandle(workflowId).terminate('the rehearsal took too long')
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    }
  }
}
