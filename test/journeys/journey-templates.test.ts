import { journeyTemplates } from '../../src/journeys/templates/journey-templates.ts'
import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { simulateJourney } from '../../src/simulation/simulate.ts'
import { syntheticContact } from '../../src/simulation/simulated-world.ts'
import { toText } from '../../src/model/json.ts'
import { findStarter } from '../../src/templates/search-library.ts'
import { startAtMs } from '../support/simulate-card.ts'

const hourMs = 3_600_000
const stories = journeyTemplates.flatMap((template) =>
  template.stories.map((story) => [template.name, story.says, template, story] as const),
)

test.each(journeyTemplates.map((template) => [template.name, template] as const))(
  '%s is right, and says what it needs',
  (name, { definition, needs }) => {
    expect(name).toMatch(/^[a-z][a-z-]+$/)
    const { problems } = checkJourney(definition)
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    const named = Object.values(definition.cards).flatMap(({ type, settings }) =>
      type === 'send-template' ? [toText((settings as { template: string }).template)] : [],
    )
    expect([...new Set(named)].sort()).toEqual([...needs.templates].sort())
    expect(needs.templates.filter((id) => !findStarter(id))).toEqual([])
  },
)

test.each(stories)('%s: %s', async (_name, _says, template, { expected, ...options }) => {
  const { definition } = checkJourney(template.definition)
  if (!definition) throw new Error('it is not right')
  const contact = syntheticContact({ first_name: 'Ann' })
  const { trace, messages, state, reason, finishedAtMs, goalReached } = await simulateJourney(definition, {
    ...{ contact, startAtMs, attributeTypes: new Map(Object.entries(template.needs.attributes)) },
    ...(options.vars && { vars: options.vars }),
    ...(options.windowOpen !== undefined && { windowOpen: options.windowOpen }),
    ...(options.replies && { replies: options.replies }),
    ...(options.events && { events: options.events }),
  })
  const cards = trace.filter(({ kind }) => kind === 'card.entered').map(({ data }) => data['card'])
  expect({ state, reason, cards }).toEqual({
    state: 'completed',
    reason: expected.outcome,
    cards: expected.cards,
  })
  if (expected.goalReached !== undefined) expect(goalReached).toBe(expected.goalReached)
  if (expected.hours !== undefined)
    expect(Math.round((finishedAtMs - startAtMs) / hourMs)).toBe(expected.hours)
  const said = messages.map(({ text }) => text)
  if (expected.text !== undefined) expect(said).toContainEqual(expect.stringContaining(expected.text))
})
