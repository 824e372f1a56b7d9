import { journeyProblems, segmentProblems } from '../model/condition-problems.ts'
import type { CampaignDefinition, CampaignSchedule, FollowUp } from '../model/campaign-definition.ts'
import type { Condition } from '../model/conditions.ts'
import { listPlaceholders } from '../model/template.ts'
import { validZone } from '../model/schedule.ts'
import type { CampaignKind } from './find-campaigns.ts'
import { recurrenceProblem } from './recurrence.ts'

/** What is wrong with a campaign, and where. Errors keep it from being launched, warnings do not. */
export interface CampaignProblem {
  severity: 'error' | 'warning'
  /** JSON path into the definition, e.g. `variants.0.message.name`. */
  field: string
  message: string
}

/** What can be said of a definition by itself. Pure. */
export function judgeDefinition(kind: CampaignKind, definition: CampaignDefinition): CampaignProblem[] {
  return [
    ...judgeKind(kind, definition),
    ...judgeSchedule(definition.schedule, kind),
    ...judgeVariants(definition),
    ...(isJourneyKind(kind) ? judgeJourneyMessages(definition) : []),
    ...judgeWinner(definition, kind),
    ...judgeConditions(definition),
    ...judgeFollowUps(definition.followUps),
    ...judgeButtons(definition),
  ]
}

/** Those that a hidden journey runs. */
export function isJourneyKind(kind: CampaignKind): boolean {
  return kind === 'triggered' || kind === 'drip'
}

function judgeKind(kind: CampaignKind, definition: CampaignDefinition): CampaignProblem[] {
  const { audience, trigger, steps, schedule, canary, otherNumberIds, budget, messagesPerSecond } = definition
  const problems: CampaignProblem[] = []
  const refuse = (field: string, message: string) => problems.push(error(field, message))
  const selects = kind === 'one-time' || kind === 'recurring'
  problems.push(...judgeInclude(kind, audience.include))
  if (isJourneyKind(kind) && !trigger) refuse('trigger', 'say what begins it for somebody')
  if (!isJourneyKind(kind) && trigger) refuse('trigger', 'is of triggered campaigns and drips only')
  if (kind === 'drip' && steps.length === 0) refuse('steps', 'a drip has a step after its first message')
  if (kind !== 'drip' && steps.length > 0) refuse('steps', 'are of drips only')
  if (kind === 'recurring' && schedule.kind !== 'recurring') refuse('schedule.kind', 'must be recurring')
  if (kind === 'one-time' && schedule.kind === 'recurring')
    refuse('schedule.kind', 'is of recurring campaigns only')
  if (!selects && schedule.kind !== 'now') refuse('schedule.kind', `must be now: ${whoGets(kind)}`)
  if (isJourneyKind(kind)) {
    if (canary) refuse('canary', 'is of campaigns to many at once')
    if (otherNumberIds.length > 0) refuse('otherNumberIds', 'are of campaigns to many at once')
    if (budget) refuse('budget', 'is of campaigns to many at once')
    if (messagesPerSecond !== undefined) refuse('messagesPerSecond', 'is of campaigns to many at once')
    if (audience.exclude.length > 0)
      refuse('audience.exclude', 'is of campaigns to many at once: use the trigger’s condition')
  }
  if (kind === 'api' && audience.exclude.length > 0)
    refuse('audience.exclude', 'is not of API-triggered campaigns: who calls says who gets it')
  return problems
}

/** Whom it is for, which can be said before the rest is right. */
export function judgeInclude(kind: CampaignKind, include: unknown[]): CampaignProblem[] {
  const selects = kind === 'one-time' || kind === 'recurring'
  if (selects && include.length === 0) return [error('audience.include', 'say whom it is for')]
  return selects || include.length === 0
    ? []
    : [error('audience.include', `is not of ${kind} campaigns: ${whoGets(kind)}`)]
}

function whoGets(kind: CampaignKind): string {
  return kind === 'api' ? 'who calls says who gets it' : 'whoever its trigger is true of gets it'
}

function judgeSchedule(schedule: CampaignSchedule, kind: CampaignKind): CampaignProblem[] {
  if (schedule.kind === 'now' || schedule.kind === 'at') return []
  const problems: CampaignProblem[] = []
  if (validZone(schedule.timeZone) === undefined)
    problems.push(error('schedule.timeZone', 'must be a time zone like Asia/Kolkata'))
  if (schedule.kind === 'recurring' && kind === 'recurring' && problems.length === 0) {
    const [field, message] = recurrenceProblem(schedule) ?? []
    if (field !== undefined && message !== undefined) problems.push(error(field, message))
  }
  return problems
}

function judgeVariants({ variants, steps }: CampaignDefinition): CampaignProblem[] {
  const ids = variants.map(({ id }) => id)
  const twice = ids.findIndex((id, at) => ids.indexOf(id) < at)
  const problems = twice < 0 ? [] : [error(`variants.${twice}.id`, 'another variant has the same id')]
  const kinds = new Set(variants.map(({ message }) => message.kind))
  if (kinds.size > 1)
    problems.push(
      error('variants', 'templates and direct messages reach different people: they cannot be compared'),
    )
  if (steps.some(({ variant }) => variant.message.kind === 'direct'))
    problems.push(
      warning('steps', 'a direct message reaches only those whose 24-hour window is open at its time'),
    )
  return problems
}

