import { end, handOff, optOut, type JourneyTemplate } from './journey-template.ts'

const silentSegment = '00000000-0000-4000-8000-000000000001'

export const reEngagement: JourneyTemplate = {
  name: 're-engagement',
  title: 'Re-engagement',
  description:
    'Writes to who has been silent for long, in the late morning where they live, and gives up after a second try.',
  needs: {
    events: { order_placed: { order_id: 'string', total: 'float' } },
    attributes: {},
    templates: ['we_miss_you', 'coupon_for_you'],
    segments: { [silentSegment]: 'who has been silent for long, e.g. last seen more than 60 days ago' },
  },
  definition: {
    start: 'morning',
    triggers: [{ type: 'segment-entered', segmentId: silentSegment }],
    entry: { reentry: 'every-n-days', days: 180 },
    messageClass: 'marketing',
    priority: 7,
    goal: { event: 'order_placed', within: { amount: 14, unit: 'days' } },
    cards: {
      morning: {
        type: 'time-delay',
        title: 'Late morning',
        settings: {
          delay: {
            mode: 'local-time',
            time: '11:00',
            weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
          },
        },
        next: { done: 'miss' },
      },
      miss: {
        type: 'send-template',
        title: 'We miss you',
        settings: {
          template: 'we_miss_you',
          values: { body: { '1': '{{contact.first_name | "there"}}' } },
          replies: [{ at: '1', text: 'Stop messages' }],
          timeout: { amount: 1, unit: 'days' },
        },
        next: {
          'button:1': 'stop',
          other: 'person',
          timeout: 'week',
          interrupted: 'week',
          failed: 'unreached',
        },
      },
      week: {
        type: 'time-delay',
        title: 'A week',
        settings: {
          delay: { mode: 'duration', duration: { amount: 6, unit: 'days' } },
          event: { name: 'order_placed' },
        },
        next: { done: 'coupon', event: 'back' },
      },
      coupon: {
        type: 'send-template',
        title: 'A coupon',
        settings: {
          template: 'coupon_for_you',
          values: {
            body: { '1': '{{contact.first_name | "there"}}', '2': '15%', '3': 'the end of the month' },
            buttons: { '0': { code: 'HELLOAGAIN15' } },
          },
          replies: [],
        },
        next: { next: 'last', failed: 'unreached' },
      },
      last: {
        type: 'time-delay',
        title: 'Another week',
        settings: {
          delay: { mode: 'duration', duration: { amount: 7, unit: 'days' } },
          event: { name: 'order_placed' },
        },
        next: { done: 'gone', event: 'back' },
      },
      gone: { type: 'tag', settings: { tags: ['dormant'] }, next: { next: 'lost' } },
      stop: optOut,
      person: handOff('Answered after a long silence', { back: 'spoken', nobody: 'spoken' }),
      back: end('back', true),
      spoken: end('spoken to', true),
      lost: end('still silent', false),
      unreached: end('not reached', false),
      unwanted: end('no more offers'),
    },
  },
  stories: [
    {
      says: 'who comes back and buys is left alone',
      windowOpen: false,
      events: [{ name: 'order_placed', afterMs: 3_600_000 }],
      expected: { cards: ['morning', 'miss', 'week', 'back'], outcome: 'back', goalReached: true },
    },
    {
      says: 'who stays silent is marked after two weeks',
      windowOpen: false,
      expected: {
        cards: ['morning', 'miss', 'week', 'coupon', 'last', 'gone', 'lost'],
        outcome: 'still silent',
        goalReached: false,
      },
    },
  ],
}
