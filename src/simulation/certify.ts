import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { enqueue } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { rehearsalWorkflowId } from '../../workflows/contract.ts'
import { tellContact } from './contact-timeline.ts'
import { recordTape, type Tape } from './record-tape.ts'
import type { RunPath } from './run-paths.ts'
import { findSimulation, type SimulationRef } from './simulations.ts'

export interface CertificationRow {
  id: string
  state: 'running' | 'passed' | 'failed'
  by: string
  createdAt: string
  endedAt: string | null
  rehearsals: {
    n: number
    steps: { card: string; outlet: string }[]
    operations: number
    state: 'running' | 'passed' | 'failed'
    difference: string | null
    workflowId: string
  }[]
}

/** A way that goes in circles proves nothing more by its thousandth round. */
const maximumOperations = 400

interface Rehearsal {
  id: string
  n: number
  /** Of a real one. */
  contactId: string | undefined
  /** Whom the simulated run saw: paths that are drawn by contact fall the same way. */
  seenAs: string
  steps: RunPath['steps']
  startAtMs: number
  tape: Tape
}

/**
 * Runs the most trodden ways of a simulation on Temporal, each once: interpreter and cards in the workflow sandbox, with
 * durable timers (months last a tenth of a second), signals, activities and continue-as-new. Each operation that a card asks
 * for, each fact and the end must be those of the simulator, at the same virtual times. The world answers from a tape:
 * nothing is sent, no row of a contact is touched, and what WhatsApp or integrations would say is not compared.
 */
export async function certify(
  deps: Deps,
  input: SimulationRef & { by: string; paths: number },
): Promise<string> {
  const { by, paths, ...ref } = input
  const { workspaceId, simulationId } = ref
  const { result } = await findSimulation(forkFor(deps.orm, workspaceId), ref)
  if (!result) throw new AppError('conflict', 'the simulation has no result to certify')
  const rehearsals: Rehearsal[] = []
  // Each way was seen as it began; one whose contact is gone since has nobody to go it.
  for (const path of result.paths.paths) {
    if (rehearsals.length === paths) break
    const rehearsal = path.end === 'cut-off' ? undefined : await prepare(deps, ref, path)
    if (rehearsal) rehearsals.push(rehearsal)
  }
  if (rehearsals.length === 0)
    throw new AppError('unprocessable', 'no way of the simulation comes to an end that could be certified')
  const id = newId()
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute('insert into certifications (id, workspace_id, simulation_id, by) values (?, ?, ?, ?)', [
      id,
      workspaceId,
      simulationId,
      by,
    ])
    const data = { simulation: simulationId, certification: id, paths: rehearsals.length, by }
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'certification.started', data },
    ])
    return startRehearsals(em, { workspaceId, certificationId: id }, rehearsals)
  })
  relaySoon(deps, outbox)
  return id
}

async function prepare(
  deps: Deps,
  ref: SimulationRef,
  { example, steps }: RunPath,
): Promise<Rehearsal | undefined> {
  const told = await tellContact(deps, ref, example).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  })
  if (!told) return undefined
  const { contact, options, frozen } = told
  const tape = await recordTape(frozen.order.definition, options)
  if (tape.entries.length > maximumOperations || tape.end.state === 'cut-off') return undefined
  const contactId = contact.isReal ? contact.contact.id : undefined
  const seenAs = contact.contact.id
  return { id: newId(), n: example, contactId, seenAs, steps, startAtMs: options.startAtMs, tape }
}

async function startRehearsals(
  em: Em,
  { workspaceId, certificationId }: { workspaceId: string; certificationId: string },
  rehearsals: Rehearsal[],
) {
  const started = rehearsals.map((each) => ({
    ...each,
    workflowId: rehearsalWorkflowId({ workspaceId, rehearsalId: each.id, contactId: each.contactId }),
  }))
  for (const { id, n, contactId, seenAs, workflowId, steps, startAtMs, tape } of started) {
    const { state, entries, facts, end } = tape
    const opening = { state, startAtMs, contactId: seenAs, foretold: { facts, end } }
    await em.execute(
      `insert into rehearsals (id, workspace_id, certification_id, n, contact_id, workflow_id, opening, tape, steps, operations)
       values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?)`,
      [
        ...[id, workspaceId, certificationId, n, contactId ?? null, workflowId, JSON.stringify(opening)],
        ...[JSON.stringify(entries), JSON.stringify(steps), entries.length],
      ],
    )
  }
  return enqueue(
    em,
    started.map(({ id, workflowId }) => ({
      name: 'rehearsal' as const,
      workflowId,
      payload: { workspaceId, rehearsalId: id },
    })),
  )
}

const columns = `c.id, c.state, c.by, ${isoTime('c.created_at')} as "createdAt", ${isoTime('c.ended_at')} as "endedAt",
  (select jsonb_agg(jsonb_build_object('n', r.n, 'steps', r.steps, 'operations', r.operations, 'state', r.state,
     'difference', r.difference, 'workflowId', r.workflow_id) order by r.id)
   from rehearsals r where r.certification_id = c.id) as rehearsals`

/** Newest first. */
export async function listCertifications(
  em: Em,
  input: SimulationRef & { before?: string | undefined; limit: number },
): Promise<CertificationRow[]> {
  const { before = null, limit, ...ref } = input
  await findSimulation(em, ref)
  return em.execute<CertificationRow[]>(
    `select ${columns} from certifications c where c.workspace_id = ? and c.simulation_id = ?
       and (?::uuid is null or c.id < ?) order by c.id desc limit ?`,
    [ref.workspaceId, ref.simulationId, before, before, limit],
  )
}

export async function findCertification(
  em: Em,
  { certificationId, ...ref }: SimulationRef & { certificationId: string },
): Promise<CertificationRow> {
  await findSimulation(em, ref)
  const [row] = await em.execute<CertificationRow[]>(
    `select ${columns} from certifications c where c.workspace_id = ? and c.simulation_id = ? and c.id = ?`,
    [ref.workspaceId, ref.simulationId, certificationId],
  )
  if (!row) throw new AppError('not_found', `there is no certification ${certificationId}`)
  return row
}
