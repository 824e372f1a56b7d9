import type { Audience, CampaignDefinition, Variant } from '../../../src/model/campaign-definition.ts'
import type { Problem } from './journey-shapes.ts'

/** What the platform API answers about campaigns, as far as the screens read it. */
export type CampaignKind = 'one-time' | 'recurring' | 'triggered' | 'drip' | 'api'
export type CampaignState = 'draft' | 'scheduled' | 'active' | 'paused' | 'ended'
/** Of what is not said yet the definition's own defaults hold. */
export type Draft = Partial<CampaignDefinition> & { audience: Audience; variants: Variant[] }

export interface Campaign {
  id: string
  numberId: string
  ref: string
  name: string
  kind: CampaignKind
  state: CampaignState
  definition: Draft
  /** How often it has been run. */
  runs: number
  archivedAt: string | null
  createdAt: string
  updatedAt: string
}
export interface CampaignLine extends Omit<Campaign, 'definition'> {
  lastRunAt: string | null
  nextRunAt: string | null
  numbers: Record<'sent' | 'delivered' | 'read' | 'clicked' | 'replied' | 'failed', number>
}
export interface Money {
  total: string
  currency: string
}
export interface CampaignCheck {
  valid: boolean
  problems: Problem[]
  /** What a run would be if it began now; null where that cannot be said, e.g. of a trigger. */
  estimate: Estimate | null
  preview: MessagePreview[]
}
export interface Estimate {
  audience: number
  intended: number
  skipped: Record<string, number>
  cost: Money[]
  /** Messages that no rate card has a price for. */
  unpriced: number
  durationSeconds: number
  reach: { initiated: number; used: number; limit: number | null }
}
export type RunState =
  | 'scheduled'
  | 'planning'
  | 'sending'
  | 'paused'
  | 'settling'
  | 'completed'
  | 'cancelled'
  | 'stopped'
  | 'failed'
export interface CampaignRun {
  id: string
  campaignId: string
  number: number
  state: RunState
  reason: string | null
  budget: { amount: string; spent: string; currency: string } | null
  startsAt: string
  messagesPerSecond: number | null
  audience: number | null
  intended: number | null
  leftOut: number | null
  winner: string | null
  sendingAt: string | null
  endedAt: string | null
  createdAt: string
}

/** As templates are listed: one for each language. */
export interface Template {
  id: string
  wabaId: string
  name: string
  language: string
  category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION'
  parameterFormat: 'POSITIONAL' | 'NAMED'
  components: TemplatePart[]
  status: string
  quality: string | null
}
export interface TemplatePart {
  type: string
  format?: string
  text?: string
  buttons?: TemplateButton[]
  cards?: { components: TemplatePart[] }[]
  limited_time_offer?: { text?: string; has_expiration?: boolean }
}
export interface TemplateButton {
  type: string
  text?: string
  url?: string
}
interface HeaderPreview {
  format: string
  text: string | null
  media: string | null
}
interface ButtonPreview {
  type: string
  text: string
  target: string | null
}
export interface TemplatePreview {
  header: HeaderPreview | null
  body: string
  footer: string | null
  offer: { text: string; endsAt: string | null } | null
  buttons: ButtonPreview[]
  cards: { header: HeaderPreview | null; body: string | null; buttons: ButtonPreview[] }[] | null
}
/** A variant as one contact would get it. */
export interface MessagePreview {
  variant: string
  language: string | null
  template: TemplatePreview | null
  text: string
  missing: string[]
  problem: string | null
}
