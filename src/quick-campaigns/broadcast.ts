import { createCampaign } from '../campaigns/save-campaign.ts'
import type { CampaignRow } from '../campaigns/find-campaigns.ts'
import { lookUpContacts } from '../contacts/look-up-contacts.ts'
import { upsertByPhone, type GivenPerson } from '../contacts/upsert-by-phone.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Audience, Variant } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageContent } from '../model/message.ts'
import type { TemplateValues } from '../model/template-values.ts'
import { accountOf } from '../settings/account-of.ts'
import { composeRow } from '../templates/compose-template.ts'
import { literalValues } from '../templates/literal-values.ts'
import { resolveTemplate } from '../templates/resolve-template.ts'
import { requestRun, type Requested } from './request-run.ts'

interface Broadcast {
  workspaceId: string
  numberId: string
  title: string
  /** At once when absent; what is past is at once. */
  atMs?: number | undefined
  by: string
}
export interface Broadcasted {
  /** Null when nobody could be sent anything. */
  campaign: CampaignRow | null
  requested: Requested | null
  recipients: number
  notSent: { phone: string; reason: string }[]
}

/** Sends messages, one after the other, to whoever may be written to freely at that time; the others are told apart at once. */
export async function broadcastDirect(
  deps: Deps,
  input: Broadcast & { phones: string[]; contents: MessageContent[] },
): Promise<Broadcasted> {
  const { workspaceId, phones, contents } = input
  const em = forkFor(deps.orm, workspaceId)
  const found = await lookUpContacts(
    em,
    workspaceId,
    phones.map((waId) => ({ waId })),
  )
  const windows = await listWindows(
    em,
    input,
    found.flatMap((each) => ('contactId' in each ? [each.contactId] : [])),
  )
  const atMs = Math.max(input.atMs ?? 0, Date.now())
  const contactIds = new Set<string>()
  const notSent: Broadcasted['notSent'] = []
  found.forEach((each, at) => {
    const phone = phones[at] ?? ''
    if (!('contactId' in each)) return notSent.push({ phone, reason: each.problem })
    if ((windows.get(each.contactId) ?? 0) <= atMs)
      return notSent.push({ phone, reason: 'outside the 24-hour window: only a template may be sent' })
    return contactIds.add(each.contactId)
  })
  const variant = { id: 'A', message: { kind: 'direct', contents: contents.map(literalValues) } } as const
  return { ...(await send(deps, input, variant, [...contactIds], 'marketing')), notSent }
}

/** Sends an approved template to people who are created, or updated with what is said of them. */
export async function broadcastTemplate(
  deps: Deps,
  input: Broadcast & {
    people: GivenPerson[]
    template: { name: string; language: string; values: TemplateValues }
  },
): Promise<Broadcasted> {
  const { workspaceId, numberId, people, template, by } = input
  const { name, language, values } = template
  const em = forkFor(deps.orm, workspaceId)
  const wabaId = await accountOf(em, workspaceId, numberId)
  const found = await resolveTemplate(em, { workspaceId, wabaId, name, language })
  if (found.template === undefined || found.via !== 'asked') {
    const message = found.template ? `${name} is not approved in ${language}` : found.why
    throw new AppError('unprocessable', message, { fields: [{ field: 'template', message }] })
  }
  const filled = literalValues(values)
  const { missing } = await composeRow(em, workspaceId, found.template, { values: filled })
  if (missing.length > 0)
    throw new AppError('missing_variable', `${missing.join(', ')} is missing`, {
      fields: missing.map((field) => ({ field, message: 'is missing' })),
    })
  const contactIds = await upsertByPhone(deps, { workspaceId, people, by })
  const message = { kind: 'template', name, language, values: filled } as const
  const kind = found.template.category === 'MARKETING' ? 'marketing' : 'utility'
  const sent = await send(deps, input, { id: 'A', message }, [...new Set(contactIds)], kind)
  return { ...sent, notSent: [] }
}

type Content = Omit<Variant, 'weight'>

async function send(
  deps: Deps,
  { workspaceId, numberId, title, atMs, by }: Broadcast,
  variant: Content,
  contactIds: string[],
  kind: 'marketing' | 'utility',
): Promise<Omit<Broadcasted, 'notSent'>> {
  const recipients = contactIds.length
  if (recipients === 0) return { campaign: null, requested: null, recipients }
  const audience = toAudience(contactIds)
  const draft = JSON.parse(JSON.stringify({ variants: [variant], class: kind, audience })) as JsonObject
  const campaign = await createCampaign(deps, {
    ...{ workspaceId, numberId, name: title, kind: 'one-time', draft, by },
  })
  const requested = await requestRun(deps, { workspaceId, campaignId: campaign.id, audience, atMs, by })
  return { campaign, requested, recipients }
}

/** As many as one part of an audience takes. */
const part = 10_000

function toAudience(contactIds: string[]): Audience {
  const parts = Array.from({ length: Math.ceil(contactIds.length / part) }, (_, at) => ({
    ...{ kind: 'contacts' as const, contactIds: contactIds.slice(at * part, (at + 1) * part) },
  }))
  return { include: parts, exclude: [] }
}

async function listWindows(
  em: Em,
  { workspaceId, numberId }: Broadcast,
  contactIds: string[],
): Promise<Map<string, number>> {
  const rows = await em.execute<{ contact_id: string; ends_ms: number }[]>(
    `select contact_id, (extract(epoch from window_ends_at) * 1000)::float8 as ends_ms from conversations
     where workspace_id = ? and number_id = ? and window_ends_at > now()
       and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, numberId, JSON.stringify(contactIds)],
  )
  return new Map(rows.map((row) => [row.contact_id, row.ends_ms]))
}
