import { end, handOff, type JourneyTemplate } from './journey-template.ts'

export const feedback: JourneyTemplate = {
  name: 'feedback',
  title: 'Feedback with a branch',
  description:
    'A day after a visit asks how it was: who is happy is asked for a review, who is not is called.',
  needs: {
    events: { visit_completed: { day: 'string' } },
    attributes: { last_feedback: 'string' },
    templates: ['visit_feedback'],
    segments: {},
  },
  definition: {
    start: 'wait',
    triggers: [{ type: 'custom-event', event: 'visit_completed' }],
    entry: { reentry: 'every-n-days', days: 30 },
    cards: {
      wait: {
        type: 'time-delay',
        title: 'The next morning',
        settings: { delay: { mode: 'local-time', time: '10:00' } },
        next: { done: 'ask' },
      },
      ask: {
        type: 'send-template',
        title: 'How was it?',
        settings: {
          template: 'visit_feedback',
          values: {
            body: { '1': '{{contact.first_name | "there"}}', '2': '{{event.day | "the other day"}}' },
          },
          replies: [
            { at: '0', text: 'Very satisfied' },
            { at: '1', text: 'It was all right' },
            { at: '2', text: 'Not satisfied' },
          ],
          variable: 'feedback',
          timeout: { amount: 2, unit: 'days' },
        },
        next: {
          'button:0': 'review',
          'button:1': 'improve',
          'button:2': 'sorry',
          other: 'keep',
          timeout: 'silent',
          interrupted: 'silent',
          failed: 'silent',
        },
      },
      review: {
        type: 'url',
        title: 'A review',
        settings: {
          body: 'That is good to hear! Would you tell others, too? It takes a minute.',
          button: 'Write a review',
          url: 'https://www.example.com/review',
        },
        next: { next: 'keep' },
      },
      improve: {
        type: 'user-input',
        title: 'What would be better?',
        settings: {
          question: 'Thank you. What is the one thing that we should do better?',
          variable: 'wish',
          timeout: { amount: 20, unit: 'hours' },
        },
        next: { valid: 'keep', invalid: 'keep', timeout: 'keep', interrupted: 'keep' },
      },
      sorry: { type: 'tag', settings: { tags: ['unhappy'] }, next: { next: 'person' } },
      person: handOff('Was not satisfied with the visit of {{event.day | "late"}}', {
        back: 'keep',
        nobody: 'keep',
      }),
      keep: {
        type: 'setup-attribute',
        settings: {
          assignments: [
            { target: 'attribute', name: 'last_feedback', value: '{{vars.feedback | "no word"}}' },
          ],
        },
        next: { next: 'heard' },
      },
      heard: end('heard', true),
      silent: end('no answer', false),
    },
  },
  stories: [
    {
      says: 'who is happy is asked for a review',
      vars: { event: { day: 'Monday' } },
      windowOpen: false,
      replies: [{ buttonId: 'button:0' }],
      expected: {
        cards: ['wait', 'ask', 'review', 'keep', 'heard'],
        outcome: 'heard',
        goalReached: true,
        text: 'tell others',
      },
    },
    {
      says: 'who is in between says what would be better',
      vars: { event: { day: 'Monday' } },
      windowOpen: false,
      replies: [{ buttonId: 'button:1' }, { text: 'Shorter queues' }],
      expected: { cards: ['wait', 'ask', 'improve', 'keep', 'heard'], outcome: 'heard', text: 'do better' },
    },
  ],
}
