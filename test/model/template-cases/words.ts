import {
  body,
  type Cases,
  footer,
  header,
  marketing,
  named,
  reply,
  buttons,
  template,
  texted,
  withParts,
} from './build.ts'

const good = template()

/** Names, languages and texts. */
export const wordCases: Record<string, Cases> = {
  'name-pattern': {
    pass: [good],
    fail: ['Order', 'order-shipped', 'ordér', ''].map((name) => template({ name })),
  },
  'name-length': {
    pass: [template({ name: 'a'.repeat(512) })],
    fail: [template({ name: 'a'.repeat(513) })],
  },
  'name-vague': {
    pass: [good, template({ name: 'test_drive_booked' })],
    fail: ['test', 'template_014', 'new_template', '42', 'a'].map((name) => template({ name })),
  },
  'language-known': {
    pass: ['en', 'pt_BR', 'zh_HK', 'fil'].map((language) => template({ language })),
    fail: ['', 'english', 'en-US', 'xx', 'constructor'].map((language) => template({ language })),
  },
  'language-matches-text': {
    pass: [
      good,
      template({ language: 'hi', components: [body('नमस्ते, आपका ऑर्डर हमारे गोदाम से निकल चुका है।')] }),
      template({ language: 'sr', components: [body('Vaša porudžbina je poslata iz našeg magacina.')] }),
    ],
    fail: [
      template({ language: 'hi' }),
      template({ language: 'ar' }),
      template({ components: [body('नमस्ते, आपका ऑर्डर हमारे गोदाम से निकल चुका है।')] }),
    ],
  },
  'body-required': {
    pass: [good],
    fail: [template({ components: [footer('Shop')] }), texted(''), texted('   ')],
  },
  'component-once': { pass: [withParts(footer('Shop'))], fail: [withParts(footer('A'), footer('B'))] },
  'body-length': {
    pass: [texted('x'.repeat(1_024)), texted('👍'.repeat(1_024))],
    fail: [texted('x'.repeat(1_025))],
  },
  'body-long': { pass: [texted('x'.repeat(550))], fail: [texted('x'.repeat(551))] },
  'header-length': { pass: [withParts(header('x'.repeat(60)))], fail: [withParts(header('x'.repeat(61)))] },
  'footer-length': { pass: [withParts(footer('x'.repeat(60)))], fail: [withParts(footer('x'.repeat(61)))] },
  'header-text-required': { pass: [withParts(header('News'))], fail: [withParts(header(' '))] },
  'footer-text-required': { pass: [withParts(footer('Shop'))], fail: [withParts(footer(''))] },
  newlines: { pass: [texted('One\n\nTwo')], fail: [texted('One\n\n\nTwo'), texted('One\n \n\nTwo')] },
  spaces: { pass: [texted('One    two')], fail: [texted('One     two'), withParts(footer('A     B'))] },
  tabs: { pass: [texted('One two')], fail: [texted('One\ttwo')] },
  'header-newline': { pass: [withParts(header('One two'))], fail: [withParts(header('One\ntwo'))] },
  'header-emoji': { pass: [withParts(header('100 % © shoes'))], fail: [withParts(header('Shoes 👟'))] },
  'header-formatting': {
    pass: [withParts(header('Order of {{1}}', ['May'])), withParts(header('snake_case'))],
    fail: [withParts(header('*News*')), withParts(header('_News_'))],
  },
  'footer-newline': { pass: [withParts(footer('One two'))], fail: [withParts(footer('One\ntwo'))] },
  'footer-plain': {
    pass: [withParts(footer('One two'))],
    fail: [withParts(footer('Thanks 🙏')), withParts(footer('*Shop*'))],
  },
  'formatting-balanced': {
    pass: [texted('*Bold* and _soft_, 2 * 3 and snake_case_word'), texted('```code```')],
    fail: [texted('*Bold and more'), texted('_soft and more'), texted('```code and more')],
  },
  'all-caps': {
    pass: [
      good,
      texted('Your IBAN and BIC came, thank you very much for that'),
      texted('आपका ऑर्डर निकल चुका है'),
    ],
    fail: [texted('YOUR ORDER IS HERE, COME AND GET IT')],
  },
  'emoji-many': { pass: [texted('Good news 🎉🎉')], fail: [texted(`News ${'🎉'.repeat(11)}`)] },
  exclamations: {
    pass: [texted('Good news! Really!')],
    fail: [texted('Good news!!!'), texted('A! B! C! D! E! F!')],
  },
  'greeting-only': {
    pass: [
      good,
      marketing(body('Hello {{1}}, our new shop in Rome opens its doors on Friday at nine.', ['Ann'])),
    ],
    fail: [
      texted('Hello {{1}}, welcome!', ['Ann']),
      texted('Hola {{1}}, buenos días', ['Ana']),
      texted('नमस्ते {{1}} जी!', ['अनु']),
    ],
  },
  'utility-promotional': {
    pass: [good, marketing(body('Enjoy a discount of 20 percent this week.'))],
    fail: [
      texted('Your order is here. Enjoy a discount on the next one.'),
      texted('Tu pedido llegó. Aprovecha los descuentos de esta semana.'),
      texted('Seu pedido chegou. Veja as promoções da semana.'),
      texted('आपका ऑर्डर आ गया है, अगले पर छूट पाएं।'),
      texted('Pesanan Anda tiba, nikmati diskon berikutnya.'),
      texted('وصل طلبك، استمتع بخصم مع عروض الأسبوع.'),
    ],
  },
  'code-outside-authentication': {
    pass: [good, texted('Your booking code is {{1}}, show it at the door.', ['AB12'])],
    fail: [
      texted('Your verification code is {{1}}, keep it to yourself.', ['123456']),
      texted('Tu código de verificación es {{1}}, no lo compartas.', ['123456']),
      texted('आपका ओटीपी {{1}} है, किसी को न बताएं।', ['123456']),
    ],
  },
  'utility-survey': {
    pass: [texted('How was your visit on {{1}}? A short survey awaits you.', ['3 May'])],
    fail: [texted('We have a survey for you and would love to hear from you.')],
  },
  'utility-specific': { pass: [good], fail: [texted('Your order has left our warehouse.')] },
  'marketing-opt-out': {
    pass: [
      good,
      marketing(body('Our new shop opens on Friday.'), footer('Reply STOP to opt out')),
      marketing(body('Our new shop opens on Friday.'), buttons(reply('Unsubscribe'))),
      marketing(body('हमारी नई दुकान शुक्रवार को खुल रही है।'), buttons(reply('बंद करें'))),
    ],
    fail: [marketing(body('Our new shop opens on Friday.'))],
  },
  'sensitive-identifier': {
    pass: [
      good,
      texted('We will never ask you to send your card number or your password.'),
      texted('Nunca comparta su contraseña con nadie.'),
      texted('Your card ending in {{1}} was charged today, thank you.', ['1234']),
    ],
    fail: [
      texted('Please reply with your full card number to go on.'),
      texted('Por favor, indique su contraseña para continuar.'),
      texted('Silakan kirimkan nomor rekening Anda kepada kami.'),
      texted('कृपया अपना आधार नंबर भेजें ताकि हम आगे बढ़ सकें।'),
    ],
  },
  threatening: {
    pass: [good],
    fail: [
      texted('Pay today or we will take legal action.'),
      texted('Pague ou tomaremos medidas judiciais contra você.'),
    ],
  },
  'restricted-goods': { pass: [good], fail: [texted('Our casino has opened its doors for you.')] },
  'trial-text': {
    pass: [good],
    fail: [texted('Lorem ipsum dolor sit amet'), texted('Este es un mensaje de prueba')],
  },
  'duplicate-body': {
    pass: [
      texted('Another text altogether.'),
      template({ name: 'same_words', components: [body('Same words here.')] }),
    ],
    fail: [texted('Same  words here.')],
    beside: { bodies: [{ name: 'same_words', text: 'Same words HERE.' }] },
  },
  'variable-mixed': {
    pass: [
      good,
      template({
        parameterFormat: 'NAMED',
        components: [named('Hi {{name}}, good to see you.', { name: 'Ann' })],
      }),
    ],
    fail: [texted('Hi {{1}}, your {{thing}} is here.', ['Ann', 'box'])],
  },
}