/** What a hidden journey can send, and say in it. */
function judgeJourneyMessages({ variants, steps, given }: CampaignDefinition): CampaignProblem[] {
  const all = [
    ...variants.map((variant, at) => ({ variant, field: `variants.${at}` })),
    ...steps.map(({ variant }, at) => ({ variant, field: `steps.${at}.variant` })),
  ]
  const ids = all.map(({ variant }) => variant.id)
  return all.flatMap(({ variant: { id, message }, field }, at) => {
    const problems: CampaignProblem[] = []
    if (ids.indexOf(id) < at && field.startsWith('steps.'))
      problems.push(error(`${field}.id`, 'another message has the same id'))
    const contents = message.kind === 'direct' ? message.contents : []
    if (contents.length > 1 || contents.some(({ type }) => type !== 'text'))
      problems.push(error(`${field}.message.contents`, 'can be one text here, or send a template'))
    for (const { path } of listPlaceholders(message)) {
      const [root, name = ''] = path.split('.')
      if (root === 'groups' || (root === 'given' && !Object.hasOwn(given, name)))
        problems.push(error(`${field}.message`, `{{${path}}} is known of campaigns to many at once only`))
    }
    return problems
  })
}

function judgeWinner(
  { winner, variants, schedule, conversion, canary, buttons }: CampaignDefinition,
  kind: CampaignKind,
): CampaignProblem[] {
  if (!winner) return []
  const problems: CampaignProblem[] = []
  if (isJourneyKind(kind)) problems.push(error('winner', 'is of campaigns to many at once'))
  if (variants.length < 2) problems.push(error('winner', 'needs two variants to choose from'))
  if (schedule.kind === 'local')
    problems.push(error('winner', 'cannot be waited for when everybody has a time of their own'))
  if (winner.by === 'converted' && !conversion)
    problems.push(error('winner.by', 'say in `conversion` what a conversion is'))
  if (winner.by === 'clicked' && buttons.length === 0)
    problems.push(warning('winner.by', 'without buttons that are counted nobody clicks'))
  if (canary)
    problems.push(warning('canary', 'the trial of the variants comes first, and is a canary itself'))
  return problems
}

function judgeConditions(definition: CampaignDefinition): CampaignProblem[] {
  const { audience, trigger, steps, conversion } = definition
  const parts: [string, Condition | undefined][] = [
    ...audience.include.map(conditionOf('audience.include')),
    ...audience.exclude.map(conditionOf('audience.exclude')),
    ...steps.map(({ condition }, at): [string, Condition | undefined] => [
      `steps.${at}.condition`,
      condition,
    ]),
  ]
  const events: [string, Condition | undefined][] = [
    ['trigger.condition', trigger?.condition],
    ['conversion.condition', conversion?.condition],
  ]
  return [
    ...parts.flatMap(([field, condition]) => (condition ? segmentProblems(condition, field) : [])),
    ...events.flatMap(([field, condition]) => (condition ? journeyProblems(condition, field) : [])),
  ].map(({ field, message }) => error(field, message))
}

function conditionOf(root: string) {
  return (
    part:
      | CampaignDefinition['audience']['include'][number]
      | CampaignDefinition['audience']['exclude'][number],
    at: number,
  ): [string, Condition | undefined] => [
    `${root}.${at}.condition`,
    part.kind === 'condition' ? part.condition : undefined,
  ]
}

function judgeFollowUps(followUps: FollowUp[]): CampaignProblem[] {
  const ids = followUps.map(({ id }) => id)
  return followUps.flatMap(({ id, on, within, codes, button }, at) => {
    const problems: CampaignProblem[] = []
    const field = (name: string) => `followUps.${at}.${name}`
    if (ids.indexOf(id) < at) problems.push(error(field('id'), 'another follow-up has the same id'))
    if (on.startsWith('not-') && !within) problems.push(error(field('within'), 'say after which time'))
    if (codes && on !== 'failed') problems.push(error(field('codes'), 'are of `failed` only'))
    if (button !== undefined && on !== 'replied')
      problems.push(error(field('button'), 'is of `replied` only'))
    return problems
  })
}

function judgeButtons({ buttons, variants }: CampaignDefinition): CampaignProblem[] {
  const places = buttons.map(({ index }) => index)
  const problems = buttons.flatMap(({ index }, at) =>
    places.indexOf(index) < at ? [error(`buttons.${at}.index`, `button ${index} has an action already`)] : [],
  )
  if (buttons.length > 0 && variants.some(({ message }) => message.kind === 'direct'))
    problems.push(error('buttons', 'are those of a template: a direct message has its own'))
  return problems
}

export function error(field: string, message: string): CampaignProblem {
  return { severity: 'error', field, message }
}

export function warning(field: string, message: string): CampaignProblem {
  return { severity: 'warning', field, message }
}
