import { interactiveShapes } from '../../integrations/whatsapp/sandbox/interactive-shapes.ts'
import { parseMessage } from '../../integrations/whatsapp/sandbox/message-shapes.ts'
import { blockKinds } from '../../src/model/block.ts'
import { interactiveSchema } from '../../src/model/interactive.ts'
import { blockExamples, menu } from './block-examples.ts'

const envelope = (interactive: object) => ({
  messaging_product: 'whatsapp',
  to: '15551112222',
  type: 'interactive',
  interactive,
})
const oursTakes = (interactive: object) => interactiveSchema.safeParse(interactive).success
function metaTakes(interactive: object): boolean {
  try {
    parseMessage(envelope(interactive))
    return true
  } catch {
    return false
  }
}

test('every kind has an example, and the sandbox knows it', () => {
  expect(blockExamples.map(({ type }) => type).sort()).toEqual([...blockKinds].sort())
  expect(Object.keys(interactiveShapes)).toEqual(expect.arrayContaining([...blockKinds]))
})

test.each(blockExamples)('what WhatsApp takes: $type', (content) => {
  expect({ ours: oursTakes(content), meta: metaTakes(content) }).toEqual({ ours: true, meta: true })
})

const words = (length: number) => 'x'.repeat(length)
const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `r${at}`, title: `Row ${at}` }))
const buttons = (...titles: string[]) =>
  titles.map((title, at) => ({ type: 'reply', reply: { id: `b${at}`, title } }))
const list = (change: object, action: object = {}) => ({
  ...menu,
  ...change,
  action: { ...menu.action, ...action },
})
const button = (given: object[], change: object = {}) => ({
  type: 'button',
  body: { text: 'Hi' },
  action: { buttons: given },
  ...change,
})
const flow = (change: object) => ({
  type: 'flow',
  body: { text: 'Hi' },
  action: {
    name: 'flow',
    parameters: { flow_message_version: '3', flow_id: '1', flow_cta: 'Go', ...change },
  },
})

test.each<[string, object, object]>([
  ['a body of 4,096 in a list', list({ body: { text: words(4096) } }), list({ body: { text: words(4097) } })],
  [
    'a header of 60',
    list({ header: { type: 'text', text: words(60) } }),
    list({ header: { type: 'text', text: words(61) } }),
  ],
  [
    'text headers only in a list',
    list({}),
    list({ header: { type: 'image', image: { link: 'https://a.b/c.png' } } }),
  ],
  ['a footer of 60', list({ footer: { text: words(60) } }), list({ footer: { text: words(61) } })],
  ['a button of 20 in a list', list({}, { button: words(20) }), list({}, { button: words(21) })],
  ['10 rows', list({}, { sections: [{ rows: rows(10) }] }), list({}, { sections: [{ rows: rows(11) }] })],
  [
    '10 rows over all sections',
    list(
      {},
      {
        sections: [
          { title: 'a', rows: rows(9) },
          { title: 'b', rows: [{ id: 'z', title: 'Z' }] },
        ],
      },
    ),
    list(
      {},
      {
        sections: [
          { title: 'a', rows: rows(10) },
          { title: 'b', rows: [{ id: 'z', title: 'Z' }] },
        ],
      },
    ),
  ],
  [
    'row titles of 24',
    list({}, { sections: [{ rows: [{ id: 'a', title: words(24) }] }] }),
    list({}, { sections: [{ rows: [{ id: 'a', title: words(25) }] }] }),
  ],
  [
    'row descriptions of 72',
    list({}, { sections: [{ rows: [{ id: 'a', title: 'A', description: words(72) }] }] }),
    list({}, { sections: [{ rows: [{ id: 'a', title: 'A', description: words(73) }] }] }),
  ],
  [
    'row ids of 200',
    list({}, { sections: [{ rows: [{ id: words(200), title: 'A' }] }] }),
    list({}, { sections: [{ rows: [{ id: words(201), title: 'A' }] }] }),
  ],
  [
    'unique row ids',
    list({}, { sections: [{ rows: rows(2) }] }),
    list({}, { sections: [{ rows: [...rows(2), { id: 'r0', title: 'Again' }] }] }),
  ],
  [
    'titles of several sections',
    list({}, { sections: [{ rows: rows(1) }] }),
    list({}, { sections: [{ title: 'a', rows: rows(1) }, { rows: [{ id: 'z', title: 'Z' }] }] }),
  ],
  ['3 buttons', button(buttons('a', 'b', 'c')), button(buttons('a', 'b', 'c', 'd'))],
  ['button titles of 20', button(buttons(words(20))), button(buttons(words(21)))],
  ['unique titles', button(buttons('a', 'b')), button(buttons('a', 'a'))],
  ['unique ids', button(buttons('a', 'b')), button([...buttons('a'), ...buttons('b')])],
  [
    'a body of 1,024',
    button(buttons('a'), { body: { text: words(1024) } }),
    button(buttons('a'), { body: { text: words(1025) } }),
  ],
  [
    'media by id or link',
    button(buttons('a'), { header: { type: 'video', video: { id: '1' } } }),
    button(buttons('a'), { header: { type: 'video', video: {} } }),
  ],
  ['a call to action of 20', flow({ flow_cta: words(20) }), flow({ flow_cta: words(21) })],
  ['no emoji in it', flow({ flow_cta: 'Go on' }), flow({ flow_cta: 'Go 🚀' })],
  ['one of id and name', flow({}), flow({ flow_name: 'x' })],
  ['draft or published', flow({ mode: 'draft' }), flow({ mode: 'live' })],
])('the same limit on both sides: %s', (_what, good, bad) => {
  expect([oursTakes(good), metaTakes(good), oursTakes(bad), metaTakes(bad)]).toEqual([
    true,
    true,
    false,
    false,
  ])
})
