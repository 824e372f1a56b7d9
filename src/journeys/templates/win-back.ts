import { end, handOff, optOut, type JourneyTemplate } from './journey-template.ts'

export const winBack: JourneyTemplate = {
  name: 'win-back',
  title: 'Win-back',
  description:
    'Two weeks after somebody has left: half are asked why, half get an offer, and the report says what wins more back.',
  needs: {
    events: { subscription_ended: { plan: 'string' }, subscription_started: { plan: 'string' } },
    attributes: { left_because: 'string' },
    templates: ['we_miss_you', 'coupon_for_you'],
    segments: {},
  },
  definition: {
    start: 'wait',
    triggers: [{ type: 'custom-event', event: 'subscription_ended' }],
    entry: { reentry: 'every-n-days', days: 180 },
    messageClass: 'marketing',
    goal: { event: 'subscription_started', within: { amount: 45, unit: 'days' } },
    cards: {
      wait: {
        type: 'time-delay',
        title: 'Two weeks',
        settings: {
          delay: { mode: 'duration', duration: { amount: 14, unit: 'days' } },
          event: { name: 'subscription_started' },
        },
        next: { done: 'split', event: 'back' },
      },
      split: {
        type: 'ab-splitter',
        title: 'Ask, or offer?',
        settings: {
          paths: [
            { id: 'ask', label: 'Ask', weight: 1 },
            { id: 'offer', label: 'Offer', weight: 1 },
          ],
        },
        next: { 'path:ask': 'miss', 'path:offer': 'offer' },
      },
      miss: {
        type: 'send-template',
        title: 'We miss you',
        settings: {
          template: 'we_miss_you',
          values: { body: { '1': '{{contact.first_name | "there"}}' } },
          replies: [{ at: '1', text: 'Stop messages' }],
          timeout: { amount: 2, unit: 'days' },
        },
        next: { 'button:1': 'stop', other: 'why', timeout: 'last', interrupted: 'last', failed: 'last' },
      },
      why: {
        type: 'user-input',
        title: 'Why?',
        settings: {
          question: 'Thank you for answering! May we ask why you left?',
          answer: 'choice',
          choices: ['Too expensive', 'Not used', 'Found another'],
          attribute: 'left_because',
          variable: 'reason',
          retries: 0,
          timeout: { amount: 20, unit: 'hours' },
        },
        next: { valid: 'judge', invalid: 'person', timeout: 'last', interrupted: 'last' },
      },
      judge: {
        type: 'run-if',
        title: 'A matter of price?',
        settings: {
          branches: [
            {
              id: 'price',
              label: 'Too expensive',
              condition: { kind: 'compare', path: 'vars.reason', operator: 'equals', value: 'Too expensive' },
            },
          ],
        },
        next: { 'branch:price': 'offer', else: 'person' },
      },
      offer: {
        type: 'send-template',
        title: 'An offer',
        settings: {
          template: 'coupon_for_you',
          values: {
            body: { '1': '{{contact.first_name | "there"}}', '2': '30%', '3': 'the end of the month' },
            buttons: { '0': { code: 'WELCOMEBACK30' } },
          },
          replies: [],
        },
        next: { next: 'last', failed: 'last' },
      },
      last: {
        type: 'time-delay',
        title: 'Four weeks more',
        settings: {
          delay: { mode: 'duration', duration: { amount: 28, unit: 'days' } },
          event: { name: 'subscription_started' },
        },
        next: { done: 'lost', event: 'back' },
      },
      stop: optOut,
      person: handOff('Left the plan {{event.plan | "?"}}: {{vars.reason | "see the chat"}}', {
        back: 'last',
        nobody: 'last',
      }),
      back: end('back', true),
      lost: end('not back', false),
      unwanted: end('no more offers'),
    },
  },
  stories: [
    {
      says: 'who has come back by themselves is not written to',
      vars: { event: { plan: 'gold' } },
      windowOpen: false,
      events: [{ name: 'subscription_started', afterMs: 86_400_000 }],
      expected: { cards: ['wait', 'back'], outcome: 'back', goalReached: true },
    },
  ],
}
