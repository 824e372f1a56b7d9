import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { cards } from '../../workflows/cards/index.ts'
import { simulateCard } from '../support/simulate-card.ts'

const button = { body: 'Look', button: 'Open', url: 'https://example.com/{{vars.path}}?a=1#top' }
const vars = { path: 'shoes' }

test('a button that leads to a page, counted, with UTM parameters', async () => {
  const settings = { ...button, utm: { source: 'whatsapp', campaign: 'spring & summer' } }
  const { outlet, messages } = await simulateCard('url', settings, { vars })
  expect(outlet).toBe('next')
  expect(messages[0]?.content).toEqual({
    type: 'interactive',
    interactive: {
      type: 'cta_url',
      body: { text: 'Look' },
      action: {
        name: 'cta_url',
        parameters: {
          display_text: 'Open',
          url: 'https://example.com/shoes?a=1&utm_source=whatsapp&utm_campaign=spring%20%26%20summer#top',
          tracked: true,
        },
      },
    },
  })
})

test('it waits for the click on its own link', async () => {
  const settings = { ...button, wait: { amount: 1, unit: 'hours' } }
  const click = (message_id: string) => ({
    name: 'link_clicked',
    attributes: { message_id, url: 'https://example.com/shoes' },
    afterMs: 60_000,
  })
  const clicked = await simulateCard('url', settings, { vars, events: [click('it')] })
  expect(clicked).toMatchObject({ outlet: 'clicked', afterMs: 60_000 })
  const unnamed = { name: 'link_clicked', attributes: {}, afterMs: 60_000 }
  expect(await simulateCard('url', settings, { vars, events: [unnamed] })).toMatchObject({
    outlet: 'clicked',
  })
  const another = await simulateCard('url', settings, { vars, events: [click('another')] })
  expect(another).toMatchObject({ outlet: 'next', afterMs: 3_600_000 })
  expect(cards['url']?.outlets(settings).map(({ id }) => id)).toEqual(['clicked', 'next', 'failed'])
  expect(cards['url']?.outlets(button).map(({ id }) => id)).toEqual(['next', 'failed'])
})

test('a link that is not counted cannot be waited for; one that is missing a part is not sent', async () => {
  const settings = { ...button, track: false, wait: { amount: 1, unit: 'hours' } }
  const { problems } = checkJourney({
    start: 'it',
    cards: { it: { type: 'url', settings } },
    triggers: [{ type: 'api' }],
  })
  expect(problems).toContainEqual(expect.objectContaining({ field: 'cards.it.settings.wait' }))
  expect((await simulateCard('url', button)).outlet).toBe('failed')
})
