import { loadContactView } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import type { CampaignDefinition, Variant } from '../model/campaign-definition.ts'
import type { JsonObject } from '../model/json.ts'
import { describeContent } from '../model/message.ts'
import { renderTemplate } from '../model/template.ts'
import { previewTemplate, type TemplatePreview } from '../model/template-preview.ts'
import { resolveTemplate } from '../templates/resolve-template.ts'
import { sentContentOf } from '../templates/template-row.ts'
import { groupsNamedIn } from '../model/variable-key.ts'
import { loadVariableValues } from '../variable-groups/load-variable-values.ts'
import type { CampaignRow } from './find-campaigns.ts'

export interface MessagePreview {
  variant: string
  language: string | null
  /** What a customer would see; null when no template can be sent. */
  template: TemplatePreview | null
  /** As plain text. */
  text: string
  /** Placeholders that have no value for this contact: such a message is not sent. */
  missing: string[]
  /** Why nothing can be sent. */
  problem: string | null
}

/** Each variant of a campaign as one contact would get it. */
export async function previewMessages(
  em: Em,
  campaign: Pick<CampaignRow, 'workspaceId' | 'numberId'>,
  definition: CampaignDefinition,
  { contactId, given }: { contactId: string; given: JsonObject },
): Promise<MessagePreview[]> {
  const { workspaceId, numberId } = campaign
  const links = definition.buttons.filter(({ type }) => type === 'url')
  const contact = await loadContactView(em, workspaceId, contactId)
  const values = await loadVariableValues(em, {
    ...{ workspaceId, contactIds: [contact.id], groups: groupsNamedIn([definition.variants, links]) },
  })
  const groups = values.get(contact.id) ?? {}
  const all = { ...definition.given, ...given }
  const scope = { contact, given: all, vars: all, event: all['event'] ?? {}, groups }
  const [number] = await em.execute<{ waba_id: string }[]>(
    'select waba_id from phone_numbers where workspace_id = ? and id = ?',
    [workspaceId, numberId],
  )
  const spoken = contact['language']
  const account = {
    ...{ workspaceId, wabaId: number?.waba_id ?? '' },
    contactLanguage: typeof spoken === 'string' ? spoken : undefined,
  }
  const previews: MessagePreview[] = []
  for (const variant of definition.variants) previews.push(await previewOne(em, variant, account, scope))
  const { missing } = renderTemplate(links, scope)
  return previews.map((each) =>
    each.template === null ? each : { ...each, missing: [...new Set([...each.missing, ...missing])] },
  )
}

async function previewOne(
  em: Em,
  { id: variant, message }: Variant,
  account: { workspaceId: string; wabaId: string; contactLanguage: string | undefined },
  scope: Record<string, unknown>,
): Promise<MessagePreview> {
  const base = { variant, language: null, template: null, text: '', missing: [], problem: null }
  if (message.kind === 'direct') {
    const { value, missing } = renderTemplate(message.contents, scope)
    return { ...base, text: value.map(describeContent).join('\n'), missing }
  }
  const { name, language } = message
  const { template, why } = await resolveTemplate(em, { ...account, name, language })
  if (!template) return { ...base, problem: why }
  const { value, missing } = renderTemplate(message.values, scope)
  const preview = previewTemplate(sentContentOf(template), value)
  return { ...base, language: template.language, template: preview, text: preview.text, missing }
}
