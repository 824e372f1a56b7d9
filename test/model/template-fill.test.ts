import { fillTemplate } from '../../src/model/template-fill.ts'
import { previewTemplate } from '../../src/model/template-preview.ts'
import {
  authentication,
  body,
  buttons,
  card,
  carousel,
  code,
  header,
  link,
  marketing,
  named,
  offer,
  otp,
  phone,
  picture,
  reply,
  shop,
  template,
} from './template-cases/build.ts'

const track = link('https://shop.example.com/{{1}}', 'Track', 'https://shop.example.com/1')
const rich = template({
  components: [
    header('Order {{1}}', ['12']),
    body('Hello {{1}}, your order {{2}} has left our warehouse and will be here soon.', ['Ann', '4711']),
    buttons(reply('Thanks'), track, phone('+15551234567')),
  ],
})
const text = (value: string) => ({ type: 'text', text: value })

test('fills header, body and buttons by their places', () => {
  const filled = fillTemplate(rich, {
    header: { '1': '99' },
    body: { '1': 'Zoë', '2': 'A-1' },
    buttons: { '0': { payload: 'thanks' }, '1': { suffix: 'A-1' } },
  })
  expect(filled).toEqual({
    components: [
      { type: 'header', parameters: [text('99')] },
      { type: 'body', parameters: [text('Zoë'), text('A-1')] },
      {
        type: 'button',
        sub_type: 'quick_reply',
        index: '0',
        parameters: [{ type: 'payload', payload: 'thanks' }],
      },
      { type: 'button', sub_type: 'url', index: '1', parameters: [text('A-1')] },
    ],
    missing: [],
  })
})

test('names everything that is missing', () => {
  expect(fillTemplate(rich, { body: { '1': 'Zoë', '2': ' ' } }).missing).toEqual([
    'header.1',
    'body.2',
    'buttons.1.suffix',
  ])
  expect(fillTemplate(template({ components: [picture(), body('News')] }), {}).missing).toEqual(['media'])
  const place = template({ components: [{ type: 'HEADER', format: 'LOCATION' }, body('News')] })
  expect(fillTemplate(place, {}).missing).toEqual(['location'])
  const cards = carousel(
    card(picture(), body('For {{1}} only, this week', ['Ann']), buttons(track)),
    card(picture(), body('For {{1}} only, this month', ['Ann']), buttons(track)),
  )
  expect(
    fillTemplate(cards, {
      cards: [{ media: { id: '1' }, body: { '1': 'Ann' }, buttons: { '0': { suffix: 'x' } } }],
    }).missing,
  ).toEqual(['cards.1.media', 'cards.1.body.1', 'cards.1.buttons.0.suffix'])
  const expiring = offer({ text: 'Hurry', has_expiration: true }, buttons(code('A1'), shop))
  expect(fillTemplate(expiring, {}).missing).toEqual(['offerEndsAt', 'buttons.0.code'])
  expect(fillTemplate(authentication({ type: 'BODY' }, buttons(otp())), {}).missing).toEqual([
    'body.1',
    'buttons.0.code',
  ])
  const products = marketing(body('News'), buttons({ type: 'MPM', text: 'View' }))
  expect(fillTemplate(products, {}).missing).toEqual(['buttons.0.sections', 'buttons.0.thumbnailProductId'])
})

test('named variables carry their names; a value of the prototype is none', () => {
  const content = template({
    parameterFormat: 'NAMED',
    components: [named('Hi {{first_name}}, welcome.', { first_name: 'Ann' })],
  })
  expect(fillTemplate(content, { body: { first_name: 'Zoë' } }).components).toEqual([
    { type: 'body', parameters: [{ ...text('Zoë'), parameter_name: 'first_name' }] },
  ])
  const sly = template({ parameterFormat: 'NAMED', components: [named('Hi {{constructor}}, welcome.', {})] })
  expect(fillTemplate(sly, { body: {} }).missing).toEqual(['body.constructor'])
})

test('values go on one line, as WhatsApp demands', () => {
  const { components } = fillTemplate(rich, {
    header: { '1': 'a\tb' },
    body: { '1': ' Ann\r\n  Lee ', '2': 'x       y' },
    buttons: { '1': { suffix: '1' } },
  })
  expect(components).toMatchObject([
    { parameters: [text('a b')] },
    { parameters: [text('Ann Lee'), text('x    y')] },
    {},
  ])
})

test('a code goes into the text and the button, also of a template that came back from WhatsApp', () => {
  expect(fillTemplate(authentication({ type: 'BODY' }, buttons(otp())), { body: { code: '1234' } })).toEqual({
    components: [
      { type: 'body', parameters: [text('1234')] },
      { type: 'button', sub_type: 'url', index: '0', parameters: [text('1234')] },
    ],
    missing: [],
  })
  const back = authentication(
    body('*{{1}}* is your verification code.', ['123456']),
    buttons(link('https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}', 'Copy code')),
  )
  expect(fillTemplate(back, { body: { '1': '1234' } })).toMatchObject({
    components: [{ parameters: [text('1234')] }, { sub_type: 'url', parameters: [text('1234')] }],
    missing: [],
  })
})

test('a preview shows values before samples, and says where buttons lead', () => {
  const preview = previewTemplate(rich, { body: { '2': 'A-1' }, buttons: { '1': { suffix: 'A-1' } } })
  expect(preview).toMatchObject({
    header: { format: 'TEXT', text: 'Order 12' },
    body: 'Hello Ann, your order A-1 has left our warehouse and will be here soon.',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Thanks', target: null },
      { text: 'Track', target: 'https://shop.example.com/A-1' },
      { target: '+15551234567' },
    ],
    cards: null,
  })
  expect(preview.text).toBe(
    'Order 12\nHello Ann, your order A-1 has left our warehouse and will be here soon.\n[Thanks] [Track] [Call us]',
  )
  expect(
    previewTemplate(
      authentication(
        { type: 'BODY', add_security_recommendation: true },
        { type: 'FOOTER', code_expiration_minutes: 5 },
        buttons(otp()),
      ),
    ),
  ).toMatchObject({
    body: '123456 is your verification code. For your security, do not share this code.',
    footer: 'This code expires in 5 minutes.',
    buttons: [{ text: 'Copy code' }],
  })
  expect(previewTemplate(template({ components: [body('Hi {{1}}, nothing known here')] })).body).toBe(
    'Hi {{1}}, nothing known here',
  )
})
