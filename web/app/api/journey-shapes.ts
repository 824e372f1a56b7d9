import type { JourneyCard } from '../../../src/model/journey-definition.ts'
import type { JourneyDiff } from '../../../src/model/journey-diff.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { Operation } from './operation-shapes.ts'

/** What the platform API answers about journeys, as far as the screens read it. */
export interface Journey {
  id: string
  numberId: string
  name: string
  draft: JsonObject
  /** Of the draft. */
  revision: number
  publishedVersionId: string | null
  createdAt: string
  updatedAt: string
}
export interface JourneyLine extends Journey {
  state: 'draft' | 'published' | 'paused'
  numbers: Record<'entered' | 'inside' | 'completed' | 'goalReached' | 'stuck', number>
}

export interface VersionLine {
  id: string
  number: number
  publishedAt: string
  overridden?: { reason: string; by: string } | null
}
export interface Version extends VersionLine {
  definition: JsonObject
}

export interface Outlet {
  id: string
  label: string
}
export interface Problem {
  severity: 'error' | 'warning'
  card?: string
  /** JSON path, e.g. `cards.ask.settings.body`. */
  field: string
  message: string
}
/** What a draft's check says: problems, and the ways out of the cards whose settings are right. */
export interface Judged {
  valid: boolean
  problems: Problem[]
  outlets: Record<string, Outlet[]>
}

/** A card as a draft holds one; of what is not there yet it has the empty kind. */
export type DraftCard = Pick<JourneyCard, 'type' | 'title' | 'next'> & { settings: JsonObject }

export interface JsonSchema {
  type?: string
  title?: string
  description?: string
  widget?: string
  format?: string
  kind?: string
  integration?: string
  default?: Json
  const?: Json
  enum?: string[]
  readOnly?: boolean
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: JsonSchema | boolean
  propertyNames?: JsonSchema
  items?: JsonSchema
  oneOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  $ref?: string
}
export interface CardType {
  type: string
  group: 'display' | 'rule' | 'utility' | 'plugin'
  label: string
  settings: JsonSchema
  outlets: Outlet[] | null
}

export interface JourneyTemplate {
  name: string
  title: string
  description: string
  cards: number
  needs: {
    events: Record<string, Record<string, string>>
    attributes: Record<string, string>
    templates: string[]
    segments: Record<string, string>
  }
  stories: string[]
}

export interface ReportTotals {
  entered: number
  restarted: number
  movedIn: number
  movedOut: number
  inside: number
  completed: number
  exited: number
  cancelled: number
  failed: number
  goalReached: number
  completionRate: number | null
  goalRate: number | null
  reasons: { state: string; reason: string; count: number }[]
}
export interface ReportCard {
  cardId: string
  type: string | null
  title: string | null
  entered: number
  left: { outlet: string; label: string; count: number }[]
  ended: number
  waiting: number
  failed: { code: string; count: number }[]
  medianMs: number | null
}
type MessageRate = 'deliveredRate' | 'readRate' | 'clickedRate' | 'repliedRate'
export type ReportMessage = Record<'sent' | 'delivered' | 'read' | 'clicked' | 'replied', number> &
  Record<MessageRate, number | null> & {
    cardId: string
    title: string | null
    failed: { code: string; count: number }[]
  }
export interface ExperimentResult {
  count: number
  rate: number
  from: number
  to: number
  difference: number | null
  pValue: number | null
  verdict: 'base' | 'too-few' | 'no-difference' | 'better' | 'worse'
}
export interface ReportExperiment {
  cardId: string
  title: string | null
  significance: number
  paths: {
    path: string
    label: string | null
    runs: number
    completed: ExperimentResult
    goal: ExperimentResult
  }[]
}

export interface JourneyUser {
  contactId: string | null
  name: string | null
  phone: string | null
  runId: string
  state: string
  cardId: string | null
  version: number
  outcome: string | null
  goalReached: boolean
  startedAt: string
}
export interface Run {
  id: string
  journeyId: string
  versionId: string
  version: number
  contactId: string | null
  entry: string
  state: string
  cardId: string | null
  error: { code: string; reason: string } | null
  outcome: string | null
  goalReached: boolean | null
  vars: JsonObject
  startedAt: string
  endedAt: string | null
  temporal: { workflowId: string; url: string | null }
}
export interface TracedFact {
  id: string
  at: string
  kind: string
  words: string
  data: JsonObject
}

export interface StuckGroup {
  journeyId: string
  journeyName: string
  versionId: string
  version: number
  cardId: string
  errorCode: string
  count: number
  exampleRunId: string
  exampleReason: string
  since: string
}

export interface Occupancy {
  version: number
  card: string
  inside: number
  waiting: number
  paused: number
  stuck: number
  nextDueAt: string | null
}
export interface Diff extends Omit<JourneyDiff, 'cards'> {
  cards: (JourneyDiff['cards'][number] & { inside: number })[]
}
export interface Migration extends Operation {
  toVersion: number | null
  fromVersions: number[]
  rollsBack: string | null
  rolledBackBy: string | null
  moved: number
}
export interface MigrationPreview {
  moves: number
  stays: number
  exits: number
  cards: (Occupancy & {
    change: string
    fate: { action: string; card?: string; reason?: string }
  })[]
  problems: { field: string; message: string }[]
  forecast: {
    sampled: number
    unanswered: number
    outlooks: {
      minutes: number
      people: number
      messages: number
      peopleAnyway: number
      messagesAnyway: number
    }[]
    stuck: number
    examples: { runId: string; card: string; inMinutes: number; text: string }[]
    advice: { words: string; spreadHours: number } | null
  }
}
/** Whom a rollback would bring where. */
export interface RollbackPreview {
  moves: number
  stays: number
  ways: { version: number; card: string; toVersion: number; toCard: string; people: number }[]
  staying: { version: number; card: string; reason: string; people: number }[]
  forecast: MigrationPreview['forecast']
}
