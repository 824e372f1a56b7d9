import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { campaignDefinitionSchema, type CampaignButton } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { describeContent } from '../model/message.ts'
import { fromQuickTemplate, toWritten } from '../model/quick-message.ts'
import { readComponents, type TemplateButton } from '../model/template-components.ts'
import { partsOf } from '../model/template-parts.ts'
import type { TemplateValues } from '../model/template-values.ts'

/** A run, or one that was asked for and waits or was refused. */
export interface QuickRun {
  number: number | null
  state: string
  reason: string | null
  startsAt: string | null
  endedAt: string | null
}
export interface Outcomes {
  sent: number
  delivered: number
  read: number
  /** Refused at the call, by us or by WhatsApp. */
  sendErrors: number
  /** Accepted, and failed later. */
  deliveryErrors: number
  /** Whom WhatsApp does not know: by its own word, or by an earlier message that did not come through. */
  notOnWhatsApp: number
  /** Left out, with a reason each. */
  skipped: number
}
export interface WrittenButton {
  type: 'input' | 'journey' | 'url' | 'phone' | 'other'
  text: string
  input?: string
  journeyId?: string
  url?: string
  phoneNumber?: string
}
/** A campaign as whoever made it of a text sees it again, whichever way it was made. */
export interface QuickCampaignView {
  id: string
  ref: string
  title: string
  message: string
  imageUrl: string | null
  buttons: WrittenButton[]
  variables: string[]
  language: string | null
  template: string | null
  templateStatus: string | null
  runs: QuickRun[]
  outcomes: Outcomes
}

interface Row {
  id: string
  ref: string
  name: string
  draft: JsonObject
  components: unknown
  language: string | null
  template_status: string | null
  runs: QuickRun[]
  outcomes: Outcomes
}

/** Numbers that WhatsApp does not know. */
const unknownNumber = '131026'

const liveStates = ['scheduled', 'planning', 'sending', 'paused', 'settling', 'stopped']

/**
 * Newest first, of one number.
 * @param active those that are under way, or wait for their template.
 */
export async function listQuickCampaigns(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    numberId: string
    active?: boolean | undefined
    from: number
    limit: number
  },
): Promise<QuickCampaignView[]> {
  const { workspaceId, numberId, active = false, from, limit } = input
  const rows = await forkFor(deps.orm, workspaceId).execute<Row[]>(
    `with page as (
       select c.* from campaigns c where c.workspace_id = ? and c.number_id = ? and c.archived_at is null
         and (not ? or exists (select 1 from campaign_runs r where r.campaign_id = c.id
             and r.state in (select jsonb_array_elements_text(?::jsonb)))
           or exists (select 1 from campaign_requests q where q.campaign_id = c.id and q.state = 'waiting'))
       order by c.id desc offset ? limit ?)
     ${viewSql}`,
    [workspaceId, numberId, active, JSON.stringify(liveStates), from, limit],
  )
  return rows.map(toView)
}

/** One, whichever way it was made. */
export async function describeQuickCampaign(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  campaignId: string,
): Promise<QuickCampaignView> {
  const rows = await forkFor(deps.orm, workspaceId).execute<Row[]>(
    `with page as (select c.* from campaigns c where c.workspace_id = ? and c.id = ?) ${viewSql}`,
    [workspaceId, campaignId],
  )
  const [row] = rows
  if (!row) throw new AppError('not_found', `campaign ${campaignId} does not exist`)
  return toView(row)
}

const sum = (metric: string, detail = '') =>
  `coalesce(sum(k.n) filter (where k.metric = '${metric}'${detail && ` and k.detail = '${detail}'`}), 0)::int`

const outcomesSql = `(select jsonb_build_object('sent', ${sum('sent')}, 'delivered', ${sum('delivered')}, 'read', ${sum('read')},
    'skipped', ${sum('skipped')} + ${sum('left-out')}, 'sendErrors', ${sum('refused')},
    'deliveryErrors', ${sum('failed')} - ${sum('refused')},
    'notOnWhatsApp', ${sum('failed', unknownNumber)} + ${sum('left-out', 'not_on_whatsapp')})
  from campaign_runs r join campaign_counts k on k.run_id = r.id and k.at = '-infinity' where r.campaign_id = c.id)`

const viewSql = `select c.id, c.ref, c.name, c.draft, t.components, t.language, t.status as template_status,
       (select coalesce(jsonb_agg(to_jsonb(s) - 'at' order by s.at), '[]') from (
          select r.created_at as at, r.number, r.state, r.reason, ${isoTime('r.starts_at')} as "startsAt",
            ${isoTime('r.ended_at')} as "endedAt"
          from campaign_runs r where r.campaign_id = c.id
          union all select q.created_at, null, q.state, q.reason, ${isoTime('q.starts_at')}, ${isoTime('q.settled_at')}
          from campaign_requests q where q.campaign_id = c.id and q.state <> 'launched') s) as runs,
       ${outcomesSql} as outcomes
     from page c join phone_numbers p on p.id = c.number_id
     left join lateral (select t.components, t.language, t.status from templates t
       where t.workspace_id = c.workspace_id and t.waba_id = p.waba_id and t.deleted_at is null
         and t.name = c.draft #>> '{variants,0,message,name}'
         and (c.draft #>> '{variants,0,message,language}' is null or t.language = c.draft #>> '{variants,0,message,language}')
       order by t.id limit 1) t on true
     order by c.id desc`

function toView({ id, ref, name, draft, components, language, ...row }: Row): QuickCampaignView {
  const { success, data } = campaignDefinitionSchema.safeParse(draft)
  const message = success ? data.variants[0]?.message : undefined
  const template = message?.kind === 'template' ? message : undefined
  const values: TemplateValues = template?.values ?? {}
  const { body, buttons } = partsOf({
    ...{ name: '', language: '', category: 'MARKETING', parameterFormat: 'POSITIONAL' },
    components: readComponents(components),
  })
  const actions = success ? data.buttons : []
  return {
    ...{ id, ref, title: name, runs: row.runs, outcomes: row.outcomes },
    message:
      message?.kind === 'direct'
        ? message.contents.map(describeContent).join('\n')
        : fromQuickTemplate(body?.value.text ?? '', values.body),
    imageUrl: values.media?.link ?? null,
    buttons: buttons.map(({ value }, at) => toWrittenButton(value, at, actions, values)),
    variables: [...new Set(Object.values(values.body ?? {}).flatMap(variablesIn))],
    ...{ language: template?.language ?? language, template: template?.name ?? null },
    templateStatus: row.template_status,
  }
}

function variablesIn(value: string): string[] {
  return [...toWritten(value).matchAll(/^\{([\w-]+\.[\w-]+)\}$/g)].map(([, name = '']) => name)
}

function toWrittenButton(
  button: TemplateButton,
  at: number,
  actions: CampaignButton[],
  values: TemplateValues,
): WrittenButton {
  const { text = '' } = button
  const action = actions.find(({ index }) => index === at)
  if (action?.type === 'input') return { type: 'input', text, input: action.input }
  if (action?.type === 'journey') return { type: 'journey', text, journeyId: action.journeyId }
  if (action?.type === 'url') return { type: 'url', text, url: toWritten(action.url) }
  if (button.type === 'PHONE_NUMBER') return { type: 'phone', text, phoneNumber: button.phone_number ?? '' }
  if (button.type !== 'URL') return { type: 'other', text }
  const suffix = values.buttons?.[String(at)]?.suffix
  const url = button.url ?? ''
  return {
    type: 'url',
    text,
    url: suffix === undefined ? url : toWritten(fromQuickTemplate(url, { '1': suffix })),
  }
}
