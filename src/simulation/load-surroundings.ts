import { loadAttributeTypes } from '../contacts/attribute-definitions.ts'
import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { listWrittenAttributes } from '../journeys/written-attributes.ts'
import { arbiterSettingsSchema } from '../model/arbiter-settings.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { Surroundings } from './audience-order.ts'
import { getDefaultLanguage } from '../templates/resolve-template.ts'
import {
  contentOf,
  sendableStatuses,
  sentContentOf,
  templateColumns,
  type TemplateRow,
} from '../templates/template-row.ts'
import type { RateCard } from '../pricing/price-list.ts'
import type { SimulatedTemplate } from './simulated-templates.ts'
import { listSentTemplates } from './standing-violations.ts'

/** What a journey finds in its workspace and at its number, as it is now. */
export async function loadSurroundings(
  em: Em,
  input: { workspaceId: string; numberId: string; definition: JourneyDefinition },
): Promise<Surroundings> {
  const { workspaceId, numberId, definition } = input
  const types = await loadAttributeTypes(em, workspaceId)
  // What a draft would declare as it is published, it may set.
  const written = listWrittenAttributes(definition).map(({ name, type }) => [name, type] as const)
  const [number] = await em.execute<{ waba_id: string; per_second: number; limit: number | null }[]>(
    `select waba_id, messages_per_second as per_second, messaging_limit as "limit" from phone_numbers
     where workspace_id = ? and id = ?`,
    [workspaceId, numberId],
  )
  return {
    attributeTypes: [...new Map([...written, ...types])],
    templates: await loadTemplates(em, workspaceId, number?.waba_id ?? '', definition),
    defaultLanguage: await getDefaultLanguage(em, workspaceId),
    rateCards: await loadRateCards(em, workspaceId),
    limits: { messagesPerSecond: number?.per_second ?? 80, messagingLimit: number?.limit ?? null },
    arbiter: await loadArbiter(em, workspaceId),
  }
}

async function loadTemplates(
  em: Em,
  workspaceId: string,
  wabaId: string,
  definition: JourneyDefinition,
): Promise<SimulatedTemplate[]> {
  const sent = new Set(listSentTemplates(definition).map(({ name }) => name))
  const rows = await em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t where t.workspace_id = ? and t.waba_id = ? and t.deleted_at is null
       and t.name in (select jsonb_array_elements_text(?::jsonb))`,
    [workspaceId, wabaId, JSON.stringify([...sent])],
  )
  return rows.map((row) => {
    const { name, language, category, status } = row
    const content = sendableStatuses.includes(status) ? sentContentOf(row) : contentOf(row)
    return { name, language, category, status, content }
  })
}

async function loadRateCards(em: Em, workspaceId: string): Promise<RateCard[]> {
  return em.execute<RateCard[]>(
    `select id, name, currency, ${isoTime('effective_from')} as "effectiveFrom",
       ${isoTime('effective_until')} as "effectiveUntil", free_in_window as "freeInWindow", rates
     from rate_cards where workspace_id = ? order by id desc`,
    [workspaceId],
  )
}

async function loadArbiter(em: Em, workspaceId: string): Promise<Surroundings['arbiter']> {
  const [row] = await em.execute<{ settings: unknown }[]>(
    'select settings from arbiter_settings where workspace_id = ?',
    [workspaceId],
  )
  return row ? arbiterSettingsSchema.parse(row.settings) : null
}
