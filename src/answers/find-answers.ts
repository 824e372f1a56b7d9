import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Json } from '../model/json.ts'

/** What a customer answered to a card's question. */
export interface JourneyAnswer {
  id: string
  runId: string
  contactId: string
  contactName: string | null
  cardId: string
  /** 1 at the first time that the run came to the card. */
  visit: number
  question: string
  text: string
  /** As the card took it: a number, a date, the id of a choice, what a form held. */
  value: Json
  isValid: boolean
  messageId: string
  sentMessageId: string | null
  at: string
}

export interface AnswerFilter {
  workspaceId: string
  journeyId: string
  cardId?: string | undefined
  runId?: string | undefined
  contactId?: string | undefined
  isValid?: boolean | undefined
  from?: string | undefined
  to?: string | undefined
}

/** Newest first. */
export async function listAnswers(
  { orm }: Pick<Deps, 'orm'>,
  input: AnswerFilter & { before?: string | undefined; limit: number },
): Promise<JourneyAnswer[]> {
  const { workspaceId, journeyId, cardId, runId, contactId, isValid, from, to, before, limit } = input
  const filters = [before, cardId, runId, contactId, isValid, from, to]
  return forkFor(orm, workspaceId).execute<JourneyAnswer[]>(
    `select a.id, a.run_id as "runId", a.contact_id as "contactId",
       coalesce(c.name, nullif(concat_ws(' ', c.first_name, c.last_name), '')) as "contactName", a.card_id as "cardId", a.visit,
       a.question, a.text, a.value, a.valid as "isValid", a.message_id as "messageId", a.sent_message_id as "sentMessageId",
       ${isoTime('a.at')} as at
     from journey_answers a join contacts c on c.id = a.contact_id
     where a.workspace_id = ? and a.journey_id = ? and (?::uuid is null or a.id < ?) and (?::text is null or a.card_id = ?)
       and (?::uuid is null or a.run_id = ?) and (?::uuid is null or a.contact_id = ?)
       and (?::boolean is null or a.valid = ?) and (?::timestamptz is null or a.at >= ?)
       and (?::timestamptz is null or a.at < ?)
     order by a.id desc limit ?`,
    [workspaceId, journeyId, ...filters.flatMap((each) => [each ?? null, each ?? null]), limit],
  )
}
