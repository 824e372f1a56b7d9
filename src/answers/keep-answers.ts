import { cards } from '../../workflows/cards/index.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { Arrival } from '../inbox/arrival.ts'
import type { Json } from '../model/json.ts'
import { describeContent } from '../model/message.ts'
import { replyValue, toReply, type Reply } from '../model/reply.ts'

interface AskedCard {
  message_id: string
  journey_id: string
  type: string | null
  settings: unknown
  question: string | null
  sent_message_id: string | null
}

/** A question: its run, its card, which visit of the card, and which send of the visit. */
const askKeyPattern = /^([0-9a-f-]{36}):([\w-]{1,64}):(\d+):(\d+)$/

/**
 * Customers' answers to journeys' questions as rows, in the transaction that gives the answer to its journey: an answer is kept
 * whatever becomes of the run, and costs the run nothing. What it means is read by the card that asked, as the run will read it.
 * @param askKeyOf the question that a message answers, if any.
 */
export async function keepAnswers(
  em: Em,
  workspaceId: string,
  arrivals: Arrival[],
  askKeyOf: (arrival: Arrival) => string | undefined,
): Promise<void> {
  const answers = arrivals.flatMap((arrival) => {
    const [, runId = '', cardId = '', visit, attempt] = askKeyPattern.exec(askKeyOf(arrival) ?? '') ?? []
    if (runId === '') return []
    return [{ arrival, runId, cardId, visit: Number(visit), attempt: Number(attempt) }]
  })
  if (answers.length === 0) return
  const byMessage = await findAskedCards(em, workspaceId, answers)
  const rows = answers.flatMap(({ arrival, runId, cardId, visit, attempt }) => {
    const card = byMessage.get(arrival.id)
    if (!card) return []
    const reply = toReply(arrival.raw, arrival.id, arrival.factId)
    const { value, isValid } = read(card, reply)
    return {
      ...{
        id: newId(),
        journey_id: card.journey_id,
        run_id: runId,
        contact_id: arrival.contactId,
        card_id: cardId,
      },
      ...{ visit, attempt, question: card.question ?? '', text: reply.text || describeContent(arrival.raw) },
      ...{ value, valid: isValid, message_id: arrival.id, sent_message_id: card.sent_message_id },
      at_ms: arrival.receivedAtMs,
    }
  })
  await em.execute(
    `insert into journey_answers (id, workspace_id, journey_id, run_id, contact_id, card_id, visit, attempt, question, text,
       value, valid, message_id, sent_message_id, at)
     select n.id, ?, n.journey_id, n.run_id, n.contact_id, n.card_id, n.visit, n.attempt, n.question, n.text, n.value, n.valid,
       n.message_id, n.sent_message_id, to_timestamp(n.at_ms / 1000.0)
     from jsonb_to_recordset(?::jsonb) as n(id uuid, journey_id uuid, run_id uuid, contact_id uuid, card_id text, visit int,
       attempt int, question text, text text, value jsonb, valid boolean, message_id uuid, sent_message_id uuid,
       at_ms double precision) on conflict do nothing`,
    [workspaceId, JSON.stringify(rows)],
  )
}

interface Answered {
  arrival: Arrival
  runId: string
  cardId: string
  visit: number
  attempt: number
}

/** The cards that asked, by the messages that answer them. */
async function findAskedCards(
  em: Em,
  workspaceId: string,
  answers: Answered[],
): Promise<Map<string, AskedCard>> {
  const asked = await em.execute<AskedCard[]>(
    `select n.message_id, r.journey_id, v.definition #>> array['cards', n.card_id, 'type'] as type,
       v.definition #> array['cards', n.card_id, 'settings'] as settings, q.text as question, s.id as sent_message_id
     from jsonb_to_recordset(?::jsonb) as n(message_id uuid, run_id uuid, card_id text, visit int, attempt int)
     join runs r on r.id = n.run_id and r.workspace_id = ?
     join journey_versions v on v.id = r.version_id
     left join messages q on q.workspace_id = r.workspace_id
       and q.send_key = 'journey:' || r.lineage_id || ':' || n.card_id || ':' || n.visit || ':0'
     left join messages s on s.workspace_id = r.workspace_id
       and s.send_key = 'journey:' || r.lineage_id || ':' || n.card_id || ':' || n.visit || ':' || n.attempt`,
    [
      JSON.stringify(
        answers.map(({ arrival, runId, cardId, visit, attempt }) => ({
          ...{ message_id: arrival.id, run_id: runId, card_id: cardId, visit, attempt },
        })),
      ),
      workspaceId,
    ],
  )
  return new Map(asked.map((row) => [row.message_id, row]))
}

/** A card that does not say how it reads takes every answer; so does one whose settings today's code cannot read any more. */
function read({ type, settings }: AskedCard, reply: Reply): { value: Json; isValid: boolean } {
  const card = type === null ? undefined : cards[type]
  const isReadable = card?.reads && card.settings.safeParse(settings).success
  return (isReadable && card.reads?.(settings, reply)) || { value: replyValue(reply), isValid: true }
}
