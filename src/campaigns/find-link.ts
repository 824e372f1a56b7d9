import { loadContactView } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import type { JsonObject } from '../model/json.ts'
import { renderTemplate } from '../model/template.ts'
import { groupsNamedIn } from '../model/variable-key.ts'
import { loadVariableValues } from '../variable-groups/load-variable-values.ts'

/**
 * Where a counted link of a campaign's message leads, as it is for this contact now. Undefined when the message has none there,
 * or what the address names has no value.
 * @param index the button's place; the first link when absent
 */
export async function findCampaignLink(
  em: Em,
  { workspaceId, messageId, index }: { workspaceId: string; messageId: string; index: number | undefined },
): Promise<string | undefined> {
  const [row] = await em.execute<
    { definition: CampaignDefinition; contact_id: string; given: JsonObject | null }[]
  >(
    `select r.definition, m.contact_id, (select p.given from campaign_recipients p
       where p.run_id = r.id and p.contact_id::text = split_part(m.send_key, '/', 3)) as given
     from messages m join campaign_runs r on r.id = m.campaign_run_id
     where m.id = ? and m.workspace_id = ? and m.direction = 'out'`,
    [messageId, workspaceId],
  )
  const links = row?.definition.buttons.filter(({ type }) => type === 'url') ?? []
  const link = index === undefined ? links[0] : links.find((each) => each.index === index)
  if (!row || link?.type !== 'url') return undefined
  const contact = await loadContactView(em, workspaceId, row.contact_id)
  const values = await loadVariableValues(em, {
    ...{ workspaceId, contactIds: [contact.id], groups: groupsNamedIn(link.url) },
  })
  const given = { ...row.definition.given, ...row.given }
  const groups = values.get(contact.id) ?? {}
  const { value, missing } = renderTemplate(link.url, { contact, given, vars: given, groups })
  return missing.length > 0 ? undefined : value
}
