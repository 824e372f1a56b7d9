import { defineEntity, p } from '@mikro-orm/core'
import { createdAt, id, updatedAt, workspaceId } from '../db/columns.ts'
import type { JsonObject } from '../model/json.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { Override } from '../simulation/launch-gate.ts'

export const Journey = defineEntity({
  name: 'Journey',
  tableName: 'journeys',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    numberId: p.uuid(),
    name: p.text(),
    /** Anything the builder saves; only publishing demands that it is right. */
    draft: p.json<JsonObject>(),
    /** Counts the changes of the draft: whoever edits an older one is told. */
    draftRevision: p.integer().default(1),
    /** Who changed it last, and when; absent as long as it is the first. */
    draftBy: p.text().nullable(),
    draftAt: p.datetime().nullable(),
    publishedVersionId: p.uuid().nullable(),
    /** What other systems' callers know it by; without one, by its id. */
    flowKey: p.text().nullable(),
    deletedAt: p.datetime().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
})

/** Frozen at publishing; a run trusts it for ever. */
export const JourneyVersion = defineEntity({
  name: 'JourneyVersion',
  tableName: 'journey_versions',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    journeyId: p.uuid(),
    number: p.integer(),
    definition: p.json<JourneyDefinition>(),
    /** Assertions that did not hold as it was published, and why it was all the same. */
    overridden: p.json<Override>().nullable(),
    publishedAt: p.datetime().onCreate(() => new Date()),
  },
})

export const runStates = [
  'running',
  'waiting',
  'stuck',
  'paused',
  'completed',
  'exited',
  'cancelled',
  'failed',
] as const
export type RunState = (typeof runStates)[number]

export const Run = defineEntity({
  name: 'Run',
  tableName: 'runs',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    journeyId: p.uuid(),
    versionId: p.uuid(),
    contactId: p.uuid().nullable(),
    conversationId: p.uuid().nullable(),
    numberId: p.uuid(),
    lineageId: p.uuid(),
    entry: p.text(),
    workflowId: p.text(),
    state: p.text().$type<RunState>(),
    cardId: p.text().nullable(),
    errorCode: p.text().nullable(),
    errorReason: p.text().nullable(),
    outcome: p.text().nullable(),
    goalReached: p.boolean().nullable(),
    vars: p.json<JsonObject>().onCreate(() => ({})),
    epoch: p.integer().default(0),
    factId: p.uuid(),
    heldBy: p.uuid().nullable(),
    dueAt: p.datetime().nullable(),
    startedAt: p.datetime().onCreate(() => new Date()),
    updatedAt: updatedAt(),
    endedAt: p.datetime().nullable(),
  },
})
