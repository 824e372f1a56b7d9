import type { TemplateContent } from '../../../src/model/template-components.ts'
import {
  body,
  buttons,
  cards,
  carousel,
  type Cases,
  code,
  footer,
  link,
  marketing,
  phone,
  reply,
  template,
  texted,
  withParts,
} from './build.ts'

const good = template()
const withButtons = (...list: Parameters<typeof buttons>) => withParts(buttons(...list))
const withUrl = (url: string, example?: string): TemplateContent => withButtons(link(url, 'Track', example))
const track = 'https://shop.example.com/track'

/** Buttons and links. */
export const buttonCases: Record<string, Cases> = {
  'button-text-required': {
    pass: [withButtons(reply('Thanks')), marketing(body('News'), buttons(code('SAVE10')))],
    fail: [withButtons(reply('')), withButtons({ type: 'URL', url: track })],
  },
  'button-text-length': {
    pass: [withButtons(reply('x'.repeat(25)))],
    fail: [withButtons(reply('x'.repeat(26)))],
  },
  'button-text-short': {
    pass: [withButtons(reply('x'.repeat(20)))],
    fail: [withButtons(reply('x'.repeat(21)))],
  },
  'button-text-plain': {
    pass: [withButtons(reply('Yes, please'))],
    fail: [reply('Hi {{1}}'), reply('Yes 👍'), reply('Yes\nNo'), reply('*Yes*')].map((one) =>
      withButtons(one),
    ),
  },
  'button-type-known': {
    pass: [withButtons(reply('Yes'))],
    fail: [withButtons({ type: 'OTHER', text: 'Pay' })],
  },
  'button-count': {
    pass: [withButtons(...Array.from({ length: 10 }, (_, at) => reply(`Choice ${at}`)))],
    fail: [withButtons(...Array.from({ length: 11 }, (_, at) => reply(`Choice ${at}`))), withButtons()],
  },
  'button-url-count': {
    pass: [withButtons(link(track, 'A'), link(track, 'B'))],
    fail: [withButtons(link(track, 'A'), link(track, 'B'), link(track, 'C'))],
  },
  'button-phone-count': {
    pass: [withButtons(phone('+15551234567'))],
    fail: [withButtons(phone('+15551234567', 'A'), phone('+15551234568', 'B'))],
  },
  'button-code-count': {
    pass: [marketing(body('News'), buttons(code('A1')))],
    fail: [marketing(body('News'), buttons(code('A1'), code('B2')))],
  },
  'button-flow-count': {
    pass: [withButtons({ type: 'FLOW', text: 'Book', flow_id: '1' })],
    fail: [
      withButtons({ type: 'FLOW', text: 'Book', flow_id: '1' }, { type: 'FLOW', text: 'Ask', flow_id: '2' }),
    ],
  },
  'button-grouped': {
    pass: [withButtons(reply('A'), reply('B'), link(track)), withButtons(link(track), reply('A'))],
    fail: [
      withButtons(reply('A'), link(track), reply('B')),
      withButtons(link(track, 'A'), reply('B'), phone('+15551234567')),
    ],
  },
  'button-duplicate': {
    pass: [withButtons(reply('Yes'), reply('No')), carousel(cards.plain, cards.plain)],
    fail: [withButtons(reply('Yes'), reply('yes '))],
  },
  'button-crowd': {
    pass: [withButtons(reply('A'), reply('B'), reply('C'))],
    fail: [withButtons(reply('A'), reply('B'), reply('C'), reply('D'))],
  },
  'button-alone': {
    pass: [marketing(body('News'), buttons({ type: 'CATALOG', text: 'View catalog' }))],
    fail: [marketing(body('News'), buttons({ type: 'CATALOG', text: 'View catalog' }, reply('No')))],
  },
  'button-flow': {
    pass: [withButtons({ type: 'FLOW', text: 'Book', flow_name: 'booking' })],
    fail: [withButtons({ type: 'FLOW', text: 'Book' })],
  },
  'button-code-sample': {
    pass: [marketing(body('News'), buttons(code('SUMMER25')))],
    fail: [code(), code(''), code('A'.repeat(16))].map((one) => marketing(body('News'), buttons(one))),
  },
  'phone-format': {
    pass: [withButtons(phone('+15551234567')), withButtons(phone('+49 30 901820'))],
    fail: ['', '030 901820', '+1', 'call me', '+0555123456'].map((number) => withButtons(phone(number))),
  },
  'link-shortener': {
    pass: [withUrl(track)],
    fail: [
      withUrl('https://bit.ly/abc'),
      texted('See tinyurl.com/abc for more of it.'),
      withUrl('https://www.bit.ly/x'),
    ],
  },
  'link-to-whatsapp': {
    pass: [withUrl(track)],
    fail: [withUrl('https://wa.me/15551234567'), texted('Write to us at wa.me/15551234567 any time.')],
  },
  'link-https': { pass: [withUrl(track)], fail: [withUrl('http://shop.example.com')] },
  'link-domain': {
    pass: [withUrl(track), texted('See shop.example.com for more.')],
    fail: [
      texted('See https://{{1}} for more of it.', ['shop.example.com']),
      withUrl('https://{{1}}', 'https://a.example.com'),
      withUrl('https://192.168.1.1/x'),
    ],
  },
  'url-valid': {
    pass: [
      withUrl(track),
      withUrl(`${track}/{{1}}`, `${track}/1`),
      withUrl('https://shop.example.com?id={{1}}', 'https://shop.example.com?id=1'),
    ],
    fail: [
      '',
      'shop.example.com',
      'ftp://shop.example.com',
      'https://localhost',
      'https://shop. example.com',
      'javascript:alert(1)',
    ].map((url) => withUrl(url)),
  },
  'url-length': {
    pass: [withUrl(track)],
    fail: [withUrl(`${track}/${'x'.repeat(2_000)}`)],
  },
  'url-variable': {
    pass: [withUrl(`${track}/{{1}}`, `${track}/1`)],
    fail: [withUrl(`${track}/{{1}}/now`, track), withUrl(`${track}/{{1}}{{2}}`, track)],
  },
  'url-sample': {
    pass: [withUrl(`${track}/{{1}}`, `${track}/1`), withUrl(track)],
    fail: [withUrl(`${track}/{{1}}`), withUrl(`${track}/{{1}}`, `${track}/{{1}}`)],
  },
  'link-pointer': {
    pass: [
      texted('Click the link below to see it: https://shop.example.com'),
      template({ components: [body('Tap the button to see it.'), buttons(link(track))] }),
    ],
    fail: [
      texted('Click the link below to see it.'),
      template({ components: [body('Haz clic para verlo.'), footer('Tienda')] }),
    ],
  },
  'marketing-only-parts': {
    pass: [good, marketing(body('News'), buttons(code('A1')))],
    fail: [
      withButtons(code('A1')),
      withButtons({ type: 'CATALOG', text: 'View catalog' }),
      withParts({ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Hurry' } }),
    ],
  },
}
