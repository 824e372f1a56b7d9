import type { RunRow } from './find-runs.ts'

/** What a plan looks at of a run; an estimate plans a run that never will be. */
export type Planning = Pick<
  RunRow,
  'id' | 'workspaceId' | 'campaignId' | 'numberId' | 'kind' | 'definition' | 'startsAt'
>
