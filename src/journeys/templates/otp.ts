import { end, type JourneyTemplate } from './journey-template.ts'

export const otp: JourneyTemplate = {
  name: 'otp',
  title: 'One-time password',
  description:
    'Your system starts it with `vars.code`, it sends the code at once, and your event `code_used` says that it was entered in time.',
  needs: {
    events: { code_used: { purpose: 'string' } },
    attributes: {},
    templates: ['login_code'],
    segments: {},
  },
  definition: {
    start: 'send',
    triggers: [{ type: 'api' }],
    entry: { reentry: 'always' },
    priority: 1,
    goal: { event: 'code_used', within: { amount: 10, unit: 'minutes' } },
    cards: {
      send: {
        type: 'send-template',
        title: 'The code',
        settings: { template: 'login_code', values: { body: { '1': '{{vars.code}}' } }, replies: [] },
        next: { next: 'wait', failed: 'unsent' },
      },
      wait: {
        type: 'time-delay',
        title: 'Ten minutes',
        settings: {
          delay: { mode: 'duration', duration: { amount: 10, unit: 'minutes' } },
          event: { name: 'code_used' },
        },
        next: { event: 'verified', done: 'expired' },
      },
      verified: end('verified', true),
      expired: end('expired', false),
      unsent: end('not sent', false),
    },
  },
  stories: [
    {
      says: 'a code that is entered verifies',
      vars: { code: '417042' },
      windowOpen: false,
      events: [{ name: 'code_used', afterMs: 60_000 }],
      expected: {
        cards: ['send', 'wait', 'verified'],
        outcome: 'verified',
        goalReached: true,
      },
    },
    {
      says: 'a code that nobody enters expires after ten minutes',
      vars: { code: '417042' },
      windowOpen: false,
      expected: { cards: ['send', 'wait', 'expired'], outcome: 'expired', goalReached: false },
    },
    {
      says: 'without a code nothing is sent',
      windowOpen: false,
      expected: { cards: ['send', 'unsent'], outcome: 'not sent', goalReached: false },
    },
  ],
}
