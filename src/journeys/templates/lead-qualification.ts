import { end, handOff, type JourneyTemplate } from './journey-template.ts'

export const leadQualification: JourneyTemplate = {
  name: 'lead-qualification',
  title: 'Lead qualification',
  description:
    'Three questions to whoever asks for a price or comes by an ad; the promising ones meet a person at once.',
  needs: {
    events: {},
    attributes: { lead_need: 'string', lead_team_size: 'float', lead_score: 'float' },
    templates: [],
    segments: {},
  },
  definition: {
    start: 'need',
    triggers: [
      { type: 'user-utterance', keywords: ['price', 'pricing', 'quote', 'demo', 'offer'], match: 'contains' },
      { type: 'ad-click' },
    ],
    entry: { reentry: 'every-n-days', days: 90 },
    cards: {
      need: {
        type: 'user-input',
        title: 'What for?',
        settings: {
          question: 'With pleasure! What do you want to use it for?',
          answer: 'choice',
          choices: ['Sales', 'Support', 'Something else'],
          attribute: 'lead_need',
          variable: 'need',
          timeout: { amount: 12, unit: 'hours' },
          reminder: { after: { amount: 2, unit: 'hours' }, text: 'Are you still there? One tap is enough.' },
        },
        next: { valid: 'size', invalid: 'person', timeout: 'cold', interrupted: 'cold' },
      },
      size: {
        type: 'user-input',
        title: 'How many?',
        settings: {
          question: 'How many people would work with it?',
          answer: 'number',
          invalidText: 'Just a number, please. A guess is fine.',
          attribute: 'lead_team_size',
          variable: 'team_size',
          timeout: { amount: 12, unit: 'hours' },
        },
        next: { valid: 'email', invalid: 'person', timeout: 'cold', interrupted: 'cold' },
      },
      email: {
        type: 'user-input',
        title: 'E-mail',
        settings: {
          question: 'Where may we send the details?',
          answer: 'email',
          invalidText: 'That is no e-mail address. Please try again.',
          attribute: 'email',
          timeout: { amount: 12, unit: 'hours' },
        },
        next: { valid: 'score', invalid: 'score', timeout: 'score', interrupted: 'score' },
      },
      score: {
        type: 'setup-attribute',
        title: 'Score',
        settings: {
          assignments: [
            {
              target: 'variable',
              name: 'score',
              type: 'float',
              kind: 'formula',
              value: 'double(vars.team_size) * 2.0',
            },
            { target: 'attribute', name: 'lead_score', type: 'float', value: '{{vars.score}}' },
          ],
        },
        next: { next: 'judge', failed: 'judge' },
      },
      judge: {
        type: 'run-if',
        title: 'Promising?',
        settings: {
          branches: [
            {
              id: 'hot',
              label: 'Large team',
              condition: { kind: 'compare', path: 'vars.team_size', operator: 'greater', value: 19 },
            },
          ],
        },
        next: { 'branch:hot': 'hot', else: 'nurture' },
      },
      hot: { type: 'tag', settings: { tags: ['lead-hot'] }, next: { next: 'person' } },
      person: handOff('Lead for {{vars.need | "?"}}, {{vars.team_size | "?"}} people', {
        back: 'qualified',
        nobody: 'promise',
      }),
      promise: {
        type: 'message',
        settings: { text: 'Thank you. Somebody of us calls you on the next working day.' },
        next: { next: 'qualified' },
      },
      nurture: { type: 'tag', settings: { tags: ['lead-nurture'] }, next: { next: 'read' } },
      read: {
        type: 'url',
        title: 'Self service',
        settings: {
          body: 'For teams of your size everything is on one page: what it costs, and how to begin today.',
          button: 'Prices',
          url: 'https://www.example.com/prices',
        },
        next: { next: 'informed' },
      },
      cold: { type: 'tag', settings: { tags: ['lead-cold'] }, next: { next: 'silent' } },
      qualified: end('qualified', true),
      informed: end('informed', true),
      silent: end('no answer', false),
    },
  },
  stories: [
    {
      says: 'a small team is shown the prices',
      replies: [{ buttonId: 'choice-0' }, { text: '3' }, { text: 'ann@example.com' }],
      expected: {
        cards: ['need', 'size', 'email', 'score', 'judge', 'nurture', 'read', 'informed'],
        outcome: 'informed',
        goalReached: true,
        text: 'what it costs',
      },
    },
    {
      says: 'who stops answering is reminded once',
      expected: { cards: ['need', 'cold', 'silent'], outcome: 'no answer', text: 'still there', hours: 12 },
    },
  ],
}
