import fc from 'fast-check'
import type {
  TemplateBody,
  TemplateButton,
  TemplateComponent,
  TemplateContent,
} from '../../src/model/template-components.ts'
import { fillTemplate } from '../../src/model/template-fill.ts'
import { lintTemplate } from '../../src/model/template-lint.ts'
import type { TemplateValues } from '../../src/model/template-values.ts'
import { variablesOf } from '../../src/model/template-variables.ts'
import { toTemplate } from '../../src/templates/library/starter.ts'
import { starters } from '../../src/templates/search-library.ts'
import { ACCOUNT, startSandboxRig } from '../integrations/whatsapp/sandbox-rig.ts'
import { withSamples } from './with-samples.ts'

const rig = await startSandboxRig({
  pairLimit: false,
  messagesPerSecond: null,
  templateReviewMs: 3_600_000,
  webhookUrl: null,
})
const phone = '15551112222'

async function create(content: TemplateContent) {
  const { parameterFormat, ...rest } = content
  return rig.call('POST', `/v23.0/${ACCOUNT}/message_templates`, {
    ...rest,
    parameter_format: parameterFormat,
  })
}
const send = (content: TemplateContent, components: unknown[]) =>
  rig.send({
    to: phone,
    type: 'template',
    template: { name: content.name, language: { code: content.language }, components },
  })
const approve = (id: string) => rig.call('PUT', `/sandbox/templates/${id}`, { status: 'APPROVED' })

const all = starters.flatMap((starter) =>
  Object.keys(starter.texts).flatMap((language) => {
    const content = toTemplate(starter, language)
    return content ? [{ label: `${content.name} ${language}`, content: withSamples(content) }] : []
  }),
)

test.each(all)('WhatsApp takes $label, and what fillTemplate makes of it', async ({ content }) => {
  const created = await create(content)
  expect(created.body).toEqual({
    id: expect.any(String) as string,
    status: 'PENDING',
    category: content.category,
  })
  await approve(created.body.id)
  const { components, missing } = fillTemplate(content, valuesFor(content))
  expect(missing).toEqual([])
  expect((await send(content, components)).body).toMatchObject({ messages: [{ message_status: 'accepted' }] })
  const needed = fillTemplate(content, {})
  if (needed.missing.length === 0 || isProducts(content)) return
  // What is called missing is what WhatsApp misses.
  expect((await send(content, needed.components)).body.error.code).toBeGreaterThan(131_000)
})

/** A value for everything that a template can ask for. */
function valuesFor({ components }: TemplateContent): TemplateValues {
  const parts = (list: readonly TemplateComponent[]) => {
    const text = list.find((one) => one.type === 'BODY')?.text
    const buttons = list.find((one) => one.type === 'BUTTONS')?.buttons ?? []
    return {
      media: { link: 'https://www.example.com/file', filename: 'file.pdf' },
      body: Object.fromEntries([...variablesOf(text), '1'].map((name) => [name, `value of ${name}`])),
      buttons: Object.fromEntries(
        buttons.map((_, at) => [
          String(at),
          {
            ...{ suffix: 'x', code: 'A1', payload: 'p', flowToken: 't', thumbnailProductId: 's' },
            sections: [{ title: 'All', productIds: ['s'] }],
          },
        ]),
      ),
    }
  }
  const cards = components.find((one) => one.type === 'CAROUSEL')?.cards
  return {
    ...parts(components),
    header: { '1': 'Header' },
    location: { latitude: 1, longitude: 2, name: 'Here' },
    offerEndsAt: '2027-01-01T00:00:00Z',
    ...(cards && { cards: cards.map((card) => parts(card.components)) }),
  }
}

/** The sandbox does not look into product lists. */
function isProducts({ components }: TemplateContent): boolean {
  return components.some((one) => one.type === 'BUTTONS' && one.buttons.some(({ type }) => type === 'MPM'))
}

