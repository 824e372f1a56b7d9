import { end, handOff, type JourneyTemplate } from './journey-template.ts'

export const welcome: JourneyTemplate = {
  name: 'welcome',
  title: 'Welcome',
  description:
    'Greets whoever writes for the first time, shows three ways on, and finds a person for the rest.',
  needs: { events: {}, attributes: {}, templates: [], segments: {} },
  definition: {
    start: 'greet',
    triggers: [
      { type: 'user-utterance', keywords: ['hi', 'hello', 'hey', 'good morning', 'start'], match: 'exact' },
      { type: 'qr-code' },
    ],
    entry: { reentry: 'every-n-days', days: 30 },
    cards: {
      greet: {
        type: 'interactive-message',
        title: 'Greeting',
        settings: {
          body: 'Hello {{contact.first_name | "there"}}, welcome! What can we do for you?',
          buttons: [
            { id: 'browse', title: 'Show me around' },
            { id: 'order', title: 'About my order' },
            { id: 'person', title: 'Talk to somebody' },
          ],
          timeout: { amount: 4, unit: 'hours' },
        },
        next: {
          'button:browse': 'browse',
          'button:order': 'order',
          'button:person': 'person',
          other: 'person',
          timeout: 'silent',
          interrupted: 'silent',
        },
      },
      browse: {
        type: 'url',
        title: 'Our shop',
        settings: {
          body: 'This is what people like most at the moment. Have a look, and write to us whenever you need advice.',
          button: 'Look around',
          url: 'https://www.example.com/start',
        },
        next: { next: 'welcomed' },
      },
      order: {
        type: 'user-input',
        title: 'Order number',
        settings: {
          question: 'What is the number of your order? You find it in our e-mail.',
          answer: 'regex',
          pattern: '^[A-Za-z0-9-]{3,30}$',
          invalidText: 'That does not look like an order number. It has letters and digits only.',
          retries: 1,
          variable: 'order_number',
          timeout: { amount: 4, unit: 'hours' },
        },
        next: { valid: 'person', invalid: 'person', timeout: 'silent', interrupted: 'silent' },
      },
      person: handOff('Order: {{vars.order_number | "not given"}}', { back: 'welcomed', nobody: 'later' }),
      later: {
        type: 'message',
        settings: { text: 'Nobody of us is free just now. We have your message and come back to you.' },
        next: { next: 'welcomed' },
      },
      silent: { type: 'tag', settings: { tags: ['welcome-unanswered'] }, next: { next: 'unanswered' } },
      welcomed: end('welcomed', true),
      unanswered: end('unanswered', false),
    },
  },
  stories: [
    {
      says: 'who wants to look around gets the link',
      replies: [{ buttonId: 'browse' }],
      expected: {
        cards: ['greet', 'browse', 'welcomed'],
        outcome: 'welcomed',
        goalReached: true,
        text: 'Have a look',
      },
    },
    {
      says: 'who never answers is remembered after four hours',
      expected: {
        cards: ['greet', 'silent', 'unanswered'],
        outcome: 'unanswered',
        goalReached: false,
        hours: 4,
      },
    },
  ],
}
