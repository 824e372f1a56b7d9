import type { Deps } from '../deps.ts'
import { csvLine } from '../kit/csv.ts'
import { sayMicros } from '../pricing/price-list.ts'
import type { CertifiedRun } from './find-certified-run.ts'
import { listRecipients, type After, type RecipientFilter } from './list-recipients.ts'
import type { Story } from './stories.ts'

const columns: Record<string, (story: Story) => string | number | null> = {
  contact_id: ({ contactId }) => contactId,
  name: ({ name }) => name,
  phone: ({ phone }) => phone && `+${phone}`,
  variant: ({ variant }) => variant,
  outcome: ({ outcome }) => outcome,
  code: ({ code }) => code,
  reason: ({ reason }) => reason,
  message_id: ({ messageId }) => messageId,
  wamid: ({ wamid }) => wamid,
  attempts: ({ attempts }) => attempts,
  due_at: ({ dueAt }) => dueAt,
  accepted_at: ({ acceptedAt }) => acceptedAt,
  delivered_at: ({ deliveredAt }) => deliveredAt,
  read_at: ({ readAt }) => readAt,
  clicked_at: ({ clickedAt }) => clickedAt,
  replied_at: ({ repliedAt }) => repliedAt,
  failed_at: ({ failedAt }) => failedAt,
  converted_at: ({ convertedAt }) => convertedAt,
  cost: ({ costMicros }) => (costMicros === null ? null : sayMicros(costMicros)),
}

/** Rows a question; between two of them nothing is held. */
const rowsAPage = 2_000

/** Everybody whom a run was meant for, or those of one outcome, as the lines of a file. */
export async function* recipientLines(
  deps: Pick<Deps, 'orm'>,
  run: CertifiedRun,
  { outcome, delimiter }: { outcome?: RecipientFilter | undefined; delimiter: string },
): AsyncGenerator<string, void> {
  yield csvLine(Object.keys(columns), delimiter)
  const cells = Object.values(columns)
  let after: After | undefined
  for (;;) {
    const { stories, next } = await listRecipients(deps, run, outcome, after, rowsAPage)
    for (const story of stories)
      yield csvLine(
        cells.map((cell) => String(cell(story) ?? '')),
        delimiter,
      )
    if (!next) return
    after = next
  }
}
