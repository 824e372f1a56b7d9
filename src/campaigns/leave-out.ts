import { isUnreachable } from '../autopilot/hear-send-errors.ts'
import type { Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import { categoryOfMessage } from '../model/consent.ts'
import { joined, never, sql, type Fragment } from '../segments/fragment.ts'
import type { Planning } from './planning.ts'

export interface Lane {
  lane: number
  numberId: string
  portfolioId: string
}

/** The campaign's own number first. */
export async function listLanes(em: Em, { workspaceId, numberId, definition }: Planning): Promise<Lane[]> {
  const ids = [...new Set([numberId, ...definition.otherNumberIds])]
  const rows = await em.execute<{ id: string; portfolio_id: string }[]>(
    `select id, portfolio_id from phone_numbers where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(ids)],
  )
  const portfolios = new Map(rows.map((row) => [row.id, row.portfolio_id]))
  return ids
    .filter((id) => portfolios.has(id))
    .map((id, lane) => ({ lane, numberId: id, portfolioId: portfolios.get(id) ?? '' }))
}

/** Gives everybody the lane they are written to from, and whoever cannot or must not be written to a reason. */
export async function leaveOut(em: Em, run: Planning, lanes: Lane[]): Promise<void> {
  if (lanes.length > 1) await chooseLanes(em, lanes)
  const reasons = await listReasons(em, run, lanes)
  const cases = reasons.map(([code, , condition]) => sql`when ${condition} then ${code}::text`)
  const said = reasons.map(([code, words]) => sql`when ${code}::text then ${words}::text`)
  const update = sql`update campaign_audience a set reason = w.reason,
      said = case w.reason ${joined(said, ' ')} end
    from (select a.contact_id, case ${joined(cases, ' ')} end as reason from campaign_audience a join contacts c on c.id = a.contact_id) w
    where w.contact_id = a.contact_id and w.reason is not null`
  await em.execute(adHoc + update.sql, update.params)
}

type Reason = [code: string, words: string, condition: Fragment]

/** In this order: the first that fits is told. */
async function listReasons(em: Em, run: Planning, lanes: Lane[]): Promise<Reason[]> {
  const { workspaceId, definition } = run
  const isDirect = definition.variants.every(({ message }) => message.kind === 'direct')
  const reasons: Reason[] = [
    ['opted_out', 'the contact has opted out', await refused(em, run)],
    ['no_address', 'the contact has no WhatsApp address', unreachable(workspaceId, lanes)],
    ['not_on_whatsapp', 'WhatsApp does not reach the number', unheard(workspaceId)],
  ]
  if (definition.class === 'marketing')
    reasons.push(['spam', 'the contact is marked as spam', sql`c.spam_at is not null`])
  if (isDirect) {
    const words = 'the 24-hour window is closed and this is no template'
    reasons.push(['not_in_window', words, outsideWindow(workspaceId, lanes)])
  }
  return reasons
}

/** Whoever has refused any category of what the run sends: which variant one would get is not settled yet. */
async function refused(em: Em, { workspaceId, numberId, definition }: Planning): Promise<Fragment> {
  const names = definition.variants.flatMap(({ message }) =>
    message.kind === 'template' ? [message.name] : [],
  )
  const rows = await em.execute<{ category: string }[]>(
    `select distinct t.category from templates t join phone_numbers p on p.id = ? and p.waba_id = t.waba_id
     where t.workspace_id = ? and t.deleted_at is null and t.name in (select jsonb_array_elements_text(?::jsonb))`,
    [numberId, workspaceId, JSON.stringify(names)],
  )
  const templates = names.length === 0 ? [] : rows.length === 0 ? [{ category: '' }] : rows
  const categories = [
    ...templates.map(({ category: templateCategory }) =>
      categoryOfMessage({ class: definition.class, isTemplate: true, templateCategory }),
    ),
    ...(names.length < definition.variants.length
      ? [categoryOfMessage({ class: definition.class, isTemplate: false })]
      : []),
  ].filter((category) => category !== 'service')
  if (categories.length === 0) return sql`c.opted_out_at is not null`
  return sql`(c.opted_out_at is not null or c.id in (select s.contact_id from consents s where s.workspace_id = ${workspaceId}::uuid
    and s.state = 'opted_out' and s.category in (select jsonb_array_elements_text(${JSON.stringify(categories)}::jsonb))))`
}

function unreachable(workspaceId: string, lanes: Lane[]): Fragment {
  const byPhone = sql`a.contact_id in (select i.contact_id from identities i where i.workspace_id = ${workspaceId}::uuid
    and i.kind = 'wa_id' and i.valid_to is null)`
  const byBsuid = lanes.map(
    ({
      lane,
      portfolioId,
    }) => sql`(a.lane = ${lane}::int and a.contact_id in (select i.contact_id from identities i
      where i.workspace_id = ${workspaceId}::uuid and i.kind = 'bsuid' and i.scope = ${portfolioId}::text
        and i.valid_to is null))`,
  )
  return sql`not (${byPhone} or ${byBsuid.length === 0 ? never : joined(byBsuid, ' or ')})`
}

/** WhatsApp said so of the phone number lately, and nothing since tells otherwise. */
function unheard(workspaceId: string): Fragment {
  const said: Fragment = { sql: isUnreachable, params: [] }
  return sql`a.contact_id in (select i.contact_id from identities i join contacts c on c.id = i.contact_id
    where i.workspace_id = ${workspaceId}::uuid and i.kind = 'wa_id' and i.valid_to is null and ${said})`
}

function outsideWindow(workspaceId: string, lanes: Lane[]): Fragment {
  const open = lanes.map(
    ({
      lane,
      numberId,
    }) => sql`(a.lane = ${lane}::int and a.contact_id in (select v.contact_id from conversations v
      where v.workspace_id = ${workspaceId}::uuid and v.number_id = ${numberId}::uuid and v.window_ends_at > now()
        and v.merged_into is null))`,
  )
  return sql`not (${open.length === 0 ? never : joined(open, ' or ')})`
}

/** Whoever has talked with one of the numbers hears from that one, the latest; the others are dealt out evenly. */
async function chooseLanes(em: Em, lanes: Lane[]): Promise<void> {
  await em.execute(
    `update campaign_audience a set lane = w.lane from (
       select a.contact_id, coalesce(k.lane,
         (row_number() over (partition by k.lane is null order by uuid_hash_extended(a.contact_id, 3)) - 1) % ?::int) as lane
       from campaign_audience a left join (
         select distinct on (v.contact_id) v.contact_id, l.lane
         from jsonb_to_recordset(?::jsonb) as l(lane int, "numberId" uuid)
         join conversations v on v.number_id = l."numberId" and v.merged_into is null and v.last_message_at is not null
         order by v.contact_id, v.last_message_at desc) k on k.contact_id = a.contact_id) w
     where w.contact_id = a.contact_id and w.lane <> 0`,
    [lanes.length, JSON.stringify(lanes)],
  )
}
