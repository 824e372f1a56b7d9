import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import { defineSearchAttributeKey } from '@temporalio/common'
import type { JourneyDefinition } from '../src/model/journey-definition.ts'
import type { Json, JsonObject } from '../src/model/json.ts'
import type { Reply } from '../src/model/reply.ts'
import type { EffectCall, EffectName } from './cards/effects.ts'
import type { JourneyState, MigrateOrder, Order, Resolution } from './cards/journey-state.ts'

export const taskQueue = 'dripline'
/** What a blast works from is its own: it takes no place from replies and journeys. */
export const campaignsTaskQueue = 'dripline-campaigns'

/** Workflow ids are business keys, tenant first, so that engineers can type them and starts are idempotent. */
export function journeyWorkflowId(run: {
  workspaceId: string
  journeyId: string
  contactId: string | undefined
  entry: string
}): string {
  return `journey/${run.workspaceId}/${run.journeyId}/${run.contactId ?? 'nobody'}/${run.entry}`
}

export function chatWorkflowId(workspaceId: string, conversationId: string): string {
  return `chat/${workspaceId}/${conversationId}`
}

/** What an external rule engine is asked about one tagging, or one message that a user of the inbox wrote. */
export function rulingWorkflowId(workspaceId: string, id: string): string {
  return `ruling/${workspaceId}/${id}`
}

/** Chats of a workspace that wait for somebody who is free. PostgreSQL names it too, see the triggers of conversations. */
export function queueWorkflowId(workspaceId: string): string {
  return `queue/${workspaceId}`
}

/** One message that was put into the ledger outside of any journey: from the inbox or by an API. */
export function sendWorkflowId(workspaceId: string, messageId: string): string {
  return `send/${workspaceId}/${messageId}`
}

/** One file that came with a message. */
export function mediaWorkflowId(workspaceId: string, mediaId: string): string {
  return `media/${workspaceId}/${mediaId}`
}

/** A first run of an import, its dry run, and each time that it is started again, are executions of their own. */
export function importWorkflowId(workspaceId: string, importId: string, attempt: number): string {
  return `import/${workspaceId}/${importId}${attempt > 1 ? `/${attempt}` : ''}`
}

/** One order for many runs. */
export function bulkWorkflowId(workspaceId: string, operationId: string): string {
  return `bulk/${workspaceId}/${operationId}`
}

/** What is owed to one endpoint: rows say what that is. */
export function webhookWorkflowId(workspaceId: string, endpointId: string): string {
  return `webhook/${workspaceId}/${endpointId}`
}

/** One run of a campaign: each time that it is run is an execution of its own. */
export function campaignWorkflowId(workspaceId: string, campaignId: string, number: number): string {
  return `campaign/${workspaceId}/${campaignId}/${number}`
}

/** What starts a recurring campaign's runs; each occurrence is a workflow of this id with its time at the end. */
export function campaignScheduleId(workspaceId: string, campaignId: string): string {
  return `campaign-schedule/${workspaceId}/${campaignId}`
}

/** A way through a journey that is run from a tape. @param contactId whose key it is encrypted under, of a real contact */
export function rehearsalWorkflowId(rehearsal: {
  workspaceId: string
  rehearsalId: string
  contactId: string | undefined
}): string {
  return `rehearsal/${rehearsal.workspaceId}/${rehearsal.contactId ?? 'nobody'}/${rehearsal.rehearsalId}`
}

const keyword = (name: string) => defineSearchAttributeKey(name, 'KEYWORD')

/** What engineers search by in Temporal's UI; registered at migration. */
export const searchAttribute = {
  workspace: keyword('DriplineWorkspace'),
  journey: keyword('DriplineJourney'),
  contact: keyword('DriplineContact'),
  campaign: keyword('DriplineCampaign'),
  card: keyword('DriplineCard'),
  errorCode: keyword('DriplineErrorCode'),
  state: keyword('DriplineState'),
} as const

/** Which run this is; travels with every activity. */
export interface RunRef {
  workspaceId: string
  runId: string
  lineageId: string
  journeyId: string
  /** Both are absent of a run that an API started for nobody. */
  contactId?: string | undefined
  conversationId?: string | undefined
  numberId: string
}

/** An effect of a card, as the activity of its name is asked for it. */
export interface EffectOrder<K extends EffectName = EffectName> extends EffectCall<K> {
  run: RunRef
}

export interface JourneyInput {
  run: RunRef
  /** Absent of runs that began before runs could move to another version. */
  version?: { id: string; number: number }
  definition: JourneyDefinition
  state: JourneyState
  /** Event ids handled before continue-as-new: a repeated signal stays without effect. */
  seenEventIds: string[]
  paused: boolean
  holds?: HeldRun[]
  orders?: Order[]
}

/** Something that keeps a run from going on. */
export interface HeldRun {
  holdId: string
  /** In words, for engineers. */
  reason: string
  /** Frozen timers have as much left after the hold as they had before. */
  timers: 'freeze' | 'run'
  sinceMs: number
  /** The database knows already that the run stands here. */
  isSaved: boolean
}

