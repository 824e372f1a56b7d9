import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import { outcomeWords } from '../model/outcome-words.ts'
import type { Whose } from './why-chain.ts'
import type { WhyLink } from './why-ledger.ts'

export interface CampaignVerdict {
  /** The fact of the run that the contact was, or was not, meant by; the chain of causes ends there. */
  factId: string | undefined
  /** The newest message, whose own story follows. */
  messageId: string | undefined
  links: WhyLink[]
}

interface RunRow {
  name: string
  id: string
  number: number
  fact_id: string
  state: string
  planned_at: string | null
  created_at: string
  seq: number | null
  skipped: string | null
  skip_reason: string | null
  due_at: string | null
  cursor: number | null
}
interface MessageRow {
  id: string
  state: string
  reason_code: string | null
  reason: string | null
  due_at: string | null
  created_at: string
}

/** How the last run of a campaign stands to a contact: not meant, left out, waiting, put off, refused, or on its way. */
export async function judgeCampaign(em: Em, whose: Whose, campaignId: string): Promise<CampaignVerdict> {
  const { workspaceId, contactId } = whose
  const [campaign] = await em.execute<{ name: string }[]>(
    'select name from campaigns where workspace_id = ? and id = ?',
    [workspaceId, campaignId],
  )
  if (!campaign) throw new AppError('not_found', `campaign ${campaignId} does not exist`)
  const run = await findRun(em, whose, campaignId)
  if (!run) {
    const link = say('', 'campaign.none', `the campaign "${campaign.name}" has not run`, null)
    return { factId: undefined, messageId: undefined, links: [link] }
  }
  const [message] = await em.execute<MessageRow[]>(
    `select id, state, reason_code, reason, ${isoTime('due_at')} as due_at, ${isoTime('created_at')} as created_at
     from messages where workspace_id = ? and campaign_run_id = ? and contact_id = ? order by id desc limit 1`,
    [workspaceId, run.id, contactId],
  )
  const links = message ? sayMessage(message, run) : [sayRecipient(run)]
  return { factId: run.fact_id, messageId: message?.id, links }
}

/** The newest run that meant the contact; else the newest, which did not. */
async function findRun(
  em: Em,
  { workspaceId, contactId }: Whose,
  campaignId: string,
): Promise<RunRow | undefined> {
  const [run] = await em.execute<RunRow[]>(
    `select c.name, r.id, r.number, r.fact_id, r.state, ${isoTime('r.planned_at')} as planned_at,
       ${isoTime('r.created_at')} as created_at, p.seq, p.skipped, p.skip_reason, ${isoTime('p.due_at')} as due_at, l.cursor
     from campaign_runs r join campaigns c on c.id = r.campaign_id
     left join campaign_recipients p on p.run_id = r.id and p.contact_id = ? and p.lane >= 0
     left join campaign_lanes l on l.run_id = r.id and l.lane = p.lane
     where r.workspace_id = ? and r.campaign_id = ?
     order by p.seq is not null or exists (select 1 from messages m where m.workspace_id = r.workspace_id
       and m.campaign_run_id = r.id and m.contact_id = ?) desc, r.number desc limit 1`,
    [contactId, workspaceId, campaignId, contactId],
  )
  return run
}

function sayRecipient(run: RunRow): WhyLink {
  const at = run.planned_at ?? run.created_at
  const name = `run ${run.number} of the campaign "${run.name}"`
  const link = (kind: string, words: string) => say(at, kind, words, run.fact_id, run)
  if (run.planned_at === null) return link('recipient.unplanned', `${name} is not planned yet (${run.state})`)
  if (run.seq === null)
    return link('recipient.absent', `the contact was not in the audience of ${name} when it was planned`)
  if (run.skipped !== null) {
    const reason = run.skip_reason ?? outcomeWords(run.skipped) ?? run.skipped
    return link('recipient.left-out', `${name} left the contact out: ${reason}`)
  }
  if (run.seq <= (run.cursor ?? 0))
    return link('recipient.gone', `the contact was not there any more when its turn in ${name} came`)
  const due = run.due_at === null ? '' : `, due ${run.due_at}`
  return link(
    'recipient.waiting',
    `the contact's turn in ${name} has not come (place ${run.seq}${due}): it is ${run.state}`,
  )
}

/** What the message itself does not say; its own way through the ledger and WhatsApp follows after it. */
function sayMessage(message: MessageRow, run: RunRow): WhyLink[] {
  const { state, reason_code: code, reason, due_at: dueAt, created_at: at } = message
  const why = [code === null ? undefined : outcomeWords(code), reason].filter((words) => words)
  const because = why.length > 0 ? `: ${[...new Set(why)].join('; ')}` : ''
  const link = (kind: string, words: string) => [
    say(at, kind, words, run.fact_id, { ...run, message: message.id }),
  ]
  const of = `run ${run.number} of the campaign "${run.name}"`
  if (state === 'planned')
    return link(
      'recipient.deferred',
      `the message of ${of} is put off${dueAt === null ? '' : ` until ${dueAt}`}${because}`,
    )
  if (state === 'skipped') return link('message.skipped', `${of} did not send the message${because}`)
  if (state === 'failed') return link('recipient.failed', `the message of ${of} failed (${code})${because}`)
  return link('recipient.taken', `it was the contact's turn in ${of}`)
}

function say(
  at: string,
  kind: string,
  words: string,
  causeId: string | null,
  more: { id?: string; message?: string } = {},
): WhyLink {
  const data = {
    ...(more.id !== undefined && { run: more.id }),
    ...(more.message !== undefined && { message: more.message }),
  }
  return { factId: null, at: at || new Date().toISOString(), kind, words, data, causeId }
}
