import type { FollowUp } from '../../../src/model/campaign-definition.ts'
import type { CampaignRun } from './campaign-shapes.ts'
import type { ExperimentResult } from './journey-shapes.ts'

/** What the platform API answers about how runs of campaigns do, as far as the screens read it. */
export interface RunProgress extends CampaignRun {
  progress: Record<'taken' | 'planned' | 'accepted' | 'failed' | 'skipped' | 'unknown', number> & {
    secondsLeft: number | null
    words: string
  }
}

/** How often something came about, and against what it is compared with. */
export type Rate = Pick<ExperimentResult, 'from' | 'to' | 'pValue' | 'verdict'> & { rate: number | null }
export type Rated = 'delivered' | 'read' | 'clicked' | 'replied' | 'converted'
export interface Reason {
  code: string
  words: string
  count: number
}
export interface Statistics extends Record<Rated, number> {
  audience: number
  intended: number
  leftOut: Reason[]
  skipped: Reason[]
  sent: number
  conversionValue: number
  failed: number
  failures: Reason[]
  notOnWhatsApp: number
  unknown: number
  pending: number
  cost: { amount: string; currency: string }[]
  rates: Record<Rated, Rate> & { failed: number | null }
}
export interface RunStatistics extends Statistics {
  variants: (Statistics & { variant: string })[]
  /** Those who were held out, by conversions, and how much better those did who got it. */
  holdOut:
    | (Record<'people' | 'converted' | 'rate' | 'from' | 'to' | 'liftFrom' | 'liftTo', number> & {
        lift: number | null
        pValue: number | null
        verdict: ExperimentResult['verdict']
      })
    | null
}
export interface Compared extends Statistics {
  campaignId: string
  name: string
}

export type TimelinePoint = { at: string } & Record<
  'sent' | 'delivered' | 'read' | 'clicked' | 'replied' | 'failed' | 'converted',
  number
>
/** How it stands with somebody whom a run was meant for; where one gets several messages, with one of them. */
export interface Recipient {
  contactId: string
  name: string | null
  phone: string | null
  variant: string | null
  outcome: 'left-out' | 'waiting' | 'pending' | 'accepted' | 'failed' | 'skipped' | 'unknown'
  code: string | null
  reason: string | null
  messageId: string | null
  attempts: number
  dueAt: string | null
  acceptedAt: string | null
  deliveredAt: string | null
  readAt: string | null
  clickedAt: string | null
  repliedAt: string | null
  failedAt: string | null
  convertedAt: string | null
}

/** What followed from a run for somebody. */
export interface FollowedUp {
  followUp: string
  on: FollowUp['on']
  action: FollowUp['action']['kind']
  contactId: string
  name: string | null
  phone: string | null
  outcome: 'done' | 'refused'
  reason: string | null
  at: string
}

export interface Certificate {
  totals: { duplicates: number }
  equations: { says: string; left: number; right: number; holds: boolean }[]
}
