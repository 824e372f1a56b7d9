import { randomInt } from 'node:crypto'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { findCampaign, lockCampaign, type CampaignKind, type CampaignRow } from './find-campaigns.ts'

export interface NewCampaign {
  workspaceId: string
  numberId: string
  name: string
  kind: CampaignKind
  /** A definition, perhaps not complete yet: only launching demands that it is right. */
  draft: JsonObject
  by: string
}

/** Starts a draft. */
export async function createCampaign(deps: Pick<Deps, 'orm'>, input: NewCampaign): Promise<CampaignRow> {
  const { workspaceId, numberId, name, kind, draft, by } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await demandNumber(em, workspaceId, numberId)
    const id = newId()
    const factId = newId()
    await em.execute(
      `insert into campaigns (id, workspace_id, number_id, ref, name, kind, draft, by, fact_id)
       values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)`,
      [id, workspaceId, numberId, newRef(), name, kind, JSON.stringify(draft), by, factId],
    )
    await tell(em, workspaceId, { id: factId, kind: 'campaign.created', data: { campaign: id, name, by } })
    return findCampaign(em, workspaceId, id)
  })
}

/** Changes a draft, or what the next run of a campaign goes by: runs that have begun keep what they began with. */
export async function changeCampaign(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    campaignId: string
    name?: string | undefined
    numberId?: string | undefined
    draft?: JsonObject | undefined
    by: string
  },
): Promise<CampaignRow> {
  const { workspaceId, campaignId, name, numberId, draft, by } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const before = await lockCampaign(em, workspaceId, campaignId)
    const isFrozen = before.kind !== 'one-time' && ['active', 'paused', 'scheduled'].includes(before.state)
    if (isFrozen && (draft !== undefined || numberId !== undefined))
      throw new AppError('conflict', `the campaign is ${before.state}: end it before you change what it does`)
    if (numberId !== undefined) await demandNumber(em, workspaceId, numberId)
    await em.execute(
      `update campaigns set name = coalesce(?, name), number_id = coalesce(?::uuid, number_id), draft = coalesce(?::jsonb, draft),
         updated_at = now() where workspace_id = ? and id = ?`,
      [
        ...[name ?? null, numberId ?? null, draft === undefined ? null : JSON.stringify(draft)],
        ...[workspaceId, campaignId],
      ],
    )
    const data = { campaign: campaignId, name: name ?? before.name, by }
    await tell(em, workspaceId, { kind: 'campaign.changed', causeId: before.factId, data })
    return findCampaign(em, workspaceId, campaignId)
  })
}

/** A draft that has never run. Whatever has run stays, for its reports; it can be archived. */
export async function deleteCampaign(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, campaignId, by }: { workspaceId: string; campaignId: string; by: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name, lastRunNumber, journeyId, factId } = await lockCampaign(em, workspaceId, campaignId)
    if (lastRunNumber > 0 || journeyId !== null)
      throw new AppError('conflict', 'a campaign that has run stays, for its reports: archive it instead')
    await em.execute(
      'update variable_groups set campaign_id = null where workspace_id = ? and campaign_id = ?',
      [workspaceId, campaignId],
    )
    await em.execute('delete from campaigns where workspace_id = ? and id = ?', [workspaceId, campaignId])
    const data = { campaign: campaignId, name, by }
    await tell(em, workspaceId, { kind: 'campaign.deleted', causeId: factId, data })
  })
}

/** Takes a campaign out of the lists, or back. */
export async function archiveCampaign(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; campaignId: string; archived: boolean; by: string },
): Promise<CampaignRow> {
  const { workspaceId, campaignId, archived, by } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name, state, factId } = await lockCampaign(em, workspaceId, campaignId)
    if (archived && ['scheduled', 'active', 'paused'].includes(state))
      throw new AppError('conflict', `the campaign is ${state}: end it first`)
    await em.execute(
      `update campaigns set archived_at = case when ? then coalesce(archived_at, now()) end, updated_at = now()
       where workspace_id = ? and id = ?`,
      [archived, workspaceId, campaignId],
    )
    const kind = archived ? 'campaign.archived' : 'campaign.unarchived'
    await tell(em, workspaceId, { kind, causeId: factId, data: { campaign: campaignId, name, by } })
    return findCampaign(em, workspaceId, campaignId)
  })
}

async function demandNumber(em: Em, workspaceId: string, numberId: string): Promise<void> {
  const found = await em.execute<object[]>('select 1 from phone_numbers where workspace_id = ? and id = ?', [
    workspaceId,
    numberId,
  ])
  if (found.length > 0) return
  const message = `there is no phone number ${numberId}`
  throw new AppError('unprocessable', message, { fields: [{ field: 'numberId', message }] })
}

async function tell(
  em: Em,
  workspaceId: string,
  fact: { id?: string; kind: string; causeId?: string; data: JsonObject },
): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), ...fact }])
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** What other systems call it: short, and no guess finds another's. */
function newRef(): string {
  return `c_${Array.from({ length: 15 }, () => letters[randomInt(letters.length)]).join('')}`
}
