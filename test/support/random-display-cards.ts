import fc from 'fast-check'
import { randomText, type Pace } from './random-settings.ts'

export const messageSettings = () => fc.record({ text: randomText() })

function answering(pace: Pace) {
  const amount = pace === 'seconds' ? 3 : 48
  const unit = pace === 'seconds' ? ('seconds' as const) : ('hours' as const)
  const reminder = fc.record({
    after: fc.constant({ amount: pace === 'seconds' ? 2 : 1, unit }),
    text: fc.constant('Are you still there?'),
  })
  return {
    timeout: fc.constant({ amount, unit }),
    reminder: fc.option(reminder, { nil: undefined }),
  }
}

export const buttonIds = ['yes', 'no', 'later']

export const interactiveSettings = (pace: Pace) =>
  fc.record({
    body: randomText(),
    buttons: fc
      .subarray(buttonIds, { minLength: 1 })
      .map((ids) => ids.map((id) => ({ id, title: id.toUpperCase() }))),
    variable: fc.option(fc.constant('answer'), { nil: undefined }),
    ...answering(pace),
  })

export function interactiveOutlets({ buttons }: { buttons: { id: string }[] }): string[] {
  return [...buttons.map(({ id }) => `button:${id}`), 'other', 'timeout', 'failed']
}

const tries = {
  retries: fc.integer({ min: 0, max: 2 }),
  invalidText: fc.option(fc.constant('Please choose.'), { nil: undefined }),
}

export const listSettings = (pace: Pace) =>
  fc.record({
    body: randomText(),
    button: fc.constant('Choose'),
    sections: fc
      .subarray(buttonIds, { minLength: 1 })
      .map((ids) => [{ rows: ids.map((id) => ({ id, title: id.toUpperCase() })) }]),
    variable: fc.option(fc.constant('answer'), { nil: undefined }),
    ...tries,
    ...answering(pace),
  })

export function listOutlets({ sections }: { sections: { rows: { id: string }[] }[] }): string[] {
  return [...sections.flatMap(({ rows }) => rows.map(({ id }) => `row:${id}`)), 'other', 'timeout', 'failed']
}

export const imageSettings = () =>
  fc.record({ media: fc.constant({ link: 'https://example.com/a.png' }), caption: randomText() })

/** By chance would be another way in each world. */
export const phraserSettings = () =>
  fc.record({ phrasings: fc.constant(['Hello', 'Hi', 'Good day']), mode: fc.constant('round-robin') })

export const addressOutlets = ['provided', 'other', 'timeout', 'failed']
export const addressSettings = (pace: Pace) =>
  fc.record({
    body: randomText(),
    form: fc.constantFrom('auto', 'IN', 'location'),
    attributes: fc.constant({ city: 'city' }),
    save: fc.boolean(),
    ...tries,
    ...answering(pace),
  })

/** A list, a Flow and a link, as publishing would have frozen them. */
export const blockSettings = (pace: Pace) =>
  fc.record({
    block: fc.constant('00000000-0000-7000-8000-000000000001'),
    content: fc.oneof(
      fc.record({
        type: fc.constant('list'),
        body: fc.record({ text: randomText() }),
        action: fc.subarray(buttonIds, { minLength: 1 }).map((ids) => ({
          button: 'Choose',
          sections: [{ rows: ids.map((id) => ({ id, title: id.toUpperCase() })) }],
        })),
      }),
      fc.record({
        type: fc.constant('flow'),
        body: fc.record({ text: randomText() }),
        action: fc.constant(openFlow),
      }),
      fc.record({
        type: fc.constant('cta_url'),
        body: fc.record({ text: randomText() }),
        action: fc.constant(openUrl),
      }),
    ),
    variable: fc.option(fc.constant('answer'), { nil: undefined }),
    ...answering(pace),
  })

const openFlow = { name: 'flow', parameters: { flow_message_version: '3', flow_id: '77', flow_cta: 'Book' } }
const openUrl = { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://example.com' } }

interface RandomBlock {
  content: { type: string; action: { sections?: { rows: { id: string }[] }[] } }
}

export function blockOutlets({ content }: RandomBlock): string[] {
  if (content.type === 'cta_url') return ['next', 'failed']
  const rows = content.action.sections?.flatMap((section) => section.rows) ?? []
  const ways = content.type === 'flow' ? ['answered'] : rows.map(({ id }) => `choice:${id}`)
  return [...ways, 'other', 'timeout', 'failed']
}

export const userInputSettings = (pace: Pace) =>
  fc.record({
    question: randomText(),
    answer: fc.constantFrom('text', 'number', 'email', 'date', 'choice', 'location'),
    choices: fc.constant(['Red', 'Green']),
    retries: fc.integer({ min: 0, max: 2 }),
    variable: fc.constant('answer'),
    attribute: fc.option(fc.constant('city'), { nil: undefined }),
    ...answering(pace),
  })
