import { conditionDependencies } from '../../src/model/condition-dependencies.ts'
import { conditionSchema } from '../../src/model/conditions.ts'

const id = '01900000-0000-7000-8000-000000000001'
const compare = (path: string, operator = 'exists') => ({ kind: 'compare', path, operator })
const day = { amount: 1, unit: 'days' }

test.each<[object, string[], boolean]>([
  [compare('contact.plan'), ['attribute:plan'], false],
  [compare('contact.attributes.plan.level'), ['attribute:plan'], false],
  [compare('contact.first_name'), ['attribute:first_name', 'attribute:name'], false],
  [compare('contact.tags'), ['tag'], false],
  [compare('contact.id'), [], false],
  [compare('contact.last_seen_at'), ['last_seen'], false],
  [compare('contact.constructor'), ['attribute:constructor'], false],
  [{ ...compare('contact.renewal', 'within-next'), period: day }, ['attribute:renewal'], true],
  [compare('contact.born', 'anniversary'), ['attribute:born', 'attribute:time_zone'], true],
  [{ kind: 'tag', tag: 'x' }, ['tag'], false],
  [{ kind: 'local-time', from: '09:00', to: '10:00' }, ['attribute:time_zone'], true],
  [{ kind: 'event', event: 'bought' }, ['event:bought'], false],
  [{ kind: 'event', event: 'bought', window: { last: day } }, ['event:bought'], true],
  [{ kind: 'event', event: 'bought', window: { to: '2026-01-01T00:00:00Z' } }, ['event:bought'], false],
  [{ kind: 'event', event: 'bought', where: compare('event.at', 'is-today') }, ['event:bought'], true],
  [{ kind: 'segment', segmentId: id }, [`segment:${id}`], false],
  [{ kind: 'journey', journeyId: id, what: 'entered' }, [`journey:${id}`], false],
  [{ kind: 'journey', journeyId: id, what: 'entered', within: day }, [`journey:${id}`], true],
  [{ kind: 'campaign', campaignId: id, what: 'read' }, [`campaign:${id}`], false],
  [{ kind: 'campaign', what: 'read', within: day }, ['campaign:any'], true],
  [{ kind: 'bucket', salt: 'x', from: 0, to: 10 }, [], false],
  [{ kind: 'last-seen', operator: 'never' }, ['last_seen'], false],
  [
    { kind: 'last-message', status: 'read' },
    ['delivered', 'failed', 'read', 'received', 'sent'].map((what) => `event:message_${what}`),
    false,
  ],
  [{ kind: 'last-seen', operator: 'within', period: day }, ['last_seen'], true],
  [{ kind: 'window' }, ['window'], true],
  [{ kind: 'consent', category: 'any', state: 'unknown' }, ['consent'], false],
  [{ kind: 'spam' }, ['attribute:spam'], false],
])('%j depends on %j, on time: %s', (condition, keys, timeDependent) => {
  expect(conditionDependencies(conditionSchema.parse(condition))).toEqual({ keys, timeDependent })
})

test('groups depend on all that is in them, once', () => {
  const conditions = [
    compare('contact.plan'),
    { kind: 'not', condition: { kind: 'window' } },
    compare('contact.plan'),
  ]
  expect(conditionDependencies(conditionSchema.parse({ kind: 'or', conditions }))).toEqual({
    keys: ['attribute:plan', 'window'],
    timeDependent: true,
  })
})
