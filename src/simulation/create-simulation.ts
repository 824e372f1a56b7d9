import { randomInt } from 'node:crypto'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { durationMs } from '../model/schedule.ts'
import { readSegment } from '../segments/find-segments.ts'
import type { Audience, AudienceSimulationInput } from './audience-schema.ts'
import type { AudienceOrder, Surroundings } from './audience-order.ts'
import { loadSurroundings } from './load-surroundings.ts'
import { loadDefinition } from './simulate-request.ts'
import { wakeSimulations } from './simulation-threads.ts'

/** All that a simulation follows from but its contacts, as it is stored. */
export interface FrozenSimulation {
  order: AudienceOrder
  surroundings: Surroundings
  numberId: string
}

/** Freezes what is to be simulated and lets a thread of this process begin; it goes on without the request. */
export async function createSimulation(
  deps: Pick<Deps, 'orm' | 'config' | 'log'>,
  input: { workspaceId: string; journeyId: string; by: string; request: AudienceSimulationInput },
): Promise<string> {
  const { workspaceId, journeyId, by, request } = input
  const em = forkFor(deps.orm, workspaceId)
  const { numberId } = await getJourney(em, journeyId)
  const definition = await loadDefinition(deps, { workspaceId, journeyId, version: request.version })
  refuseUnknownCards(definition, request)
  const { audience } = request
  if (audience.kind === 'segment') await readSegment(em, workspaceId, audience.segmentId)
  const surroundings = await loadSurroundings(em, { workspaceId, numberId, definition })
  const frozen: FrozenSimulation = { order: orderOf(definition, request), surroundings, numberId }
  const id = newId()
  await em.transactional(async (tx) => {
    await tx.execute(
      `insert into simulations (id, workspace_id, journey_id, version, audience, frozen, contacts, by)
       values (?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)`,
      [
        ...[id, workspaceId, journeyId, request.version ?? null, JSON.stringify(audience)],
        ...[JSON.stringify(frozen), frozen.order.count, by],
      ],
    )
    const data = { simulation: id, journey: journeyId, version: request.version ?? null, by }
    await recordFacts(tx, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'simulation.started', data }])
  })
  wakeSimulations(deps)
  return id
}

function orderOf(definition: JourneyDefinition, request: AudienceSimulationInput): AudienceOrder {
  const { audience, spread, behaviour, replies, events, faults, effects, entryAt } = request
  return {
    definition,
    seed: request.seed ?? randomInt(2 ** 31),
    entryAtMs: entryAt === undefined ? Date.now() : Date.parse(entryAt),
    spread: { overMs: spread ? durationMs(spread.over) : 0, shape: spread?.shape ?? 'even' },
    // Of a segment it is known when its members are.
    count:
      audience.kind === 'synthetic'
        ? audience.count
        : audience.kind === 'contacts'
          ? audience.contactIds.length
          : 0,
    horizonMs: durationMs(request.horizon),
    vars: { ...(audience.kind === 'synthetic' && audience.vars), ...request.vars },
    windowOpen: request.windowOpen ?? usualWindow(definition, audience),
    ...{ behaviour, replies, events, faults, effects },
  }
}

/** A journey that answers what somebody wrote begins with an open window. */
function usualWindow({ triggers }: JourneyDefinition, { kind }: Audience): number | null {
  if (kind !== 'synthetic') return null
  return triggers.some(({ type }) => userInitiated.has(type)) ? 1 : 0
}

const userInitiated = new Set<string>(['user-utterance', 'ad-click', 'qr-code', 'widget'])

function refuseUnknownCards({ cards }: JourneyDefinition, request: AudienceSimulationInput): void {
  const named = [
    ...request.faults.map(({ card }, at) => [card, `faults.${at}.card`] as const),
    ...request.effects.map(({ card }, at) => [card, `effects.${at}.card`] as const),
    ...Object.keys(request.behaviour?.cards ?? {}).map((card) => [card, `behaviour.cards.${card}`] as const),
  ]
  const fields: FieldError[] = named
    .filter(([card]) => !Object.hasOwn(cards, card))
    .map(([card, field]) => ({ field, message: `there is no card "${card}"` }))
  if (fields.length > 0)
    throw new AppError(
      'invalid_input',
      fields.map(({ field, message }) => `${field}: ${message}`).join('; '),
      {
        fields,
      },
    )
}
