/** 30 cards with 10 waits, as a drip of a month would be: the waits end by their time, after a second each. */
export function longJourney() {
  const second = { amount: 1, unit: 'seconds' }
  const kinds = [
    { type: 'message', settings: { text: 'Hello {{contact.first_name}}' }, out: 'next' },
    { type: 'time-delay', settings: { delay: { mode: 'duration', duration: second } }, out: 'done' },
    { type: 'setup-attribute', settings: { assignments: [{ name: 'city', value: 'Berlin' }] }, out: 'next' },
    {
      type: 'run-if',
      settings: { branches: [{ id: 'vip', condition: { kind: 'tag', tag: 'vip' } }] },
      out: 'else',
    },
    {
      type: 'interactive-message',
      settings: { body: 'Shall we?', buttons: [{ id: 'yes', title: 'Yes' }], timeout: second },
      out: 'timeout',
    },
    { type: 'tag', settings: { tags: ['seen'] }, out: 'next' },
  ]
  const list = Array.from({ length: 5 }, () => kinds).flat()
  const cards = Object.fromEntries(
    list.map(({ type, settings, out }, at) => [
      `card-${at}`,
      { type, settings, next: at + 1 < list.length ? { [out]: `card-${at + 1}` } : {} },
    ]),
  )
  const waits = list.filter(({ type }) => type === 'time-delay' || type === 'interactive-message').length
  return { journey: { start: 'card-0', triggers: [{ type: 'api' }], cards }, cards: list.length, waits }
}
