import { end, handOff, type JourneyTemplate } from './journey-template.ts'

export const eventRegistration: JourneyTemplate = {
  name: 'event-registration',
  title: 'Event registration',
  description:
    'Takes names, e-mail addresses and the session of choice, confirms, and reminds on the day itself.',
  needs: {
    events: {},
    attributes: { event_session: 'string' },
    templates: ['class_reminder'],
    segments: {},
  },
  definition: {
    start: 'facts',
    triggers: [
      { type: 'user-utterance', keywords: ['register', 'sign me up', 'ticket'], match: 'contains' },
      { type: 'qr-code' },
    ],
    entry: { reentry: 'while-not-inside' },
    cards: {
      facts: {
        type: 'setup-attribute',
        title: 'What, where and when: change it here',
        settings: {
          assignments: [
            { target: 'variable', name: 'title', value: 'Open day' },
            { target: 'variable', name: 'place', value: 'the main hall' },
            { target: 'variable', name: 'date', value: '2027-05-08' },
            { target: 'variable', name: 'time', value: '2 pm' },
          ],
        },
        next: { next: 'who' },
      },
      who: {
        type: 'user-input',
        title: 'Name',
        settings: {
          question:
            'You want to come to our {{vars.title}} on {{vars.date}}: wonderful! What is your full name?',
          attribute: 'name',
          variable: 'full_name',
          timeout: { amount: 12, unit: 'hours' },
        },
        next: { valid: 'email', invalid: 'unfinished', timeout: 'unfinished', interrupted: 'unfinished' },
      },
      email: {
        type: 'user-input',
        title: 'E-mail',
        settings: {
          question: 'Where may we send your ticket?',
          answer: 'email',
          attribute: 'email',
          invalidText: 'That is no e-mail address. Please try again.',
          timeout: { amount: 12, unit: 'hours' },
        },
        next: { valid: 'session', invalid: 'person', timeout: 'unfinished', interrupted: 'unfinished' },
      },
      session: {
        type: 'user-input',
        title: 'Session',
        settings: {
          question: 'Which session do you want to see?',
          answer: 'choice',
          choices: ['Workshop', 'Guided tour', 'Both'],
          attribute: 'event_session',
          variable: 'session',
          timeout: { amount: 12, unit: 'hours' },
        },
        next: { valid: 'tag', invalid: 'person', timeout: 'unfinished', interrupted: 'unfinished' },
      },
      tag: { type: 'tag', settings: { tags: ['event-registered'] }, next: { next: 'confirm' } },
      confirm: {
        type: 'message',
        settings: {
          text: 'Thank you, {{vars.full_name}}. You are on the list for {{vars.session}}: {{vars.date}}, {{vars.time}}, {{vars.place}}.',
        },
        next: { next: 'wait' },
      },
      wait: {
        type: 'time-delay',
        title: 'Until that morning',
        settings: { delay: { mode: 'date-attribute', attribute: 'vars.date', time: '08:00' } },
        next: { done: 'remind', failed: 'registered' },
      },
      remind: {
        type: 'send-template',
        title: 'It is today',
        settings: {
          template: 'class_reminder',
          values: { body: { '1': '{{vars.title}}', '2': '{{vars.time}}', '3': '{{vars.place}}' } },
          replies: [{ at: '0', text: 'I cannot come' }],
          timeout: { amount: 5, unit: 'hours' },
        },
        next: {
          'button:0': 'untag',
          other: 'person',
          timeout: 'registered',
          interrupted: 'registered',
          failed: 'registered',
        },
      },
      untag: {
        type: 'tag',
        settings: { mode: 'remove', tags: ['event-registered'] },
        next: { next: 'pity' },
      },
      pity: {
        type: 'message',
        settings: {
          text: 'What a pity. Your place goes to somebody else; we will tell you of the next one.',
        },
        next: { next: 'absent' },
      },
      person: handOff('About the registration of {{vars.full_name | "a guest"}}', {
        back: 'registered',
        nobody: 'registered',
      }),
      registered: end('registered', true),
      absent: end('cannot come'),
      unfinished: end('not finished', false),
    },
  },
  stories: [
    {
      says: 'three answers, a confirmation, and a reminder that morning',
      replies: [
        { text: 'Ann Lee' },
        { text: 'ann@example.com' },
        { buttonId: 'choice-2' },
        { buttonId: 'button:0' },
      ],
      expected: {
        cards: [
          'facts',
          'who',
          'email',
          'session',
          'tag',
          'confirm',
          'wait',
          'remind',
          'untag',
          'pity',
          'absent',
        ],
        outcome: 'cannot come',
        text: 'on the list for Both',
      },
    },
    {
      says: 'who does not give a name is not on the list',
      expected: {
        cards: ['facts', 'who', 'unfinished'],
        outcome: 'not finished',
        goalReached: false,
        hours: 12,
      },
    },
  ],
}
