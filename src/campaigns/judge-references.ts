import type { Em } from '../db/orm.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import type { Condition } from '../model/conditions.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { isSystemEvent } from '../model/system-events.ts'
import { checkCondition } from '../segments/check-condition.ts'
import { error, warning, type CampaignProblem } from './judge-definition.ts'

type Table =
  | 'segment'
  | 'static segment'
  | 'journey'
  | 'campaign'
  | 'API-triggered campaign'
  | 'group'
  | 'number'

interface Reference {
  table: Table
  id: string
  field: string
}

/** Each with the ids of the workspace's that may stand there. */
const known: Record<Table, string> = {
  segment: 'select id from segments where workspace_id = ? and deleted_at is null',
  'static segment': `select id from segments where workspace_id = ? and deleted_at is null and kind = 'static'`,
  journey: `select j.id from journeys j join journey_versions v on v.id = j.published_version_id
    where j.workspace_id = ? and j.deleted_at is null
      and not exists (select 1 from campaigns c where c.journey_id = j.id)`,
  campaign: 'select id from campaigns where workspace_id = ?',
  'API-triggered campaign': `select id from campaigns where workspace_id = ? and kind = 'api' and state <> 'ended'`,
  group: 'select id from variable_groups where workspace_id = ?',
  number: 'select id from phone_numbers where workspace_id = ?',
}
const words: Record<Table, string> = {
  segment: 'segment',
  'static segment': 'static segment',
  journey: 'published journey',
  campaign: 'campaign',
  'API-triggered campaign': 'API-triggered campaign that is not over',
  group: 'variable group',
  number: 'phone number',
}

/** What a definition names of its workspace's and is not there. */
export async function judgeReferences(
  em: Em,
  workspaceId: string,
  definition: CampaignDefinition,
): Promise<CampaignProblem[]> {
  const problems: CampaignProblem[] = []
  for (const [table, references] of Map.groupBy(listReferences(definition), (each) => each.table)) {
    const ids = JSON.stringify(references.map(({ id }) => id))
    const rows = await em.execute<{ id: string }[]>(
      `select k.id from (${known[table]}) k where k.id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
      [workspaceId, ids],
    )
    const found = new Set(rows.map(({ id }) => id))
    problems.push(
      ...references
        .filter(({ id }) => !found.has(id))
        .map(({ id, field }) => error(field, `there is no ${words[table]} ${id}`)),
    )
  }
  return [
    ...problems,
    ...(await judgeConditionNames(em, workspaceId, definition)),
    ...(await judgeEvents(em, workspaceId, definition)),
    ...(await judgeMoney(em, workspaceId, definition)),
  ]
}

function listReferences({
  audience,
  buttons,
  followUps,
  otherNumberIds,
  trigger,
}: CampaignDefinition): Reference[] {
  const references: Reference[] = []
  const add = (table: Table, id: string, field: string) => references.push({ table, id, field })
  for (const [list, parts] of [
    ['include', audience.include] as const,
    ['exclude', audience.exclude] as const,
  ]) {
    parts.forEach((part, at) => {
      const field = `audience.${list}.${at}`
      if (part.kind === 'segment') add('segment', part.segmentId, `${field}.segmentId`)
      if (part.kind === 'group') add('group', part.groupId, `${field}.groupId`)
      if (part.kind === 'campaign') add('campaign', part.campaignId, `${field}.campaignId`)
    })
  }
  buttons.forEach((button, at) => {
    if (button.type === 'journey') add('journey', button.journeyId, `buttons.${at}.journeyId`)
  })
  followUps.forEach(({ action }, at) => {
    const field = `followUps.${at}.action`
    if (action.kind === 'journey') add('journey', action.journeyId, `${field}.journeyId`)
    if (action.kind === 'segment') add('static segment', action.segmentId, `${field}.segmentId`)
    if (action.kind === 'campaign') add('API-triggered campaign', action.campaignId, `${field}.campaignId`)
  })
  otherNumberIds.forEach((id, at) => add('number', id, `otherNumberIds.${at}`))
  if (trigger?.type === 'segment-entered') add('segment', trigger.segmentId, 'trigger.segmentId')
  return references
}

async function judgeConditionNames(
  em: Em,
  workspaceId: string,
  { audience }: CampaignDefinition,
): Promise<CampaignProblem[]> {
  const problems: CampaignProblem[] = []
  for (const [list, parts] of [
    ['include', audience.include] as const,
    ['exclude', audience.exclude] as const,
  ]) {
    for (const [at, part] of parts.entries()) {
      if (part.kind !== 'condition') continue
      const fields = await findMisnamed(em, workspaceId, part.condition, `audience.${list}.${at}.condition`)
      problems.push(...fields.map((each) => error(each.field, each.message)))
    }
  }
  return problems
}

/** What a condition lacks by itself has been said: here it is what it names. */
async function findMisnamed(
  em: Em,
  workspaceId: string,
  condition: Condition,
  field: string,
): Promise<FieldError[]> {
  try {
    await checkCondition(em, workspaceId, condition, { field })
    return []
  } catch (refusal) {
    if (!(refusal instanceof AppError)) throw refusal
    return refusal.code === 'unprocessable' ? refusal.fields : []
  }
}

/** An event may be declared by the time that it comes. */
async function judgeEvents(
  em: Em,
  workspaceId: string,
  { trigger, conversion, exitOn }: CampaignDefinition,
): Promise<CampaignProblem[]> {
  const named = [
    ...(trigger?.type === 'custom-event' ? [{ event: trigger.event, field: 'trigger.event' }] : []),
    ...(conversion ? [{ event: conversion.event, field: 'conversion.event' }] : []),
    ...(exitOn.goal === undefined ? [] : [{ event: exitOn.goal, field: 'exitOn.goal' }]),
  ]
  if (named.length === 0) return []
  const rows = await em.execute<{ name: string }[]>(
    'select name from event_types where workspace_id = ? and name in (select jsonb_array_elements_text(?::jsonb))',
    [workspaceId, JSON.stringify(named.map(({ event }) => event))],
  )
  const declared = new Set(rows.map(({ name }) => name))
  return named
    .filter(({ event }) => !declared.has(event) && !isSystemEvent(event))
    .map(({ event, field }) => warning(field, `there is no event type "${event}" yet: nobody can tell of it`))
}

/** A budget is counted by the rate card that began last, which must be in its currency. */
async function judgeMoney(
  em: Em,
  workspaceId: string,
  { budget }: CampaignDefinition,
): Promise<CampaignProblem[]> {
  if (!budget) return []
  const rows = await em.execute<{ currency: string }[]>(
    `select currency from rate_cards where workspace_id = ? and effective_from <= now()
       and (effective_until is null or effective_until > now()) order by effective_from desc limit 1`,
    [workspaceId],
  )
  return rows[0]?.currency === budget.currency
    ? []
    : [
        error(
          'budget.currency',
          `the rate card that counts now is not in ${budget.currency}: what is sent cannot be counted`,
        ),
      ]
}
