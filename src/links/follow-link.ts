import { recordFacts } from '../analytics/facts.ts'
import { findCampaignLink } from '../campaigns/find-link.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { recordEvents } from '../events/record-events.ts'
import { readSignedId } from '../kit/signed-id.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { countReactions } from '../reports/count-reactions.ts'
import { isPreview, type Visitor } from './read-visitor.ts'

/** A link of a message: whose it was, and where it leads. */
interface TrackedLink {
  workspace_id: string
  message_id: string
  contact_id: string
  run_id: string | null
  card_id: string | null
  fact_id: string
  url: string
}

/** Anybody may follow a link as often as they like: what they make us write is bounded. */
const maximumClicks = 1_000
const tellEveryMs = 60_000

/**
 * Where a link of ours leads, with the click written down first. A click that cannot be written down is followed still: the
 * customer must not wait for our book-keeping. Undefined when we did not make the link, or its message was erased.
 */
export async function followLink(deps: Deps, token: string, visitor: Visitor): Promise<string | undefined> {
  const [signed = '', place] = token.split('.')
  const messageId = readSignedId(deps.config, 'click', signed)
  const index = place === undefined ? undefined : Number(place)
  const link = messageId === undefined ? undefined : await findLink(deps, messageId, index)
  if (!link || !isWeb(link.url)) return undefined
  try {
    const em = forkFor(deps.orm, link.workspace_id)
    relaySoon(deps, await em.transactional((tx) => recordClick(tx, link, visitor)))
  } catch (error) {
    deps.log.warn({ err: error, messageId }, 'a click was followed and could not be written down')
  }
  return link.url
}

/**
 * The target is what the message itself says, in the form that it had before it was sent; of a campaign's template what its
 * run says of the button.
 */
async function findLink(
  { orm }: Pick<Deps, 'orm'>,
  messageId: string,
  index: number | undefined,
): Promise<TrackedLink | undefined> {
  const em = orm.em.fork()
  const [found] = await em.execute<(TrackedLink & { of_campaign: boolean })[]>(
    `select m.workspace_id, m.id as message_id, coalesce(c.merged_into, c.id) as contact_id, m.run_id, m.card_id, m.fact_id,
       m.content #>> '{interactive,action,parameters,url}' as url, m.type = 'template' as of_campaign
     from messages m join contacts c on c.id = m.contact_id
     where m.id = ? and m.direction = 'out' and (m.content #> '{interactive,action,parameters,tracked}' = 'true'
       or m.campaign_run_id is not null and m.type = 'template')`,
    [messageId],
  )
  if (!found?.of_campaign) return found
  const url = await findCampaignLink(em, { workspaceId: found.workspace_id, messageId, index })
  return url === undefined ? undefined : { ...found, url }
}

function isWeb(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol)
}

async function recordClick(em: Em, link: TrackedLink, visitor: Visitor): Promise<OutboxRow[]> {
  const { workspace_id: workspaceId, message_id: messageId, contact_id: contactId, run_id: runId, url } = link
  const [before] = await em.execute<{ clicks: number; told: boolean }[]>(
    `select count(*)::int as clicks,
       coalesce(bool_or(not is_preview and at > now() - ? * interval '1 millisecond'), false) as told
     from (select is_preview, at from link_clicks where message_id = ? order by id desc limit ${maximumClicks}) c`,
    [tellEveryMs, messageId],
  )
  if (!before || before.clicks >= maximumClicks) return []
  // The run may be about to wait for this click.
  if (runId !== null) await em.execute('select 1 from runs where id = ? for no key update', [runId])
  const preview = isPreview(visitor)
  const clickId = newId()
  await em.execute(
    `insert into link_clicks (id, workspace_id, message_id, contact_id, run_id, card_id, url, is_preview, user_agent)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[clickId, workspaceId, messageId, contactId, runId, link.card_id, url, preview],
      visitor.userAgent.slice(0, 300).toWellFormed().replaceAll('\0', ''),
    ],
  )
  if (preview) return []
  await countReactions(em, { workspaceId }, [{ messageId, replied: false, clicked: true }])
  if (before.told) return []
  const atMs = Date.now()
  const causeId = newId()
  const card = link.card_id
  await recordFacts(em, workspaceId, [
    {
      ...{ id: causeId, atMs, kind: 'link.clicked', contactId, causeId: link.fact_id },
      ...(runId !== null && { runId }),
      data: { message: messageId, click: clickId, card, url: url.slice(0, 500) },
    },
  ])
  const attributes = { message_id: messageId, url, ...(card !== null && { card_id: card }) }
  return recordEvents(em, workspaceId, [{ contactId, type: 'link_clicked', attributes, atMs, causeId }])
}
