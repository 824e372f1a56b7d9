import { describeContent, messageContentSchema } from '../../src/model/message.ts'
import { isBsuid, toWaId } from '../../src/model/phone.ts'
import { replyValue, toReply } from '../../src/model/reply.ts'

const read = (message: Record<string, unknown>) => toReply(message, 'm', 'f')

test.each<[string, Record<string, unknown>, object]>([
  ['text', { type: 'text', text: { body: 'Hi' } }, { type: 'text', text: 'Hi' }],
  [
    'a tapped button',
    { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } } },
    { text: 'Yes', choiceId: 'yes' },
  ],
  [
    'a list row',
    { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'r1', title: 'One' } } },
    { text: 'One', choiceId: 'r1' },
  ],
  [
    "a template's button",
    { type: 'button', button: { payload: 'P', text: 'Go' } },
    { text: 'Go', choiceId: 'P' },
  ],
  [
    'a place',
    { type: 'location', location: { latitude: 1, longitude: 2, name: 'x' } },
    { location: { latitude: 1, longitude: 2 } },
  ],
  ['an image', { type: 'image', image: { id: '9', caption: 'look' } }, { text: 'look', mediaId: '9' }],
  ['something new', { type: 'hologram', hologram: { depth: 3 } }, { type: 'hologram', text: '' }],
  ['nothing usable', { text: 7 }, { type: 'unknown', text: '' }],
])('%s', (_what, message, expected) => {
  expect(read(message)).toMatchObject(expected)
})

test('what a reply is worth as a variable', () => {
  expect(replyValue(read({ type: 'text', text: { body: 'Hi' } }))).toBe('Hi')
  expect(replyValue(read({ type: 'image', image: { id: '9' } }))).toBe('9')
  expect(replyValue(read({ type: 'location', location: { latitude: 1, longitude: 2 } }))).toEqual({
    latitude: 1,
    longitude: 2,
  })
})

test('phone numbers as people write them', () => {
  expect(['+49 170 123-4567', '00491701234567', '(49) 170.1234567'].map(toWaId)).toEqual(
    Array.from({ length: 3 }, () => '491701234567'),
  )
  expect(['12345', '49170123456789012', 'phone', ''].map(toWaId)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(['US.13491208655302741918', 'US.ENT.AbC123', 'us.1', 'USA.1', '4917'].map(isBsuid)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

test("WhatsApp's limits", () => {
  const text = (body: string) => messageContentSchema.safeParse({ type: 'text', text: { body } }).success
  expect([text(''), text('x'.repeat(4_096)), text('x'.repeat(4_097))]).toEqual([false, true, false])
  const image = (source: object) => messageContentSchema.safeParse({ type: 'image', image: source }).success
  expect([
    image({ id: '1' }),
    image({ link: 'https://a' }),
    image({}),
    image({ id: '1', link: 'x' }),
  ]).toEqual([true, true, false, false])
})

test('a message in words', () => {
  expect(describeContent({ type: 'text', text: { body: 'Hi' } })).toBe('Hi')
  expect(describeContent({ type: 'interactive', interactive: { body: { text: 'Well?' } } })).toBe('Well?')
  expect(describeContent({ type: 'template', template: { name: 'welcome' } })).toBe('welcome')
  expect(describeContent({ type: 'sticker', sticker: { id: '1' } })).toBe('[sticker]')
})
