import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { findAudienceContact, type FoundContact } from './audience-contacts.ts'
import { createContactOptions } from './audience-order.ts'
import type { Audience } from './audience-schema.ts'
import type { FrozenSimulation } from './create-simulation.ts'
import { foreseeEntry, type ForeseenEntry } from './foresee-entry.ts'
import { createScriptRunner } from './run-simulated-script.ts'
import { simulateJourney } from './simulate.ts'
import type { Simulation, SimulationOptions } from './simulation.ts'
import { findSimulation, type SimulationRef } from './simulations.ts'

export interface ToldContact {
  contact: FoundContact
  options: SimulationOptions
  simulation: Simulation
  frozen: FrozenSimulation
  /** Of real contacts. */
  entry: ForeseenEntry | null
}

/**
 * One contact's way through a simulation with everything that happened in it, made again from the seed. Of real contacts
 * nothing is kept: who was changed since goes as they would go now, and is marked.
 */
export async function tellContact(
  deps: Pick<Deps, 'orm' | 'scripts'>,
  ref: SimulationRef,
  n: number,
): Promise<ToldContact> {
  const { workspaceId, simulationId: id } = ref
  const em = forkFor(deps.orm, workspaceId)
  const { state, audience } = await findSimulation(em, ref)
  const [row] = await em.execute<{ frozen: FrozenSimulation; audience: Audience }[]>(
    'select frozen, audience from simulations where workspace_id = ? and id = ?',
    [workspaceId, id],
  )
  const isRead = audience.kind === 'synthetic' || state === 'completed' || state === 'cancelled'
  if (!row || !isRead)
    throw new AppError('conflict', `the simulation is ${state}: its contacts are known when it has ended`)
  const { frozen } = row
  const contact = await findAudienceContact(em, { id, workspaceId, audience, frozen }, n)
  if (!contact)
    throw new AppError('not_found', `the simulation has no contact number ${n}, or it is gone since`)
  const { order, surroundings } = frozen
  const options = createContactOptions(order, surroundings, createScriptRunner(deps.scripts))(contact)
  const { definition } = order
  const contactId = contact.isReal ? contact.contact.id : undefined
  const entry = contactId
    ? await foreseeEntry(em, { workspaceId, journeyId: ref.journeyId, contactId, definition })
    : null
  return { contact, options, frozen, entry, simulation: await simulateJourney(definition, options) }
}
