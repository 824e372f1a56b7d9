import { WorkflowNotFoundError } from '@temporalio/client'
import { loadAttributeTypes } from '../contacts/attribute-definitions.ts'
import { contactViewColumns } from '../contacts/contact-view.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { JourneyVersion } from '../journeys/entities.ts'
import { findRun } from '../journeys/find-runs.ts'
import { withinTime } from '../kit/within-time.ts'
import type { JsonObject } from '../model/json.ts'
import { simulateJourney } from '../simulation/simulate.ts'
import { syntheticContact, type SimulatedContact } from '../simulation/simulated-world.ts'
import { progress } from '../../workflows/contract.ts'
import type { BulkKind } from './bulk-kind.ts'
import type { PreviewGroup } from './preview-bulk.ts'

interface Foreseen extends PreviewGroup {
  goesOnAt: string | null
  sends: { cardId: string; inMinutes: number; text: string }[]
  refusal: string | null
}
type RunRow = Awaited<ReturnType<typeof findRun>>

/** A workflow whose worker is away is not worth a long wait: the row's variables will do. */
const queryTimeoutMs = 3_000

/** Walks a group's example on from where the order takes it, in the simulator, and keeps what would be sent soon. */
export async function foreseeSends(
  deps: Deps,
  input: { workspaceId: string; kind: BulkKind; order: unknown; group: PreviewGroup; horizonMs: number },
): Promise<Foreseen> {
  const { workspaceId, kind, order, group, horizonMs } = input
  const nothing = { ...group, goesOnAt: null, sends: [], refusal: null }
  const em = forkFor(deps.orm, workspaceId)
  const run = await findRun(deps, workspaceId, group.exampleRunId)
  const way = await kind.goesOn?.(em, run, order)
  if (!way) return nothing
  const version = await em.findOne(JourneyVersion, {
    id: way.versionId ?? run.versionId,
    journeyId: run.journeyId,
  })
  if (!version) return { ...nothing, refusal: 'the journey has no such version' }
  const { definition } = version
  if (way.cardId === null) return nothing
  if (!definition.cards[way.cardId])
    return { ...nothing, refusal: `version ${version.number} has no card "${way.cardId}"` }
  const startAtMs = Date.now()
  const { windowOpen, contact } = await loadExample(em, run)
  const vars = { ...(await varsOf(deps, run)), ...way.vars }
  const types = await loadAttributeTypes(em, workspaceId)
  const simulation = await simulateJourney(
    { ...definition, start: way.cardId },
    { contact, attributeTypes: types, startAtMs, vars, windowOpen },
  )
  const soon = simulation.messages.filter(({ atMs }) => atMs - startAtMs <= horizonMs)
  return {
    ...nothing,
    goesOnAt: way.cardId,
    sends: soon.map(({ atMs, cardId, text }) => ({ cardId, text, inMinutes: (atMs - startAtMs) / 60_000 })),
    refusal: simulation.problem && `stuck at "${simulation.problem.cardId}": ${simulation.problem.reason}`,
  }
}

async function loadExample(
  em: Em,
  { workspaceId, contactId, conversationId }: RunRow,
): Promise<{ contact: SimulatedContact; windowOpen: boolean }> {
  const [row] = await em.execute<(SimulatedContact & { window_open: boolean })[]>(
    `select ${contactViewColumns}, c.opted_out_at is not null as "optedOut",
       coalesce((select jsonb_agg(category) from consents s where s.contact_id = c.id and s.state = 'opted_out'), '[]')
         as "refusedCategories",
       coalesce((select window_ends_at > now() from conversations v where v.id = ?), false) as window_open
     from contacts c where c.workspace_id = ? and c.id = ?`,
    [conversationId ?? null, workspaceId, contactId ?? null],
  )
  if (!row) return { contact: syntheticContact(), windowOpen: false }
  const { window_open: windowOpen, ...contact } = row
  return { contact, windowOpen }
}

/** A live run's variables are in its workflow; the row has them once it has ended. */
async function varsOf(deps: Deps, run: RunRow): Promise<JsonObject> {
  if (run.endedAt) return run.vars
  try {
    const { state } = await withinTime(deps, queryTimeoutMs, () =>
      deps.temporal.workflow.getHandle(run.workflowId).query(progress),
    )
    return state.vars
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError))
      deps.log.info(
        { err: error, runId: run.id },
        'a run did not say its variables: those of its start are taken',
      )
    return run.vars
  }
}
