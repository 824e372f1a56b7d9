import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import { categoryOfMessage } from '../model/consent.ts'
import { createPriceList, sayMicros } from '../pricing/price-list.ts'
import { listRateCards } from '../pricing/rate-cards.ts'
import { tuneForManyContacts } from '../segments/query-tuning.ts'
import type { CampaignRow } from './find-campaigns.ts'
import { gatherAudience } from './gather-audience.ts'
import { leaveOut, listLanes } from './leave-out.ts'
import { phoneStart, placeInTime } from './place-in-time.ts'
import { shareOut } from './share-out.ts'

export interface Estimate {
  audience: number
  intended: number
  skipped: Record<string, number>
  variants: { id: string; recipients: number }[]
  cost: { currency: string; total: string }[]
  /** Messages that no rate card has a price for. */
  unpriced: number
  /** At the numbers' speed, without quiet hours and what else may hold messages back. */
  durationSeconds: number
  /** People who would hear from us first, against how many WhatsApp lets the numbers write to in 24 hours. */
  reach: { initiated: number; used: number; limit: number | null }
}

interface Group {
  variant: string | null
  start: string
  phone: string | null
  open: boolean
  n: number
}

/** A plan of all those people takes some seconds; a page waits so long. */
const timeoutMs = 20_000

/**
 * What a run that began now would come to. It is planned as a run is, in a transaction that is given up. Undefined when that
 * takes too long.
 */
export async function estimateCampaign(
  deps: Pick<Deps, 'orm'>,
  campaign: Pick<CampaignRow, 'id' | 'workspaceId' | 'numberId' | 'kind'>,
  definition: CampaignDefinition,
): Promise<Estimate | undefined> {
  const { workspaceId } = campaign
  const em = forkFor(deps.orm, workspaceId)
  const groups = await planInVain(em, campaign, definition)
  if (!groups) return undefined
  const { counts, skipped } = groups
  const intended = counts.reduce((sum, { n }) => sum + n, 0)
  const left = Object.values(skipped).reduce((sum, n) => sum + n, 0)
  const numberIds = [campaign.numberId, ...definition.otherNumberIds]
  const initiated = counts.reduce((sum, { n, open }) => sum + (open ? 0 : n), 0)
  const { perSecond, ...reach } = await loadNumbers(em, workspaceId, numberIds)
  const speed = Math.min(perSecond, definition.messagesPerSecond ?? perSecond)
  const byVariant = Map.groupBy(counts, ({ variant }) => variant ?? '')
  return {
    ...{ audience: intended + left, intended, skipped },
    variants: [...byVariant].map(([id, of]) => ({ id, recipients: of.reduce((sum, { n }) => sum + n, 0) })),
    ...(await priceOf(em, campaign, definition, counts)),
    durationSeconds: Math.ceil(intended / Math.max(speed, 0.001)),
    reach: { initiated, ...reach },
  }
}

/** Lines of the audience's lists whose numbers no contact has: a run reaches contacts only. */
async function countStrangers(
  em: Em,
  workspaceId: string,
  { audience }: CampaignDefinition,
): Promise<number> {
  const groupIds = audience.include.flatMap((part) => (part.kind === 'group' ? [part.groupId] : []))
  if (groupIds.length === 0) return 0
  const [row] = await em.execute<{ n: number }[]>(
    `select count(distinct v.phone)::int as n from variable_values v
     where v.workspace_id = ? and v.group_id in (select jsonb_array_elements_text(?::jsonb)::uuid) and v.contact_id is null
       and not exists (select 1 from identities i where i.workspace_id = ? and i.kind = 'wa_id' and i.value = v.phone
         and i.valid_to is null)`,
    [workspaceId, JSON.stringify(groupIds), workspaceId],
  )
  return row?.n ?? 0
}

interface Groups {
  counts: Group[]
  skipped: Record<string, number>
}

async function planInVain(
  em: Em,
  {
    id: campaignId,
    workspaceId,
    numberId,
    kind,
  }: Pick<CampaignRow, 'id' | 'workspaceId' | 'numberId' | 'kind'>,
  definition: CampaignDefinition,
): Promise<Groups | undefined> {
  const startsAt = new Date().toISOString()
  const plan = { id: newId(), workspaceId, campaignId, numberId, kind, definition, startsAt }
  try {
    return await em.transactional(async (tx) => {
      await tuneForManyContacts(tx, timeoutMs)
      const lanes = await listLanes(tx, plan)
      await gatherAudience(tx, plan)
      await leaveOut(tx, plan, lanes)
      await placeInTime(tx, plan)
      await shareOut(tx, plan)
      const { counts, skipped } = await countGroups(tx, plan, lanes)
      const strangers = await countStrangers(tx, workspaceId, definition)
      return { counts, skipped: strangers > 0 ? { ...skipped, no_contact: strangers } : skipped }
    })
  } catch (error) {
    if (error instanceof Error && /statement timeout/.test(error.message)) return undefined
    throw error
  }
}

