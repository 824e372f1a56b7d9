import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

/** Somebody, or some program, followed a link of a message. */
export interface LinkClick {
  id: string
  messageId: string
  contactId: string
  contactName: string | null
  runId: string | null
  cardId: string | null
  url: string
  isPreview: boolean
  userAgent: string
  at: string
}
export interface ClickFilter {
  journeyId?: string | undefined
  runId?: string | undefined
  contactId?: string | undefined
  messageId?: string | undefined
  cardId?: string | undefined
  previews: boolean
}

/** Newest first. */
export async function listClicks(
  { orm }: Pick<Deps, 'orm'>,
  input: ClickFilter & { workspaceId: string; before?: string | undefined; limit: number },
): Promise<LinkClick[]> {
  const { workspaceId, journeyId, runId, contactId, messageId, cardId, previews, before, limit } = input
  return forkFor(orm, workspaceId).execute<LinkClick[]>(
    `select l.id, l.message_id as "messageId", l.contact_id as "contactId",
       coalesce(c.name, nullif(concat_ws(' ', c.first_name, c.last_name), '')) as "contactName", l.run_id as "runId",
       l.card_id as "cardId", l.url, l.is_preview as "isPreview", l.user_agent as "userAgent", ${isoTime('l.at')} as at
     from link_clicks l join contacts c on c.id = l.contact_id left join runs r on r.id = l.run_id
     where l.workspace_id = ? and (?::uuid is null or l.id < ?) and (?::uuid is null or r.journey_id = ?)
       and (?::uuid is null or l.run_id = ?) and (?::uuid is null or l.contact_id = ?)
       and (?::uuid is null or l.message_id = ?) and (?::text is null or l.card_id = ?) and (? or not l.is_preview)
     order by l.id desc limit ?`,
    [
      workspaceId,
      ...[before, journeyId, runId, contactId, messageId, cardId].flatMap((each) => [
        each ?? null,
        each ?? null,
      ]),
      previews,
      limit,
    ],
  )
}
