import { isDeepStrictEqual } from 'node:util'
import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { describeActor } from '../settings/describe-actor.ts'
import { getJourney, type JourneyRow } from './manage-journeys.ts'

interface Edit {
  workspaceId: string
  journeyId: string
  name?: string | undefined
  /** In place of the whole draft. */
  draft?: JsonObject | undefined
  flowKey?: string | null | undefined
  /** The draft's that was edited; absent of callers who overwrite whatever is there. */
  revision?: number | undefined
  by: string
}

/** Renames a journey, replaces its draft, or gives it a key. */
export async function editJourney(deps: Pick<Deps, 'orm'>, edit: Edit): Promise<JourneyRow> {
  try {
    return await forkFor(deps.orm, edit.workspaceId).transactional((em) => change(em, edit))
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const message = 'another journey has this key'
    throw new AppError('conflict', `flowKey: ${message}`, { fields: [{ field: 'flowKey', message }] })
  }
}

async function change(em: Em, edit: Edit): Promise<JourneyRow> {
  const { workspaceId, journeyId, name, draft, flowKey, revision, by } = edit
  await em.execute('select 1 from journeys where id = ? and workspace_id = ? for update', [
    journeyId,
    workspaceId,
  ])
  const journey = await getJourney(em, journeyId)
  // Who saves once more what is there, e.g. because no answer came, contradicts nobody.
  const isNew = draft !== undefined && !isDeepStrictEqual(draft, journey.draft)
  if (draft === undefined || isNew) await demandRevision(em, journey, revision)
  const changed = [
    ...(name !== undefined && name !== journey.name ? ['the name'] : []),
    ...(isNew ? ['the draft'] : []),
    ...(flowKey !== undefined && flowKey !== (journey.flowKey ?? null) ? ['the key'] : []),
  ]
  if (changed.length === 0) return journey
  if (name !== undefined) journey.name = name
  if (flowKey !== undefined) journey.flowKey = flowKey
  if (isNew) {
    const draftRevision = journey.draftRevision + 1
    Object.assign(journey, { draft, draftRevision, draftBy: by, draftAt: new Date() })
  }
  await em.flush()
  const data = { journey: journeyId, name: journey.name, changed, revision: journey.draftRevision, by }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'journey.edited', data }])
  return journey
}

/** Refuses who looked at another draft than there is, and says whose the one that is there is. */
export async function demandRevision(
  em: Em,
  journey: Pick<JourneyRow, 'workspaceId' | 'draftRevision' | 'draftBy' | 'draftAt'>,
  revision: number | undefined,
): Promise<void> {
  const { workspaceId, draftRevision, draftBy, draftAt } = journey
  if (revision === undefined || revision === draftRevision) return
  const changedBy = draftBy ? await describeActor(em, workspaceId, draftBy) : null
  const changedAt = draftAt?.toISOString() ?? null
  const whose = changedBy ? `: ${changedBy} changed it at ${changedAt}` : ''
  const message = `the draft is at revision ${draftRevision}, not ${revision}${whose}`
  throw new AppError('conflict', message, {
    fields: [{ field: 'revision', message }],
    details: { revision: draftRevision, changedBy, changedAt },
  })
}