async function countGroups(
  em: Em,
  { workspaceId }: { workspaceId: string },
  lanes: Awaited<ReturnType<typeof listLanes>>,
): Promise<Groups> {
  const skipped = await em.execute<{ reason: string; n: number }[]>(
    'select reason, count(*)::int as n from campaign_audience where reason is not null group by reason',
  )
  const counts = await em.execute<Group[]>(
    `select a.variant, coalesce(left(i.value, ${phoneStart}), '') as start, min(i.value) as phone, v.contact_id is not null as open,
       count(*)::int as n
     from campaign_audience a
     left join (select distinct on (contact_id) contact_id, value from identities
       where workspace_id = ? and kind = 'wa_id' and valid_to is null order by contact_id, valid_from desc) i
       on i.contact_id = a.contact_id
     left join (select distinct v.contact_id, l.lane from jsonb_to_recordset(?::jsonb) as l(lane int, "numberId" uuid)
       join conversations v on v.number_id = l."numberId" and v.window_ends_at > now() and v.merged_into is null) v
       on v.contact_id = a.contact_id and v.lane = a.lane
     where a.reason is null group by 1, 2, 4`,
    [workspaceId, JSON.stringify(lanes)],
  )
  return { counts, skipped: Object.fromEntries(skipped.map(({ reason, n }) => [reason, n])) }
}

async function priceOf(
  em: Em,
  { workspaceId, numberId }: Pick<CampaignRow, 'workspaceId' | 'numberId'>,
  { variants, class: messageClass }: CampaignDefinition,
  groups: Group[],
): Promise<Pick<Estimate, 'cost' | 'unpriced'>> {
  const prices = createPriceList(await listRateCards(em, { workspaceId, limit: 200 }))
  const names = variants.flatMap(({ message }) => (message.kind === 'template' ? [message.name] : []))
  const rows = await em.execute<{ name: string; category: string }[]>(
    `select t.name, min(t.category) as category from templates t join phone_numbers p on p.id = ? and p.waba_id = t.waba_id
     where t.workspace_id = ? and t.deleted_at is null and t.name in (select jsonb_array_elements_text(?::jsonb)) group by 1`,
    [numberId, workspaceId, JSON.stringify(names)],
  )
  const categories = new Map(rows.map(({ name, category }) => [name, category]))
  const totals = new Map<string, number>()
  let unpriced = 0
  for (const { variant, phone, open, n } of groups) {
    // Who waits for the winner of a trial is counted by the first variant.
    const message = (variants.find(({ id }) => id === variant) ?? variants[0])?.message
    const isTemplate = message?.kind === 'template'
    const templateCategory = isTemplate ? categories.get(message.name) : undefined
    const category = categoryOfMessage({ class: messageClass, isTemplate, templateCategory })
    const country = phone === null ? '*' : (parsePhoneNumberFromString(`+${phone}`)?.country ?? '*')
    const price = prices.priceOf({ atMs: Date.now(), country, category, windowOpen: open })
    if (price === 'unknown') unpriced += n
    else if (price !== 'free')
      totals.set(price.currency, (totals.get(price.currency) ?? 0) + price.micros * n)
  }
  return {
    unpriced,
    cost: [...totals].map(([currency, micros]) => ({ currency, total: sayMicros(micros) })),
  }
}

/** The limit is of the portfolio that the campaign's own number is in. */
async function loadNumbers(
  em: Em,
  workspaceId: string,
  numberIds: string[],
): Promise<{ perSecond: number; limit: number | null; used: number }> {
  const [row] = await em.execute<{ per_second: number; limit: number | null; used: number }[]>(
    `select sum(p.messages_per_second)::float8 as per_second, max(p.messaging_limit) as "limit",
       (select coalesce(sum(m.n), 0)::int from initiated_minutes m where m.workspace_id = ?
         and m.portfolio_id in (select o.portfolio_id from phone_numbers o where o.id = ?)
         and m.minute > now() - interval '24 hours') as used
     from phone_numbers p where p.workspace_id = ? and p.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, numberIds[0] ?? null, workspaceId, JSON.stringify(numberIds)],
  )
  return { perSecond: row?.per_second ?? 0, limit: row?.limit ?? null, used: row?.used ?? 0 }
}
