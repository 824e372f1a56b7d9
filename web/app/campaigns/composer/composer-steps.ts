import type { CampaignKind } from '../../api/campaign-shapes.ts'

/** The steps of a campaign, each with the parts of the definition whose problems show there. */
const steps = {
  audience: { title: 'Audience', fields: ['audience', 'holdOut'] },
  trigger: { title: 'Trigger', fields: ['trigger', 'exitOn', 'audience', 'holdOut'] },
  call: { title: 'The call', fields: ['audience'] },
  message: { title: 'Message', fields: ['variants', 'winner', 'buttons', 'given'] },
  steps: { title: 'Steps', fields: ['steps'] },
  schedule: { title: 'When', fields: ['schedule'] },
  limits: {
    title: 'Speed & limits',
    fields: ['messagesPerSecond', 'otherNumberIds', 'canary', 'budget', 'class', 'expireAfter', 'priority'],
  },
  afterwards: { title: 'Afterwards', fields: ['conversion', 'followUps'] },
  check: { title: 'Check & launch', fields: [] as string[] },
}
export type StepName = keyof typeof steps

const ways: Record<CampaignKind, StepName[]> = {
  'one-time': ['audience', 'message', 'schedule', 'limits', 'afterwards', 'check'],
  recurring: ['audience', 'message', 'schedule', 'limits', 'afterwards', 'check'],
  triggered: ['trigger', 'message', 'limits', 'afterwards', 'check'],
  drip: ['trigger', 'message', 'steps', 'limits', 'afterwards', 'check'],
  api: ['message', 'call', 'limits', 'afterwards', 'check'],
}

export function stepsOf(kind: CampaignKind): { name: StepName; title: string }[] {
  return ways[kind].map((name) => ({ name, title: steps[name].title }))
}

/** Where a field of the definition is edited. */
export function stepOf(kind: CampaignKind, field: string): { name: StepName; title: string } | undefined {
  const root = field.split('.')[0] ?? ''
  return stepsOf(kind).find(({ name }) => steps[name].fields.includes(root))
}
