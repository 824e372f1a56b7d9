import { end, handOff, type JourneyTemplate } from './journey-template.ts'

const ofThisOrder = {
  kind: 'compare',
  path: 'event.order_id',
  operator: 'equals',
  value: '{{vars.order_id}}',
} as const

export const orderTracking: JourneyTemplate = {
  name: 'order-tracking',
  title: 'Order tracking',
  description:
    'From the order to the door: confirmed, shipped, delivered, and a person when something is wrong.',
  needs: {
    events: {
      order_created: { order_id: 'string', total: 'string' },
      order_shipped: { order_id: 'string', delivery_day: 'string' },
      order_delivered: { order_id: 'string', time: 'string' },
    },
    attributes: {},
    templates: ['order_confirmed', 'order_shipped', 'order_delivered'],
    segments: {},
  },
  definition: {
    start: 'remember',
    triggers: [{ type: 'custom-event', event: 'order_created' }],
    entry: { reentry: 'always', eventKey: 'order_id' },
    cards: {
      remember: {
        type: 'setup-attribute',
        title: 'Which order',
        settings: {
          assignments: [{ target: 'variable', name: 'order_id', value: '{{event.order_id | "unknown"}}' }],
        },
        next: { next: 'confirmed' },
      },
      confirmed: {
        type: 'send-template',
        title: 'Thank you for your order',
        settings: {
          template: 'order_confirmed',
          values: {
            body: {
              '1': '{{contact.first_name | "there"}}',
              '2': '{{vars.order_id}}',
              '3': '{{event.total | "on your invoice"}}',
            },
            buttons: { '0': { suffix: '{{vars.order_id}}' } },
          },
          replies: [],
        },
        next: { next: 'packing', failed: 'packing' },
      },
      packing: {
        type: 'time-delay',
        title: 'Until it ships',
        settings: {
          delay: { mode: 'duration', duration: { amount: 14, unit: 'days' } },
          event: { name: 'order_shipped', condition: ofThisOrder },
        },
        next: { event: 'shipped', done: 'late' },
      },
      shipped: {
        type: 'send-template',
        title: 'On its way',
        settings: {
          template: 'order_shipped',
          values: {
            body: {
              '1': '{{contact.first_name | "there"}}',
              '2': '{{vars.order_id}}',
              '3': '{{event.delivery_day | "the end of the week"}}',
            },
            buttons: { '0': { suffix: '{{vars.order_id}}' } },
          },
          replies: [],
        },
        next: { next: 'travelling', failed: 'travelling' },
      },
      travelling: {
        type: 'time-delay',
        title: 'Until it arrives',
        settings: {
          delay: { mode: 'duration', duration: { amount: 14, unit: 'days' } },
          event: { name: 'order_delivered', condition: ofThisOrder },
        },
        next: { event: 'delivered', done: 'late' },
      },
      delivered: {
        type: 'send-template',
        title: 'Is everything fine?',
        settings: {
          template: 'order_delivered',
          values: { body: { '1': '{{vars.order_id}}', '2': '{{event.time | "some time"}}' } },
          replies: [
            { at: '0', text: 'Yes, all is fine' },
            { at: '1', text: 'Something is wrong' },
          ],
          timeout: { amount: 20, unit: 'hours' },
        },
        next: {
          'button:0': 'glad',
          'button:1': 'wrong',
          other: 'person',
          timeout: 'arrived',
          interrupted: 'arrived',
          failed: 'arrived',
        },
      },
      glad: {
        type: 'message',
        settings: { text: 'We are glad to hear that. Enjoy it!' },
        next: { next: 'arrived' },
      },
      wrong: {
        type: 'user-input',
        title: 'What is wrong?',
        settings: {
          question: 'We are sorry. What is wrong with it? A photo helps us, too.',
          variable: 'complaint',
          timeout: { amount: 12, unit: 'hours' },
        },
        next: { valid: 'person', invalid: 'person', timeout: 'person', interrupted: 'person' },
      },
      person: handOff('Order {{vars.order_id}}: {{vars.complaint | "see the chat"}}', {
        back: 'arrived',
        nobody: 'arrived',
      }),
      late: { type: 'tag', title: 'Late', settings: { tags: ['order-late'] }, next: { next: 'overdue' } },
      arrived: end('delivered', true),
      overdue: end('late', false),
    },
  },
  stories: [
    {
      says: 'an order goes its way, and other orders do not disturb it',
      vars: { event: { order_id: '4711', total: '$42.00' } },
      windowOpen: false,
      events: [
        {
          name: 'order_shipped',
          afterMs: 3_600_000,
          attributes: { order_id: '4711', delivery_day: 'Friday' },
        },
        { name: 'order_delivered', afterMs: 86_400_000, attributes: { order_id: '4711', time: '3 pm' } },
      ],
      replies: [{ buttonId: 'button:0' }],
      expected: {
        cards: ['remember', 'confirmed', 'packing', 'shipped', 'travelling', 'delivered', 'glad', 'arrived'],
        outcome: 'delivered',
        goalReached: true,
        text: 'glad to hear',
      },
    },
    {
      says: 'an order that never ships is marked',
      vars: { event: { order_id: '4711' } },
      windowOpen: false,
      events: [{ name: 'order_shipped', afterMs: 3_600_000, attributes: { order_id: '9999' } }],
      expected: {
        cards: ['remember', 'confirmed', 'packing', 'late', 'overdue'],
        outcome: 'late',
        hours: 14 * 24,
      },
    },
  ],
}
