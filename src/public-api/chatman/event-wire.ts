import { z } from 'zod'
import { jsonObjectSchema } from '../../model/json.ts'
import { afterPaging } from '../after-paging.ts'
import { wireTime } from '../wire-time.ts'

export const eventWire = z
  .object({
    event_id: z.uuid().meta({ description: "of an event that a message tells, the message's id" }),
    user_id: z.uuid(),
    event_name: z.string(),
    attributes: jsonObjectSchema,
    occurred_at: z.iso.datetime(),
  })
  .meta({ id: 'ChatmanEvent' })
const name = z.string().min(1).max(100)
/** What lists of events can be asked for by. */
export const filter = {
  event_name: name.optional(),
  start_time: wireTime.optional().meta({ description: 'at this time or later' }),
  end_time: wireTime.optional().meta({ description: 'before this time' }),
  ...afterPaging.query,
}