export interface ChatInput {
  workspaceId: string
  conversationId: string
  pending: string[]
  seenEventIds: string[]
  silenceMs: number
  /** After the first message of a turn, wait this long for more before acting; 0 acts at once. */
  foldMs: number
  /** It looks at its rows first. */
  isWoken?: boolean
}

/** @param occasion what the rule engine is told of */
export interface RulingInput {
  workspaceId: string
  occasion:
    | { kind: 'received'; messageIds: string[] }
    | { kind: 'written'; messageId: string }
    | { kind: 'tagged'; eventId: string }
}

/** Chats that wait, of one workspace: rows say which. */
export interface QueueInput {
  workspaceId: string
}

export interface ImportInput {
  workspaceId: string
  importId: string
  /** Held when the run before this one of the same execution began anew. */
  paused?: boolean
}

/**
 * What a run made of the order to move. `later`: when nothing holds it any more; `revoked`: it never moved; `superseded`:
 * another migration has moved it, or will; `ended`: the run came to its end first.
 */
export interface MigrationAnswer {
  outcome: 'moved' | 'stays' | 'exits' | 'later' | 'revoked' | 'superseded' | 'ended'
  /** Where it stood. */
  cardId: string | null
}

export interface MediaInput {
  workspaceId: string
  mediaId: string
}

export interface BulkInput {
  workspaceId: string
  operationId: string
}

export interface WebhookInput {
  workspaceId: string
  endpointId: string
}

/** A campaign's run: its rows say how it stands. */
export interface CampaignInput {
  workspaceId: string
  runId: string
}

/** A recurring campaign whose time has come. */
export interface OccurrenceInput {
  workspaceId: string
  campaignId: string
}

export interface RehearsalInput {
  workspaceId: string
  rehearsalId: string
  /** Where it stands when it began anew. */
  going?: { state: JourneyState; at: number; nowMs: number; facts: RehearsedFact[] }
}
/** What a rehearsal begins with. */
export interface RehearsalOpening {
  definition: JourneyDefinition
  state: JourneyState
  contactId: string | undefined
  startAtMs: number
}
/** What the simulator did at the same place, and the virtual time after it. */
export type RehearsedStep = { nowMs: number } & (
  | { value: Json }
  | { failure: { code: string; reason: string } }
  | { stop: RehearsalStop }
  | { diverged: string }
)
export interface RehearsalStop {
  state: 'stuck' | 'cut-off' | 'exited'
  reason: string
}
/** Of a trace without what differs by nature: the facts' ids. */
export interface RehearsedFact {
  atMs: number
  kind: string
  data: JsonObject
}
export interface RehearsalEnd {
  state: string
  reason: string
  vars: JsonObject
}

export interface Replied {
  eventId: string
  askKey: string
  reply: Reply
}
export interface EventArrived {
  eventId: string
  waitKey: string
  attributes: JsonObject
  factId: string
}

/** One signal may tell of several messages. */
export const messageReceived = defineSignal<{ eventId: string; messageId: string }[]>('messageReceived')
export const replied = defineSignal<[Replied]>('replied')
export const eventArrived = defineSignal<[EventArrived]>('eventArrived')
export const sendSettled = defineSignal<[{ eventId: string; sendKey: string }]>('sendSettled')
/** Another journey took the floor with a question of its own. */
export const floorLost = defineSignal<[{ askKey: string }]>('floorLost')
/** The contact said STOP to what this journey asked: its row has ended already. */
export const optedOut = defineSignal('optedOut')
/** The contact lives in another time zone now: what waits for a time of theirs waits for another instant. */
export const zoneChanged = defineSignal('zoneChanged')
export const paused = defineSignal('paused')
export const resumed = defineSignal('resumed')
/** Interrupts waits: the run comes to its next boundary and stands still there. */
export const held = defineSignal<[HeldRun]>('held')
export const released = defineSignal<[{ holdId: string; order?: Order }]>('released')
/** Moves a run to another version at its next boundary; refused where it could not go on. */
export const migrate = defineUpdate<MigrationAnswer, [MigrateOrder]>('migrate')
/** Somebody has changed the rows that a workflow works from: it looks at them at once. */
export const woken = defineSignal('woken')
export const resolve = defineUpdate<{ cardId: string }, [Resolution]>('resolve')

export interface JourneyProgress {
  state: JourneyState
  status: 'running' | 'waiting' | 'stuck' | 'paused' | 'ended'
  details: string
  /** It stands at a hold, or will at its next boundary. Of holds that nobody told it the database knows. */
  isHeld: boolean
}
export const progress = defineQuery<JourneyProgress>('progress')

export interface BulkProgress {
  state: string
  words: string
  total: number
  done: number
  skipped: number
  failed: number
}
export const bulkProgress = defineQuery<BulkProgress>('progress')

export interface CampaignProgress {
  state: string
  /** Of each number that sends, in words. */
  lanes: Record<number, string>
}
export const campaignProgress = defineQuery<CampaignProgress>('progress')
