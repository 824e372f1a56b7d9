import {
  authentication,
  body,
  buttons,
  card,
  cards,
  carousel,
  type Cases,
  code,
  footer,
  header,
  link,
  marketing,
  offer,
  otp,
  picture,
  reply,
  shop,
  template,
  withParts,
} from './build.ts'

const { plain, other } = cards
const app = { package_name: 'com.example.app', signature_hash: 'K8a/AINcGX7' }
const login = authentication({ type: 'BODY' }, buttons(otp()))

/** Media, carousels, offers and one-time passwords. */
export const specialCases: Record<string, Cases> = {
  'media-sample': {
    pass: [withParts(picture()), carousel(plain, other), withParts({ type: 'HEADER', format: 'LOCATION' })],
    fail: [
      withParts(picture('IMAGE', '')),
      carousel(plain, card(picture('IMAGE', ''), body('A'), buttons(reply('B')))),
    ],
  },
  'header-product-alone': {
    pass: [
      marketing({ type: 'HEADER', format: 'PRODUCT' }, body('News'), buttons({ type: 'SPM', text: 'View' })),
    ],
    fail: [marketing({ type: 'HEADER', format: 'PRODUCT' }, body('News'))],
  },
  'carousel-card-count': {
    pass: [carousel(plain, other)],
    fail: [carousel(plain), carousel(), carousel(...Array.from({ length: 11 }, () => plain))],
  },
  'carousel-card-header': {
    pass: [carousel(plain, other)],
    fail: [
      carousel(plain, card(body('A'), buttons(reply('B')))),
      carousel(plain, card(header('A'), body('A'), buttons(reply('B')))),
    ],
  },
  'carousel-card-body': {
    pass: [carousel(plain, card(picture(), body('x'.repeat(160)), buttons(reply('B'))))],
    fail: [carousel(plain, card(picture(), body('x'.repeat(161)), buttons(reply('B'))))],
  },
  'carousel-card-buttons': {
    pass: [carousel(plain, other)],
    fail: [
      carousel(plain, card(picture(), body('A'))),
      carousel(plain, card(picture(), body('A'), buttons(reply('B'), reply('C'), reply('D')))),
      carousel(plain, card(picture(), body('A'), buttons(code('A1')))),
    ],
  },
  'carousel-same-headers': {
    pass: [carousel(plain, other)],
    fail: [carousel(plain, card(picture('VIDEO'), body('A'), buttons(reply('B'))))],
  },
  'carousel-same-buttons': {
    pass: [carousel(plain, other)],
    fail: [carousel(plain, card(picture(), body('A'), buttons(link('https://a.example.com'))))],
  },
  'carousel-same-bodies': {
    pass: [carousel(plain, other)],
    fail: [carousel(plain, card(picture(), buttons(reply('B'))))],
  },
  'carousel-extras': {
    pass: [carousel(plain, other)],
    fail: [
      marketing(body('News'), footer('Shop'), { type: 'CAROUSEL', cards: [plain, other] }),
      marketing(body('News'), { type: 'CAROUSEL', cards: [plain, other] }, buttons(reply('More'))),
    ],
  },
  'carousel-category': {
    pass: [carousel(plain, other)],
    fail: [authentication({ type: 'BODY' }, { type: 'CAROUSEL', cards: [plain, other] })],
  },
  'offer-text': {
    pass: [offer({ text: 'Expiring offer!' }, buttons(shop))],
    fail: [offer({ text: 'x'.repeat(17) }, buttons(shop)), offer({}, buttons(shop))],
  },
  'offer-code': {
    pass: [
      offer({ text: 'Hurry', has_expiration: true }, buttons(code('A1'), shop)),
      offer({ text: 'Hurry' }, buttons(shop)),
    ],
    fail: [
      offer({ text: 'Hurry', has_expiration: true }, buttons(shop)),
      offer({ text: 'Hurry' }, buttons(shop, code('A1'))),
    ],
  },
  'offer-link': {
    pass: [offer({ text: 'Hurry' }, buttons(shop))],
    fail: [offer({ text: 'Hurry' }, buttons(code('A1'))), offer({ text: 'Hurry' })],
  },
  'offer-footer': {
    pass: [offer({ text: 'Hurry' }, buttons(shop))],
    fail: [offer({ text: 'Hurry' }, buttons(shop), footer('Shop'))],
  },
  'offer-header': {
    pass: [offer({ text: 'Hurry' }, picture(), buttons(shop))],
    fail: [
      offer({ text: 'Hurry' }, header('News'), buttons(shop)),
      offer({ text: 'Hurry' }, picture('DOCUMENT'), buttons(shop)),
    ],
  },
  'offer-body-length': {
    pass: [offer({ text: 'Hurry' }, buttons(shop))],
    fail: [
      marketing(
        { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Hurry' } },
        body('x'.repeat(601)),
        buttons(shop),
      ),
    ],
  },
  'auth-body': {
    pass: [login, authentication({ type: 'BODY', add_security_recommendation: true }, buttons(otp()))],
    fail: [authentication(body('Your code is {{1}} for today.', ['123456']), buttons(otp()))],
  },
  'auth-button': {
    pass: [login],
    fail: [authentication({ type: 'BODY' }), authentication({ type: 'BODY' }, buttons(otp(), reply('No')))],
  },
  'auth-button-elsewhere': { pass: [login], fail: [withParts(buttons(otp()))] },
  'auth-parts': {
    pass: [login],
    fail: [authentication(header('Code'), { type: 'BODY' }, buttons(otp()))],
  },
  'auth-expiration': {
    pass: [
      login,
      authentication({ type: 'BODY' }, { type: 'FOOTER', code_expiration_minutes: 90 }, buttons(otp())),
    ],
    fail: [0, 91, undefined].map((minutes) =>
      authentication(
        { type: 'BODY' },
        { type: 'FOOTER', ...(minutes !== undefined && { code_expiration_minutes: minutes }) },
        buttons(otp()),
      ),
    ),
  },
  'auth-app': {
    pass: [
      login,
      authentication({ type: 'BODY' }, buttons(otp({ otp_type: 'ONE_TAP', supported_apps: [app] }))),
    ],
    fail: [authentication({ type: 'BODY' }, buttons(otp({ otp_type: 'ONE_TAP' })))],
  },
  'auth-signature': {
    pass: [authentication({ type: 'BODY' }, buttons(otp({ otp_type: 'ONE_TAP', supported_apps: [app] })))],
    fail: [
      { ...app, signature_hash: 'short' },
      { ...app, package_name: 'app' },
    ].map((one) =>
      authentication({ type: 'BODY' }, buttons(otp({ otp_type: 'ONE_TAP', supported_apps: [one] }))),
    ),
  },
  'auth-zero-tap': {
    pass: [
      template(),
      authentication(
        { type: 'BODY' },
        buttons(otp({ otp_type: 'ZERO_TAP', supported_apps: [app], zero_tap_terms_accepted: true })),
      ),
    ],
    fail: [authentication({ type: 'BODY' }, buttons(otp({ otp_type: 'ZERO_TAP', supported_apps: [app] })))],
  },
}
