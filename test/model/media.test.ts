import { mediaLimits } from '../../integrations/whatsapp/sandbox/media.ts'
import { baseMimeType, fitsMimeType, mediaKindOf, mediaRules } from '../../src/model/media.ts'
import { listLibraryMedia, withMediaSources } from '../../src/model/media-references.ts'
import type { MessageContent } from '../../src/model/message.ts'

test('the limits are those that the sandbox holds', () => {
  const ours = Object.entries(mediaRules).map(([kind, { maximumBytes, mimeTypes }]) => [
    kind,
    { bytes: maximumBytes, mimeTypes: [...mimeTypes].sort() },
  ])
  const theirs = Object.entries(mediaLimits).map(([kind, { bytes, mimeTypes }]) => [
    kind,
    { bytes, mimeTypes: [...mimeTypes].sort() },
  ])
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
})

const heads: [string, number[]][] = [
  ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]],
  ['image/webp', [...Buffer.from('RIFF....WEBP')]],
  ['video/mp4', [0, 0, 0, 0x18, ...Buffer.from('ftypmp42')]],
  ['audio/ogg', [...Buffer.from('OggS')]],
  ['audio/mpeg', [...Buffer.from('ID3')]],
  ['audio/aac', [0xff, 0xf1, 0x50]],
  ['audio/amr', [...Buffer.from('#!AMR')]],
  ['application/pdf', [...Buffer.from('%PDF-1.7')]],
  ['application/msword', [0xd0, 0xcf, 0x11, 0xe0]],
  ['text/plain', [...Buffer.from('Hello')]],
]

test.each(heads)('the first bytes of %s are its own and no other type takes them', (type, head) => {
  const fitting = heads
    .filter(([other]) => fitsMimeType(other, Uint8Array.from(head)))
    .map(([other]) => other)
  expect(fitting).toContain(type)
  expect(fitting.filter((other) => !['text/plain', 'audio/aac', 'audio/mpeg', type].includes(other))).toEqual(
    [],
  )
})

test('parameters of a type are no part of it', () => {
  expect(baseMimeType('Audio/OGG; codecs=opus')).toBe('audio/ogg')
  expect(mediaKindOf('audio/ogg')).toBe('audio')
  expect(mediaKindOf('application/zip')).toBeUndefined()
})

const library = '0190a8f0-0000-7000-8000-000000000001'

test.each<[string, MessageContent, MessageContent]>([
  [
    'an image',
    { type: 'image', image: { library, caption: 'Hi' } },
    { type: 'image', image: { id: '77', caption: 'Hi' } },
  ],
  [
    'a document under its own name',
    { type: 'document', document: { library } },
    { type: 'document', document: { id: '77', filename: 'Bill.pdf' } },
  ],
  [
    'a document that is called otherwise',
    { type: 'document', document: { library, filename: 'Yours.pdf' } },
    { type: 'document', document: { id: '77', filename: 'Yours.pdf' } },
  ],
  [
    'a header',
    {
      type: 'interactive',
      interactive: {
        ...{ type: 'button', header: { type: 'video', video: { library } }, body: { text: 'x' } },
        action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'A' } }] },
      },
    },
    {
      type: 'interactive',
      interactive: {
        ...{ type: 'button', header: { type: 'video', video: { id: '77' } }, body: { text: 'x' } },
        action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'A' } }] },
      },
    },
  ],
  [
    'a parameter of a template',
    {
      type: 'template',
      template: {
        ...{ name: 'n', language: { code: 'en' } },
        components: [{ type: 'header', parameters: [{ type: 'image', image: { library } }] }],
      },
    },
    {
      type: 'template',
      template: {
        ...{ name: 'n', language: { code: 'en' } },
        components: [{ type: 'header', parameters: [{ type: 'image', image: { id: '77' } }] }],
      },
    },
  ],
])('a file of the library in %s', (_where, content, sent) => {
  expect(listLibraryMedia(content).map(({ id }) => id)).toEqual([library])
  expect(withMediaSources(content, new Map([[library, { id: '77', name: 'Bill.pdf' }]]))).toEqual(sent)
})

test('other media stay as they are', () => {
  const content: MessageContent = { type: 'image', image: { link: 'https://example.com/a.png' } }
  expect(listLibraryMedia(content)).toEqual([])
  expect(withMediaSources(content, new Map())).toEqual(content)
})
