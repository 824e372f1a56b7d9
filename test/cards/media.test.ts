import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { cards } from '../../workflows/cards/index.ts'
import { simulateCard } from '../support/simulate-card.ts'

const library = '0190a8f0-0000-7000-8000-000000000001'

test.each<[string, object, object]>([
  [
    'image',
    { media: { link: 'https://example.com/a.png' }, caption: 'Hello {{contact.first_name}}' },
    { type: 'image', image: { link: 'https://example.com/a.png', caption: 'Hello Ann' } },
  ],
  ['video', { media: { library }, caption: 'Look' }, { type: 'video', video: { library, caption: 'Look' } }],
  ['audio', { media: { library } }, { type: 'audio', audio: { library } }],
  [
    'document',
    { media: { link: 'https://example.com/{{vars.file}}' }, filename: 'Bill.pdf', caption: 'Your bill' },
    {
      type: 'document',
      document: { link: 'https://example.com/7.pdf', filename: 'Bill.pdf', caption: 'Your bill' },
    },
  ],
])('%s', async (type, settings, content) => {
  const { outlet, messages } = await simulateCard(type, settings, { vars: { file: '7.pdf' } })
  expect(outlet).toBe('next')
  expect(messages[0]?.content).toEqual(content)
})

test.each(['image', 'video', 'audio', 'document'])(
  '%s leaves by failed when it may not be sent',
  async (type) => {
    const { outlet } = await simulateCard(type, { media: { library } }, { windowOpen: false })
    expect(outlet).toBe('failed')
  },
)

test('what a library file is used as is told before publishing', () => {
  expect(cards['image']?.refers?.({ media: { library } })).toEqual([
    { kind: 'media', id: library, as: 'image', field: 'media.library' },
  ])
  expect(cards['image']?.refers?.({ media: { link: 'https://example.com/a.png' } })).toEqual([])
})

test.each([
  [
    'both a link and a file',
    { media: { link: 'https://example.com/a', library } },
    'cards.it.settings.media',
  ],
  ['neither', { media: {} }, 'cards.it.settings.media'],
  ['no web address', { media: { link: 'file:///etc/passwd' } }, 'cards.it.settings.media.link'],
  ['a long caption', { media: { library }, caption: 'x'.repeat(1_025) }, 'cards.it.settings.caption'],
])('%s is refused', (_what, settings, field) => {
  const { problems } = checkJourney({
    start: 'it',
    cards: { it: { type: 'image', settings } },
    triggers: [{ type: 'api' }],
  })
  expect(problems).toContainEqual(expect.objectContaining({ severity: 'error', field }))
})
