import { advanceStatus } from '../../src/model/message-status.ts'

/** Every order in which some of these may come, repetitions included. */
function orders(words: string[]): string[][] {
  if (words.length === 0) return [[]]
  return words.flatMap((word, at) => orders(words.toSpliced(at, 1)).map((rest) => [word, ...rest]))
}
const hear = (heard: string[]) => heard.reduce(advanceStatus, 'accepted')

test('whatever order statuses come in, the furthest holds', () => {
  for (const order of orders(['sent', 'delivered', 'read', 'failed'])) expect(hear(order)).toBe('read')
  for (const order of orders(['sent', 'delivered', 'delivered', 'sent']))
    expect(hear(order)).toBe('delivered')
  for (const order of orders(['sent', 'failed'])) expect(hear(order)).toBe('failed')
  for (const order of orders(['read', 'played', 'sent'])) expect(hear(order)).toBe('played')
})

test('what was delivered did arrive, and unknown words change nothing', () => {
  expect(hear(['delivered', 'failed'])).toBe('delivered')
  expect(hear(['sent', 'warning'])).toBe('sent')
  expect(advanceStatus('warning', 'sent')).toBe('sent')
})
