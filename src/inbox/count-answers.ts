import type { Em } from '../db/orm.ts'
import { toReply } from '../model/reply.ts'
import { countReactions } from '../reports/count-reactions.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import type { Arrival } from './arrival.ts'

/**
 * What customers answer, quote or tap counts for the message that it was about; what they just write within a day of a campaign's
 * message, for that. Costs nothing when nobody does.
 */
export async function countAnswers(
  em: Em,
  number: NumberAccess,
  arrivals: Arrival[],
  askKeyOf: (arrival: Arrival) => string | undefined,
): Promise<void> {
  const about = arrivals.filter(
    (arrival) =>
      arrival.contextWamid !== undefined || askKeyOf(arrival) !== undefined || arrival.isCampaigned,
  )
  await countReactions(
    em,
    { workspaceId: number.workspaceId, numberId: number.id },
    about.map((arrival) => ({
      wamid: arrival.contextWamid,
      askKey: askKeyOf(arrival),
      contactId:
        arrival.contextWamid === undefined && askKeyOf(arrival) === undefined ? arrival.contactId : undefined,
      replied: true,
      clicked: toReply(arrival.raw, arrival.id, arrival.factId).choiceId !== undefined,
    })),
  )
}
