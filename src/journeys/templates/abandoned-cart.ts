import { end, handOff, optOut, type JourneyTemplate } from './journey-template.ts'

const bought = { name: 'order_placed' }

export const abandonedCart: JourneyTemplate = {
  name: 'abandoned-cart',
  title: 'Abandoned cart',
  description:
    'An hour after the cart was left, a reminder; a day later, half of those who have not bought get a coupon, to see whether it pays.',
  needs: {
    events: {
      cart_abandoned: { cart_id: 'string', item: 'string', total: 'float' },
      order_placed: { order_id: 'string', total: 'float' },
    },
    attributes: {},
    templates: ['cart_reminder', 'coupon_for_you'],
    segments: {},
  },
  definition: {
    start: 'wait',
    triggers: [{ type: 'custom-event', event: 'cart_abandoned' }],
    entry: { reentry: 'while-not-inside', eventKey: 'cart_id' },
    messageClass: 'marketing',
    goal: { event: 'order_placed', within: { amount: 7, unit: 'days' } },
    cards: {
      wait: {
        type: 'time-delay',
        title: 'An hour to come back',
        settings: { delay: { mode: 'duration', duration: { amount: 1, unit: 'hours' } }, event: bought },
        next: { done: 'remind', event: 'bought' },
      },
      remind: {
        type: 'send-template',
        title: 'Your cart is waiting',
        settings: {
          template: 'cart_reminder',
          values: {
            body: { '1': '{{contact.first_name | "there"}}', '2': '{{event.item | "something nice"}}' },
            buttons: { '0': { suffix: '{{event.cart_id | "open"}}' } },
          },
          replies: [{ at: '1', text: 'Stop messages' }],
          timeout: { amount: 1, unit: 'hours' },
        },
        next: {
          'button:1': 'stop',
          other: 'person',
          timeout: 'day',
          interrupted: 'day',
          failed: 'unreached',
        },
      },
      day: {
        type: 'time-delay',
        title: 'A day to think',
        settings: { delay: { mode: 'duration', duration: { amount: 23, unit: 'hours' } }, event: bought },
        next: { done: 'split', event: 'bought' },
      },
      split: {
        type: 'ab-splitter',
        title: 'Does a coupon pay?',
        settings: {
          paths: [
            { id: 'none', label: 'No coupon', weight: 1 },
            { id: 'coupon', label: 'Coupon', weight: 1 },
          ],
        },
        next: { 'path:none': 'last', 'path:coupon': 'coupon' },
      },
      coupon: {
        type: 'send-template',
        title: 'A coupon',
        settings: {
          template: 'coupon_for_you',
          values: {
            body: { '1': '{{contact.first_name | "there"}}', '2': '10%', '3': 'the end of the week' },
            buttons: { '0': { code: 'COMEBACK10' } },
          },
          replies: [],
        },
        next: { next: 'last', failed: 'last' },
      },
      last: {
        type: 'time-delay',
        title: 'Five days more',
        settings: { delay: { mode: 'duration', duration: { amount: 5, unit: 'days' } }, event: bought },
        next: { done: 'lost', event: 'bought' },
      },
      stop: optOut,
      person: handOff('Asks about the cart {{event.cart_id | ""}}', { back: 'last', nobody: 'last' }),
      bought: end('bought', true),
      lost: end('not bought'),
      unreached: end('not reached'),
      unwanted: end('no more offers'),
    },
  },
  stories: [
    {
      says: 'who buys within the hour hears nothing',
      vars: { event: { cart_id: 'c-1', item: 'Blue shoes' } },
      windowOpen: false,
      events: [{ name: 'order_placed', afterMs: 30 * 60_000 }],
      expected: { cards: ['wait', 'bought'], outcome: 'bought', goalReached: true },
    },
    {
      says: 'who wants no offers gets none any more',
      vars: { event: { cart_id: 'c-1', item: 'Blue shoes' } },
      windowOpen: false,
      replies: [{ buttonId: 'button:1' }],
      expected: {
        cards: ['wait', 'remind', 'stop', 'unwanted'],
        outcome: 'no more offers',
      },
    },
  ],
}
