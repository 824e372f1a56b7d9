import { loadTraffic } from '../arbiter/load-traffic.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findHeld } from '../holds/check-holds.ts'
import type { ArbiterSettings } from '../model/arbiter-settings.ts'
import type { ContactTraffic } from '../model/arbiter.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { loadSimulatedContacts, type LoadedContact } from '../simulation/load-simulated-contacts.ts'
import { optionsAmid } from '../simulation/audience-order.ts'
import { loadSurroundings } from '../simulation/load-surroundings.ts'
import { simulateRun } from '../simulation/simulate.ts'
import type { RunEnd, SimulatedMessage, SimulationOptions } from '../simulation/simulation.ts'
import type { JourneyState, MigrateOrder, Order } from '../../workflows/cards/journey-state.ts'
import { sampleInside, type Occupancy, type SampledRun } from './occupancy.ts'
import type { Source } from './plan.ts'
import { readStates } from './read-states.ts'
import { createForecast, type Forecast } from './forecast.ts'

const horizonMs = 24 * 3_600_000
/** Of people at one card, however many others there are. */
const fewest = 5

export interface Foreseeing {
  workspaceId: string
  journeyId: string
  numberId: string
  /** Only runs that this migration was for. */
  migrationId?: string | undefined
  /** Runs that are looked at, about. */
  sample: number
  /** Who is inside, and which versions they are of. */
  occupancy: Occupancy[]
  sources: Known[]
  /** Versions that they may go to. */
  targets: Pick<Known, 'definition'>[]
  /** What a run that stands at the card is ordered; undefined when it stays. */
  orderOf(run: SampledRun, card: string): Promise<MigrateOrder | ExitOrder | undefined>
}
type Known = Pick<Source, 'id' | 'number' | 'definition'>
type ExitOrder = Extract<Order, { action: 'exit' }>

/**
 * Who would hear from the journey soon: the other definition is walked from where runs stand now, and theirs beside it.
 * Nobody answers and no event comes, as in the worst case.
 */
export async function foresee(deps: Deps, input: Foreseeing): Promise<Forecast> {
  const { workspaceId, journeyId, migrationId, sample } = input
  const em = forkFor(deps.orm, workspaceId)
  const groups = input.occupancy.filter(({ inside, paused }) => inside > paused)
  const perCard = Math.max(fewest, Math.ceil(sample / Math.max(1, groups.length)))
  const versionIds = input.sources.map(({ id }) => id)
  const sampled = await sampleInside(em, { workspaceId, journeyId, migrationId, versionIds, perCard })
  const awake = sampled.filter(({ state }) => state !== 'paused')
  const states = await readStates(deps, awake)
  const nowMs = Date.now()
  const held = await findHeld(
    em,
    workspaceId,
    awake.map(({ id }) => id),
  )
  const optionsOf = await prepareOptions(deps, input, awake, nowMs)
  const forecast = createForecast(groups, nowMs)
  for (const run of awake) {
    const source = input.sources.find(({ id }) => id === run.versionId)
    const answer = states.get(run.id)
    if (!source || !answer) continue
    const isHeld = answer.isHeld || held.has(run.id)
    const options = isHeld ? undefined : await optionsOf(run)
    const order = options && (await input.orderOf(run, answer.state.cursor ?? ''))
    const walked =
      options && (await walkBoth(run, { ...options, startFrom: answer.state }, source.definition, order))
    forecast.add(run, walked ?? { with: [], without: [], problem: null })
  }
  return forecast.result(awake.length)
}

/** Of each run about a contact: everything that a simulation begins with. */
async function prepareOptions(
  deps: Deps,
  { workspaceId, numberId, sources, targets }: Foreseeing,
  runs: SampledRun[],
  nowMs: number,
): Promise<(run: SampledRun) => Promise<SimulationOptions | undefined>> {
  const em = forkFor(deps.orm, workspaceId)
  const definition = mixed(targets, sources)
  const ids = [...new Set(runs.flatMap(({ contactId }) => (contactId === null ? [] : [contactId])))]
  const contacts = await loadSimulatedContacts(em, { workspaceId, ids, numberId, definition, nowMs })
  const surroundings = await loadSurroundings(em, { workspaceId, numberId, definition })
  const { arbiter } = surroundings
  const same = optionsAmid(surroundings)
  return async ({ id, contactId }) => {
    const loaded = contactId === null ? undefined : contacts.get(contactId)
    if (contactId === null || !loaded) return undefined
    const traffic = arbiter ? await seeTraffic(em, arbiter, { workspaceId, contactId, runId: id }) : undefined
    return { ...same, ...meetingOf(loaded), traffic, startAtMs: nowMs, horizonMs }
  }
}

/** What the contact was sent lately, and what else waits for it; the run's own deferral ends with the move. */
async function seeTraffic(
  em: Em,
  settings: ArbiterSettings,
  { runId, ...of }: { workspaceId: string; contactId: string; runId: string },
): Promise<ContactTraffic> {
  const { traffic, waits } = await loadTraffic(em, settings, { ...of, sendKey: '' })
  return { ...traffic, waiting: traffic.waiting.filter((_, at) => waits[at]?.run_id !== runId) }
}

function meetingOf({ contact, windowEndsAtMs, history }: LoadedContact) {
  return { contact, history, windowOpen: false, ...(windowEndsAtMs !== undefined && { windowEndsAtMs }) }
}

/** All cards there are in any version: what their conditions look at is loaded at once. */
function mixed(targets: Foreseeing['targets'], sources: Known[]): JourneyDefinition {
  const all = [...targets, ...sources].map(({ definition }) => definition)
  const cards = all.flatMap((each, at) =>
    Object.entries(each.cards).map(([id, card]) => [`${at} ${id}`, card] as const),
  )
  return { ...(all[0] as JourneyDefinition), cards: Object.fromEntries(cards) }
}

export interface Walked {
  with: SimulatedMessage[]
  without: SimulatedMessage[]
  problem: RunEnd['problem']
}

async function walkBoth(
  run: SampledRun,
  options: SimulationOptions & { startFrom: JourneyState },
  own: JourneyDefinition,
  order: MigrateOrder | ExitOrder | undefined,
): Promise<Walked> {
  // Nobody resolves a stuck run meanwhile.
  const isStuck = run.state === 'stuck'
  const without = isStuck ? { messages: [], problem: null } : await walk(own, options)
  if (order === undefined) return { with: without.messages, without: without.messages, problem: null }
  const epoch = options.startFrom.epoch + (isStuck ? 1 : 0)
  const startFrom = { ...options.startFrom, epoch }
  const definition = order.action === 'migrate' ? order.definition : own
  const after = await walk(definition, { ...options, startFrom, orders: [order] })
  return { with: after.messages, without: without.messages, problem: after.problem }
}

async function walk(definition: JourneyDefinition, options: SimulationOptions) {
  const messages: SimulatedMessage[] = []
  const { problem } = await simulateRun(definition, options, { facts: { push: () => 0 }, messages })
  return { messages, problem }
}
