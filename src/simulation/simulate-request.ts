import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { freezeDraft } from '../journeys/freeze-draft.ts'
import { readResolution } from '../journeys/read-resolution.ts'
import type { GivenResolution } from '../journeys/resolution-schema.ts'
import { getJourney, getVersion } from '../journeys/manage-journeys.ts'
import { invalidJourney } from '../journeys/publish-journey.ts'
import { optionsAmid } from './audience-order.ts'
import { loadSurroundings } from './load-surroundings.ts'
import { loadSimulatedContacts } from './load-simulated-contacts.ts'
import { createScriptRunner } from './run-simulated-script.ts'
import { simulateJourney } from './simulate.ts'
import { syntheticContact, type SimulatedContact } from './simulated-world.ts'
import type { ScriptedEvent, ScriptedReply, Simulation, SimulationOptions } from './simulation.ts'
import { checkJourney } from '../journeys/validate-journey.ts'

/** Instants may be given absolutely; in the simulator they count from the start. */
type Given<T> = T & { at?: string | undefined }

export interface SimulationRequest {
  workspaceId: string
  journeyId: string
  /** A version's number; the draft when absent. */
  version?: number | undefined
  /** A real contact, only read; a made-up one when absent. */
  contactId?: string | undefined
  contact?: Partial<SimulatedContact> | undefined
  startAt?: string | undefined
  replies: Given<ScriptedReply>[]
  events: Given<ScriptedEvent>[]
  options: Pick<SimulationOptions, 'vars' | 'windowOpen'>
  resolutions: GivenResolution[]
}

/** Tries a draft or a version out on a contact. Nothing is stored and nothing is sent. */
export async function simulateRequest(
  deps: Pick<Deps, 'orm' | 'scripts'>,
  request: SimulationRequest,
): Promise<Simulation> {
  const definition = await loadDefinition(deps, request)
  const startAtMs = request.startAt === undefined ? Date.now() : Date.parse(request.startAt)
  const { contact, history } = await loadContact(deps, request, definition)
  const { workspaceId, journeyId } = request
  const em = forkFor(deps.orm, workspaceId)
  const { numberId } = await getJourney(em, journeyId)
  const around = optionsAmid(await loadSurroundings(em, { workspaceId, numberId, definition }))
  const resolutions = await Promise.all(
    request.resolutions.map((each) => readResolution(em, journeyId, each, 'the simulation')),
  )
  return simulateJourney(definition, {
    ...around,
    ...request.options,
    resolutions,
    contact,
    history,
    startAtMs,
    runScript: createScriptRunner(deps.scripts),
    replies: request.replies.map((reply) => timed(reply, startAtMs)),
    events: request.events.map((event) => timed(event, startAtMs)),
  })
}

/** A version as it was published, or the draft as it would be once WhatsApp has approved its templates. */
export async function loadDefinition(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, journeyId, version }: Pick<SimulationRequest, 'workspaceId' | 'journeyId' | 'version'>,
): Promise<JourneyDefinition> {
  if (version !== undefined)
    return (await getVersion(deps, { workspaceId, journeyId, number: version })).definition
  const em = forkFor(deps.orm, workspaceId)
  const journey = await getJourney(em, journeyId)
  const { definition, problems } = checkJourney(await freezeDraft(em, journey, journey.draft, 'any'))
  if (!definition) throw invalidJourney(problems)
  return definition
}

async function loadContact(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, journeyId, contactId, contact }: SimulationRequest,
  definition: JourneyDefinition,
): Promise<Pick<SimulationOptions, 'contact' | 'history'>> {
  if (contactId === undefined) return { contact: syntheticContact(contact) }
  const em = forkFor(deps.orm, workspaceId)
  const { numberId } = await getJourney(em, journeyId)
  const asked = { workspaceId, ids: [contactId], numberId, definition, nowMs: Date.now() }
  const found = (await loadSimulatedContacts(em, asked)).get(contactId)
  if (!found) throw new AppError('not_found', `contact ${contactId} does not exist`)
  return { contact: { ...found.contact, ...contact }, history: found.history }
}

function timed<T extends { at?: string | undefined; atMs?: number | undefined }>(
  given: T,
  startAtMs: number,
): T {
  return given.at === undefined ? given : { ...given, atMs: Math.max(0, Date.parse(given.at) - startAtMs) }
}
