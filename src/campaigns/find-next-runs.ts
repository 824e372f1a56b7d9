import { scheduleSchema } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import type { CampaignRow } from './find-campaigns.ts'
import { nextOccurrences, recurrenceProblem } from './recurrence.ts'

/** The next times of a recurring campaign, by what its draft says. */
export function listNextRuns({ kind, draft }: Pick<CampaignRow, 'kind' | 'draft'>, limit: number): string[] {
  const parsed = scheduleSchema.safeParse(draft['schedule'])
  if (kind !== 'recurring' || !parsed.success || parsed.data.kind !== 'recurring')
    throw new AppError('unprocessable', 'the campaign has no recurrence')
  const [field, message] = recurrenceProblem(parsed.data) ?? []
  if (field !== undefined && message !== undefined)
    throw new AppError('unprocessable', `${field}: ${message}`, {
      fields: [{ field: `definition.${field}`, message }],
    })
  return nextOccurrences(parsed.data, { afterMs: Date.now(), limit }).map((at) => new Date(at).toISOString())
}