const words = fc.array(
  fc.constantFrom(
    'your',
    'order',
    'arrives',
    '{{1}}',
    '{{2}}',
    '{{3}}',
    '{{name}}',
    '{1}',
    '\n',
    '\n\n\n',
    'soon,',
    'देखें',
    '👍',
    '*',
    '10%',
    'wa.me/1',
    '  ',
    'x'.repeat(70),
  ),
  { minLength: 0, maxLength: 14 },
)
const anyText = words.map((list) => list.join(' '))
const samples = fc.option(fc.array(fc.constantFrom('Ann', '4711', '{{1}}', ''), { maxLength: 4 }), {
  nil: undefined,
})
const label = fc.constantFrom('Yes', 'No', 'Thanks 👍', '', 'x'.repeat(26), 'Track')
const anyButton: fc.Arbitrary<TemplateButton> = fc.oneof(
  fc.record({ type: fc.constant('QUICK_REPLY' as const), text: label }),
  fc.record({
    type: fc.constant('URL' as const),
    text: label,
    url: fc.constantFrom('https://a.example.com', 'https://a.example.com/{{1}}', 'a.example.com', ''),
    example: fc.constantFrom<string[]>(['https://a.example.com/1'], []),
  }),
  fc.record({
    type: fc.constant('PHONE_NUMBER' as const),
    text: label,
    phone_number: fc.constantFrom('+15551234567', '1'),
  }),
  fc.record({ type: fc.constant('COPY_CODE' as const), example: fc.constantFrom('A1', 'x'.repeat(30)) }),
)
const anyBody = fc.tuple(anyText, samples).map(
  ([text, list]): TemplateBody => ({
    type: 'BODY' as const,
    text,
    ...(list ? { example: { body_text: [list] } } : {}),
  }),
)
const anyComponent: fc.Arbitrary<TemplateComponent> = fc.oneof(
  fc.tuple(anyText, samples).map(
    ([text, list]): TemplateComponent => ({
      type: 'HEADER' as const,
      format: 'TEXT' as const,
      text,
      ...(list ? { example: { header_text: list } } : {}),
    }),
  ),
  fc.constantFrom('IMAGE' as const, 'LOCATION' as const).map(
    (format): TemplateComponent => ({
      type: 'HEADER' as const,
      format,
      example: { header_handle: ['4::x'] },
    }),
  ),
  anyText.map((text): TemplateComponent => ({ type: 'FOOTER', text })),
  fc.array(anyButton, { maxLength: 4 }).map((buttons): TemplateComponent => ({ type: 'BUTTONS', buttons })),
  fc
    .array(fc.tuple(anyBody, fc.array(anyButton, { minLength: 1, maxLength: 2 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map(
      (cards): TemplateComponent => ({
        type: 'CAROUSEL',
        cards: cards.map(([body, buttons]) => ({
          components: [
            { type: 'HEADER' as const, format: 'IMAGE' as const, example: { header_handle: ['4::x'] } },
            body,
            { type: 'BUTTONS' as const, buttons },
          ],
        })),
      }),
    ),
)
const anyTemplate = fc.record({
  language: fc.constantFrom('en', 'hi', 'zh_CN', 'pt_BR', 'en-US'),
  category: fc.constantFrom('MARKETING' as const, 'UTILITY' as const),
  parameterFormat: fc.constantFrom('POSITIONAL' as const, 'NAMED' as const),
  components: fc
    .tuple(anyBody, fc.array(anyComponent, { maxLength: 3 }))
    .map(([body, rest]): TemplateComponent[] => [body, ...rest]),
})

test('what lints without errors is taken by WhatsApp', async () => {
  let taken = 0
  let at = 0
  await fc.assert(
    fc.asyncProperty(anyTemplate, async (generated) => {
      const content = { ...generated, name: `generated_${(at += 1)}` }
      if (lintTemplate(content).some(({ severity }) => severity === 'error')) return
      taken += 1
      const { status, body } = await create(content)
      if (status !== 200) throw new Error(`${JSON.stringify(content)}\n${JSON.stringify(body)}`)
    }),
    { numRuns: 2_000 },
  )
  expect(taken).toBeGreaterThan(10)
})
