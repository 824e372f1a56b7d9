import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import { defineSearchAttributeKey } from '@temporalio/common'
import type { JourneyDefinition } from '../src/model/journey-definition.ts'
import type { JsonObject } from '../src/model/json.ts'
import type { Reply } from '../src/model/reply.ts'
import type { JourneyState, Resolution } from './cards/run-journey.ts'

export const taskQueue = 'dripline'

/** Workflow ids are business keys, tenant first, so that engineers can type them and starts are idempotent. */
export function journeyWorkflowId(run: {
  workspaceId: string
  journeyId: string
  contactId: string
  entry: string
}): string {
  return `journey/${run.workspaceId}/${run.journeyId}/${run.contactId}/${run.entry}`
}

export function chatWorkflowId(workspaceId: string, conversationId: string): string {
  return `chat/${workspaceId}/${conversationId}`
}

/** One message that was put into the ledger outside of any journey: from the inbox or by an API. */
export function sendWorkflowId(workspaceId: string, messageId: string): string {
  return `send/${workspaceId}/${messageId}`
}

/** A first run of an import, its dry run, and each time that it is started again, are executions of their own. */
export function importWorkflowId(workspaceId: string, importId: string, attempt: number): string {
  return `import/${workspaceId}/${importId}${attempt > 1 ? `/${attempt}` : ''}`
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
  contactId: string
  conversationId: string
  numberId: string
}

export interface JourneyInput {
  run: RunRef
  definition: JourneyDefinition
  state: JourneyState
  /** Event ids handled before continue-as-new: a repeated signal stays without effect. */
  seenEventIds: string[]
  paused: boolean
}

export interface ChatInput {
  workspaceId: string
  conversationId: string
  pending: string[]
  seenEventIds: string[]
  silenceMs: number
  /** After the first message of a turn, wait this long for more before acting; 0 acts at once. */
  foldMs: number
}

export interface ImportInput {
  workspaceId: string
  importId: string
  /** Held when the run before this one of the same execution began anew. */
  paused?: boolean
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
/** The contact said STOP to what this journey asked: its row has ended already. */
export const optedOut = defineSignal('optedOut')
export const paused = defineSignal('paused')
export const resumed = defineSignal('resumed')
export const resolve = defineUpdate<{ cardId: string }, [Resolution]>('resolve')

export interface JourneyProgress {
  state: JourneyState
  status: 'running' | 'waiting' | 'stuck' | 'paused' | 'ended'
  details: string
}
export const progress = defineQuery<JourneyProgress>('progress')
