import fc from 'fast-check'

/** `seconds`: nothing lasts long and nothing depends on the hour of the day. */
export type Pace = 'any' | 'seconds'

export function randomText(): fc.Arbitrary<string> {
  return fc.constantFrom(
    'Hello',
    'Hello {{contact.first_name | "there"}}',
    'You said {{vars.answer | "nothing"}}',
    'You said {{vars.answer}}',
    '{{contact.attributes.city}} is nice',
    'Paid {{event.amount | "0"}}',
    'Braces {{ stay }} {{as they are',
    'x'.repeat(1_024),
  )
}

export function randomDelay(pace: Pace): fc.Arbitrary<{ mode: string }> {
  if (pace === 'seconds') {
    return fc
      .integer({ min: 2, max: 3 })
      .map((amount) => ({ mode: 'duration', duration: { amount, unit: 'seconds' } }))
  }
  const time = fc.constantFrom('00:00', '02:30', '09:15', '23:59')
  return fc.oneof(
    fc
      .record({
        amount: fc.integer({ min: 1, max: 60 }),
        unit: fc.constantFrom('seconds', 'minutes', 'hours', 'days', 'weeks'),
      })
      .map((duration) => ({ mode: 'duration', duration })),
    fc.constantFrom('2026-01-01T00:00:00Z', '2026-12-24T18:00:00+01:00').map((at) => ({ mode: 'until', at })),
    fc.record({ time, weekdays: fc.subarray(['monday', 'sunday'], { minLength: 1 }) }).map((local) => ({
      mode: 'local-time',
      ...local,
    })),
    fc
      .record({ direction: fc.constantFrom('before', 'after'), time: fc.option(time, { nil: undefined }) })
      .map((rest) => ({
        mode: 'date-attribute',
        attribute: 'attributes.renewal_date',
        offset: { amount: 2, unit: 'days' },
        ...rest,
      })),
  )
}

export function randomCondition(pace: Pace): fc.Arbitrary<object> {
  const leaf = fc.oneof(
    fc.constantFrom<object>(
      { kind: 'compare', path: 'contact.first_name', operator: 'equals', value: 'ann' },
      { kind: 'compare', path: 'contact.attributes.city', operator: 'contains', value: 'r' },
      { kind: 'compare', path: 'vars.answer', operator: 'exists' },
      { kind: 'compare', path: 'vars.answer', operator: 'greater', value: 10 },
      { kind: 'compare', path: 'vars.event.amount', operator: 'less-or-equal', value: 10 },
      { kind: 'compare', path: 'reply.text', operator: 'in', value: ['yes', 'YES'] },
      { kind: 'tag', tag: 'VIP' },
    ),
    ...(pace === 'any'
      ? [fc.constant<object>({ kind: 'local-time', from: '22:00', to: '06:00', weekdays: ['saturday'] })]
      : []),
  )
  const { condition } = fc.letrec<{ condition: object }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'condition' },
      leaf,
      fc.record({
        kind: fc.constantFrom('and', 'or'),
        conditions: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('not'), condition: tie('condition') }),
    ),
  }))
  return condition
}
