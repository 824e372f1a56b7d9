import { freezeBlocks } from '../blocks/freeze-blocks.ts'
import { loadAttributeTypes } from '../contacts/attribute-definitions.ts'
import { contactViewColumns } from '../contacts/contact-view.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { getJourney, getVersion } from '../journeys/manage-journeys.ts'
import { invalidJourney } from '../journeys/publish-journey.ts'
import { simulateJourney } from './simulate.ts'
import { syntheticContact, type SimulatedContact } from './simulated-world.ts'
import type { ScriptedEvent, ScriptedReply, Simulation, SimulationOptions } from './simulation.ts'
import { checkJourney } from '../journeys/validate-journey.ts'
import { listWrittenAttributes } from '../journeys/written-attributes.ts'

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
  options: Pick<SimulationOptions, 'vars' | 'windowOpen' | 'resolutions'>
}

/** Tries a draft or a version out on a contact. Nothing is stored and nothing is sent. */
export async function simulateRequest(
  deps: Pick<Deps, 'orm'>,
  request: SimulationRequest,
): Promise<Simulation> {
  const definition = await loadDefinition(deps, request)
  const startAtMs = request.startAt === undefined ? Date.now() : Date.parse(request.startAt)
  const contact = await loadContact(deps, request)
  const types = await loadAttributeTypes(forkFor(deps.orm, request.workspaceId), request.workspaceId)
  // What a draft would declare as it is published, it may set.
  const written = listWrittenAttributes(definition).map(({ name, type }) => [name, type] as const)
  return simulateJourney(definition, {
    ...request.options,
    contact,
    attributeTypes: new Map([...written, ...types]),
    startAtMs,
    replies: request.replies.map((reply) => timed(reply, startAtMs)),
    events: request.events.map((event) => timed(event, startAtMs)),
  })
}

async function loadDefinition(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, journeyId, version }: SimulationRequest,
): Promise<JourneyDefinition> {
  if (version !== undefined)
    return (await getVersion(deps, { workspaceId, journeyId, number: version })).definition
  const em = forkFor(deps.orm, workspaceId)
  const { draft } = await getJourney(em, journeyId)
  const { definition, problems } = checkJourney(await freezeBlocks(em, workspaceId, draft))
  if (!definition) throw invalidJourney(problems)
  return definition
}

async function loadContact(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, contactId, contact }: SimulationRequest,
): Promise<SimulatedContact> {
  if (contactId === undefined) return syntheticContact(contact)
  const [row] = await forkFor(deps.orm, workspaceId).execute<SimulatedContact[]>(
    `select ${contactViewColumns}, c.opted_out_at is not null as "optedOut",
       coalesce((select jsonb_agg(category) from consents s where s.contact_id = c.id and s.state = 'opted_out'), '[]')
         as "refusedCategories"
     from contacts c where c.workspace_id = ? and c.id = ?`,
    [workspaceId, contactId],
  )
  if (!row) throw new AppError('not_found', `contact ${contactId} does not exist`)
  return { ...row, ...contact }
}

function timed<T extends { at?: string | undefined; atMs?: number | undefined }>(
  given: T,
  startAtMs: number,
): T {
  return given.at === undefined ? given : { ...given, atMs: Math.max(0, Date.parse(given.at) - startAtMs) }
}
