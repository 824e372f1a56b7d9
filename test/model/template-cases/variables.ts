import { body, type Cases, footer, header, named, template, texted, withParts } from './build.ts'

const good = template()
const asNamed = (text: string, samples: Record<string, string>) =>
  template({ parameterFormat: 'NAMED', components: [named(text, samples)] })

/** Variables and their samples. */
export const variableCases: Record<string, Cases> = {
  'variable-braces': {
    pass: [good],
    fail: [
      texted('Hi {{1}, there you are.'),
      texted('Hi {1}, there you are.'),
      texted('Hi {{}}, there you are.'),
    ],
  },
  'variable-name': {
    pass: [good, asNamed('Hi {{first_name}}, there you are.', { first_name: 'Ann' })],
    fail: [
      texted('Hi {{name}}, there you are.', ['Ann']),
      texted('Hi {{#1}}, there you are.', ['Ann']),
      asNamed('Hi {{FirstName}}, there you are.', { FirstName: 'Ann' }),
      asNamed('Hi {{1}}, there you are.', { '1': 'Ann' }),
    ],
  },
  'variable-numbering': {
    pass: [good, texted('Hi {{1}}, yes {{1}}, there you are again, welcome.', ['Ann'])],
    fail: [
      texted('Hi {{1}}, take {{3}} with you.', ['a', 'b', 'c']),
      texted('Hi {{2}}, take {{1}} with you.', ['a', 'b']),
      texted('Hi {{0}}, there you are.', ['a']),
    ],
  },
  'variable-first': { pass: [good], fail: [texted('{{1}}, your order is here.', ['Ann'])] },
  'variable-last': {
    pass: [good],
    fail: [texted('Your order is here, {{1}}', ['Ann']), texted('Your order is here, {{1}}. ', ['Ann'])],
  },
  'variable-adjacent': {
    pass: [texted('Hi {{1}}, {{2}} is on its way to your door now.', ['Ann', 'a box'])],
    fail: [
      texted('Hi {{1}} {{2}}, there you are.', ['Ann', 'Lee']),
      texted('Hi {{1}}{{2}}, hello.', ['Ann', 'Lee']),
    ],
  },
  'variable-ratio': {
    pass: [
      texted('Hi {{1}}, welcome back', ['Ann']),
      template({ language: 'zh_CN', components: [body('您好{{1}}，您的订单已发货。', ['安'])] }),
    ],
    fail: [
      texted('Hi {{1}}, yes', ['Ann']),
      texted('Hi {{1}}, {{2}} costs {{3}} now', ['a', 'b', 'c']),
      template({ language: 'zh_CN', components: [body('您好{{1}}吗', ['安'])] }),
    ],
  },
  'header-one-variable': {
    pass: [withParts(header('Order {{1}}', ['12']))],
    fail: [withParts(header('{{1}} of {{2}}', ['1', '2']))],
  },
  'footer-variable': { pass: [withParts(footer('Shop'))], fail: [withParts(footer('Shop {{1}}'))] },
  'sample-missing': {
    pass: [good, withParts(header('Order {{1}}', ['12'])), asNamed('Hi {{name}}, welcome.', { name: 'Ann' })],
    fail: [
      texted('Hi {{1}}, there you are.'),
      texted('Hi {{1}}, your {{2}} is here.', ['Ann']),
      withParts(header('Order {{1}}')),
      asNamed('Hi {{name}}, welcome.', { other: 'Ann' }),
      asNamed('Hi {{constructor}}, welcome.', {}),
    ],
  },
  'sample-surplus': { pass: [good], fail: [texted('Hi {{1}}, there you are.', ['Ann', 'Bob'])] },
  'sample-is-variable': { pass: [good], fail: [texted('Hi {{1}}, there you are.', ['{{1}}'])] },
  'sample-breaks': {
    pass: [good],
    fail: [texted('Hi {{1}}, there.', ['A\nB']), texted('Hi {{1}}, there.', ['A     B'])],
  },
  'sample-telling': {
    pass: [good],
    fail: ['xxx', 'test', 'variable 1', 'string'].map((sample) =>
      texted('Hi {{1}}, there you are.', [sample]),
    ),
  },
}
