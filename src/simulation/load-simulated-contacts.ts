import { createHash } from 'node:crypto'
import { contactViewColumns } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import type { ConditionHistory } from '../model/condition-history.ts'
import { needsHistory } from '../model/condition-problems.ts'
import type { Condition } from '../model/conditions.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { loadHistories } from '../segments/load-history.ts'
import type { SimulatedContact } from './simulated-world.ts'

export interface LoadedContact {
  contact: SimulatedContact
  windowEndsAtMs: number | undefined
  history: ConditionHistory | undefined
}

/** Real contacts as a simulation begins with them, by id; who was merged away or is gone is missing. */
export async function loadSimulatedContacts(
  em: Em,
  input: {
    workspaceId: string
    ids: string[]
    /** The window is that of the chat with this number. */
    numberId: string
    definition: JourneyDefinition
    nowMs: number
  },
): Promise<Map<string, LoadedContact>> {
  const { workspaceId, ids, numberId, definition, nowMs } = input
  const rows = await em.execute<(SimulatedContact & { windowEndsAtMs: number | null })[]>(
    `select ${contactViewColumns}, c.opted_out_at is not null as "optedOut",
       coalesce((select jsonb_agg(category) from consents s where s.contact_id = c.id and s.state = 'opted_out'), '[]')
         as "refusedCategories",
       (select (extract(epoch from v.window_ends_at) * 1000)::float8 from conversations v
        where v.contact_id = c.id and v.number_id = ?) as "windowEndsAtMs"
     from contacts c where c.workspace_id = ? and c.merged_into is null
       and c.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [numberId, workspaceId, JSON.stringify(ids)],
  )
  const conditions = listJourneyConditions(definition).filter(needsHistory)
  const asked = { workspaceId, contactIds: rows.map(({ id }) => id), conditions, nowMs }
  const histories = conditions.length > 0 ? (await loadHistories(em, asked)).histories : new Map()
  return new Map(
    rows.map(({ windowEndsAtMs, ...contact }) => [
      contact.id,
      { contact, windowEndsAtMs: windowEndsAtMs ?? undefined, history: histories.get(contact.id) },
    ]),
  )
}

/** All conditions of a journey's cards, wherever they stand in the settings. */
function listJourneyConditions({ cards }: JourneyDefinition): Condition[] {
  return Object.values(cards).flatMap(({ settings }) => conditionsIn(settings))
}

function conditionsIn(value: unknown): Condition[] {
  if (Array.isArray(value)) return value.flatMap(conditionsIn)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, child]) =>
    name === 'condition' && child !== null && typeof child === 'object' && 'kind' in child
      ? [child as Condition]
      : conditionsIn(child),
  )
}

/** Bytes of a hash that says whether a contact is still like it was. */
export const hashBytes = 4

export function hashContact({ contact, windowEndsAtMs }: LoadedContact): Buffer {
  const { last_seen_at: _, ...lasting } = contact
  const words = JSON.stringify([lasting, windowEndsAtMs])
  return createHash('sha1').update(words).digest().subarray(0, hashBytes)
}
