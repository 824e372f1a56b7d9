import { z } from 'zod'

/** What every path of the document begins with. */
export const botParams = z.object({ customer_id: z.string(), bot_ref: z.string() })

export function toBot({ customer_id, bot_ref }: z.output<typeof botParams>) {
  return { customerId: customer_id, botRef: bot_ref }
}
