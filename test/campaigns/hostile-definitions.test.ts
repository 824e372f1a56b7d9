import { newId } from '../../src/db/columns.ts'
import { openPlanRig, type PlanRig } from './plan-rig.ts'

let rig: PlanRig
let people: string[]
beforeAll(async () => {
  rig = await openPlanRig()
  people = await rig.addContacts(3)
  await rig.addTemplate('plain', { body: 'We are open' })
})
afterAll(() => rig.close())

const good = () => ({
  audience: { include: [{ kind: 'contacts', contactIds: people }] },
  variants: [{ id: 'a', message: { kind: 'template', name: 'plain', values: {} } }],
})
const ask = async (method: string, path: string, body?: object) => {
  const answer = await rig.api.ask(method, `/platform/v1${path}`, {
    token: rig.ours.key,
    ...(body && { body }),
  })
  return answer as unknown as { status: number; body: { fields?: { field: string; message: string }[] } }
}

const nul = 'a\u0000b'
const lone = 'a\ud800b'
const long = 'x'.repeat(70_000)
const deep = () => {
  let at: object = { kind: 'all' }
  for (let i = 0; i < 400; i++) at = { kind: 'and', conditions: [at] }
  return at
}
const hostile: [string, () => object][] = [
  ['NUL in given', () => ({ given: { a: nul } })],
  ['lone surrogate in given', () => ({ given: { a: lone } })],
  ['NUL in a key', () => ({ given: { [nul]: 1 } })],
  ['proto', () => JSON.parse('{"given": {"__proto__": {"x": 1}}}') as object],
  ['NUL in the template name', () => ({ variants: [{ id: 'a', message: { kind: 'template', name: nul } }] })],
  ['NUL in an event', () => ({ conversion: { event: nul, within: { amount: 1, unit: 'days' } } })],
  ['tiny speed', () => ({ messagesPerSecond: 1e-300 })],
  ['tiny weight', () => ({ variants: [{ ...good().variants[0], weight: 5e-324 }] })],
  ['tiny hold-out', () => ({ holdOut: 5e-324 })],
  ['huge number', () => JSON.parse('{"messagesPerSecond": 1e999}') as object],
  ['year 9999', () => ({ schedule: { kind: 'at', at: '9999-12-31T23:59:59Z' } })],
  ['year 0000', () => ({ schedule: { kind: 'at', at: '0000-01-01T00:00:00Z' } })],
  [
    'local year 9999',
    () => ({ schedule: { kind: 'local', date: '9999-12-31', time: '23:59', timeZone: 'UTC' } }),
  ],
  [
    'local year 0000',
    () => ({ schedule: { kind: 'local', date: '0000-01-01', time: '00:00', timeZone: 'UTC' } }),
  ],
  [
    'no such day',
    () => ({ schedule: { kind: 'local', date: '2027-02-30', time: '10:00', timeZone: 'UTC' } }),
  ],
  [
    'a zone that is none',
    () => ({ schedule: { kind: 'local', date: '2027-02-20', time: '10:00', timeZone: nul } }),
  ],
  [
    'an offset for a zone',
    () => ({ schedule: { kind: 'local', date: '2027-02-20', time: '10:00', timeZone: '+25:99' } }),
  ],
  ['budget of nothing', () => ({ budget: { amount: '0', currency: 'EUR' } })],
  ['budget with a comma', () => ({ budget: { amount: '1,5', currency: 'EUR' } })],
  ['budget in a currency that is none', () => ({ budget: { amount: '1', currency: 'XX' } })],
  ['ids that are none', () => ({ audience: { include: [{ kind: 'contacts', contactIds: ['x'] }] } })],
  [
    'too many contacts',
    () => ({ audience: { include: [{ kind: 'contacts', contactIds: Array(10_001).fill(people[0]) }] } }),
  ],
  ['deep condition', () => ({ audience: { include: [{ kind: 'condition', condition: deep() }] } })],
  [
    'odd condition',
    () => ({ audience: { include: [{ kind: 'condition', condition: { kind: 'or', conditions: [] } }] } }),
  ],
  ['include is text', () => ({ audience: { include: 'all' } })],
  ['include is null', () => ({ audience: null })],
  ['no variants', () => ({ variants: [] })],
  ['variants is an object', () => ({ variants: {} })],
  [
    'values nested',
    () => ({
      variants: [{ id: 'a', message: { kind: 'template', name: 'plain', values: { body: { 1: {} } } } }],
    }),
  ],
  [
    'braces that do not close',
    () => ({
      variants: [
        { id: 'a', message: { kind: 'template', name: 'plain', values: { body: { 1: '{{contact.' } } } },
      ],
    }),
  ],
  [
    'long direct text',
    () => ({
      variants: [
        { id: 'a', message: { kind: 'direct', contents: [{ type: 'text', text: { body: long } }] } },
      ],
    }),
  ],
  [
    'direct of unknown type',
    () => ({ variants: [{ id: 'a', message: { kind: 'direct', contents: [{ type: 'nope' }] } }] }),
  ],
  [
    'buttons twice',
    () => ({
      buttons: [
        { type: 'input', index: 0, input: nul },
        { type: 'input', index: 0, input: 'y' },
      ],
    }),
  ],
  [
    'winner after negative',
    () => ({ winner: { by: 'read', share: 0.5, after: { amount: -1, unit: 'days' } } }),
  ],
  ['expire after a lot', () => ({ expireAfter: { amount: 1e308, unit: 'weeks' } })],
  ['unknown field', () => ({ whatever: 1 })],
  [
    'steps of a one-time one',
    () => ({ steps: [{ delay: { amount: 1, unit: 'days' }, variant: good().variants[0] }] }),
  ],
  ['other numbers that are none', () => ({ otherNumberIds: ['00000000-0000-7000-8000-000000000000'] })],
  ['the same number twice', () => ({ otherNumberIds: [rig.numberId, rig.numberId] })],
]

test.each(hostile)('a draft with %s is refused or checked, with the field named', async (_name, part) => {
  const definition = { ...good(), ...part() }
  const made = await ask('POST', '/campaigns', {
    name: 'X',
    kind: 'one-time',
    numberId: rig.numberId,
    definition,
  })
  expect([201, 400, 413]).toContain(made.status)
  // What nests too deeply is the body as a whole.
  if (made.status !== 201) return expect(made.body.fields?.[0]?.field).toMatch(/^definition|^$/)
  const { id } = made.body as unknown as { id: string }
  const checked = await ask('POST', `/campaigns/${id}/check`, {})
  expect(checked.status).toBe(200)
  const launched = await ask('POST', `/campaigns/${id}/launch`, {})
  expect([202, 422]).toContain(launched.status)
  const { valid } = checked.body as unknown as { valid: boolean }
  expect(launched.status).toBe(valid ? 202 : 422)
  if (!valid) expect(launched.body.fields?.[0]?.field).toMatch(/^definition/)
})

const rules: [string, object][] = [
  ['cron', { kind: 'cron', cron: '99 99 * * *' }],
  ['cron words', { kind: 'cron', cron: 'every day at nine' }],
  ['cron every minute', { kind: 'cron', cron: '* * * * *' }],
  ['cron step 0', { kind: 'cron', cron: '0 */0 * * *' }],
  ['cron 30 February', { kind: 'cron', cron: '0 9 30 2 *' }],
  ['rrule', { kind: 'rrule', rrule: 'FREQ=NEVER', from: '2027-01-01T09:00:00' }],
  ['rrule secondly', { kind: 'rrule', rrule: 'FREQ=SECONDLY', from: '2027-01-01T09:00:00' }],
  [
    'rrule never',
    { kind: 'rrule', rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', from: '2027-01-01T09:00:00' },
  ],
  ['rrule count 0', { kind: 'rrule', rrule: 'FREQ=DAILY;COUNT=0', from: '2027-01-01T09:00:00' }],
  ['rrule interval 0', { kind: 'rrule', rrule: 'FREQ=DAILY;INTERVAL=0', from: '2027-01-01T09:00:00' }],
  ['rrule long ago', { kind: 'rrule', rrule: 'FREQ=HOURLY', from: '0001-01-01T00:00:00' }],
  ['rrule NUL', { kind: 'rrule', rrule: 'FREQ=DAILY\u0000', from: '2027-01-01T09:00:00' }],
]

test.each(rules)(
  'a recurrence by a %s is judged, soon',
  async (_name, rule) => {
    const schedule = { kind: 'recurring', rule, timeZone: 'Europe/Berlin' }
    const body = { name: 'X', kind: 'recurring', numberId: rig.numberId, definition: { ...good(), schedule } }
    const made = await ask('POST', '/campaigns', body)
    if (made.status !== 201) return expect(made.status).toBe(400)
    const { id } = made.body as unknown as { id: string }
    expect((await ask('POST', `/campaigns/${id}/check`, {})).status).toBe(200)
    expect([200, 422]).toContain((await ask('GET', `/campaigns/${id}/next-runs`)).status)
  },
  20_000,
)

test('a speed that no database can hold is refused by its field', async () => {
  const path = `/campaign-runs/${people[0]}/speed`
  const refused = await ask('POST', path, { messagesPerSecond: 1e-300 })
  expect(refused).toMatchObject({ status: 400, body: { fields: [{ field: 'messagesPerSecond' }] } })
})

test('of ten thousand recipients each that is wrong is named, and nobody gets anything', async () => {
  const body = { name: 'X', kind: 'api', numberId: rig.numberId, definition: { variants: good().variants } }
  const { id } = (await ask('POST', '/campaigns', body)).body as unknown as { id: string }
  expect((await ask('POST', `/campaigns/${id}/launch`, {})).status).toBe(202)
  const theirContact = newId()
  await rig.rows('insert into contacts (id, workspace_id) values ($1, $2)', [
    theirContact,
    rig.theirs.workspaceId,
  ])
  const odd: Record<number, object> = {
    17: { waId: '12' },
    4_000: { contactId: theirContact },
    9_000: { externalId: 'nobody' },
    9_500: {},
    9_999: { waId: '+49 151 00000001', contactId: people[0] },
  }
  const given = { text: `{{a.b}} }} {{ \n 😀` }
  const recipients = Array.from(
    { length: 10_000 },
    (_, at) => odd[at] ?? { waId: String(4_917_300_000_000 + at), given },
  )
  const refused = await ask('POST', `/campaigns/${id}/trigger`, { recipients })
  expect(refused.status).toBe(422)
  expect(refused.body.fields?.map(({ field }) => field)).toEqual([
    'recipients.17.waId',
    'recipients.9500.contactId',
    'recipients.9999.contactId',
    'recipients.4000.contactId',
    'recipients.9000.externalId',
  ])
  const [runs] = await rig.rows('select count(*)::int as n from campaign_runs where campaign_id = $1', [id])
  expect(runs).toEqual({ n: 0 })
  for (const at of Object.keys(odd)) recipients[Number(at)] = { waId: '+49 173 00000-00' }
  const taken = await ask('POST', `/campaigns/${id}/trigger`, { recipients })
  expect(taken).toMatchObject({ status: 202, body: { recipients: 9_996 } })
  const { run } = taken.body as unknown as { run: { id: string } }
  const planned = await rig.planAgain(run.id)
  expect(planned.filter(({ seq }) => seq > 0)).toHaveLength(9_996)
  expect(
    planned.every((each) => JSON.stringify(each.given) === JSON.stringify(given) || each.given === null),
  ).toBe(true)
}, 120_000)

test('nothing of a campaign is shown to, or moved by, another workspace', async () => {
  const made = await ask('POST', '/campaigns', {
    ...{ name: 'X', kind: 'one-time', numberId: rig.numberId, definition: good() },
  })
  const { id } = made.body as unknown as { id: string }
  const launched = await ask('POST', `/campaigns/${id}/launch`, {})
  const { run } = launched.body as unknown as { run: { id: string } }
  const asked: [string, string, object?][] = [
    ...['', '/runs', '/next-runs'].map((end): [string, string] => ['GET', `/campaigns/${id}${end}`]),
    ...['check', 'launch', 'pause', 'resume', 'end', 'archive', 'unarchive'].map(
      (end): [string, string, object] => [...(['POST', `/campaigns/${id}/${end}`, {}] as const)],
    ),
    ['PATCH', `/campaigns/${id}`, { name: 'Ours' }],
    ['DELETE', `/campaigns/${id}`],
    ['POST', `/campaigns/${id}/trigger`, { recipients: [{ waId: '+491510000001' }] }],
    ['GET', `/campaign-runs/${run.id}`],
    ...['pause', 'resume', 'cancel'].map((end): [string, string] => [
      'POST',
      `/campaign-runs/${run.id}/${end}`,
    ]),
    ['POST', `/campaign-runs/${run.id}/speed`, { messagesPerSecond: 1 }],
  ]
  for (const [method, path, body] of asked) {
    const answer = await rig.api.ask(method, `/platform/v1${path}`, {
      token: rig.theirs.key,
      ...(body && { body }),
    })
    expect({ path, status: answer.status }).toEqual({ path, status: 404 })
  }
  expect(await ask('GET', `/campaigns/${id}`)).toMatchObject({
    status: 200,
    body: { name: 'X', archivedAt: null },
  })
})

test('a budget is in the currency that counts, and what a run costs is told without one too', async () => {
  const addCard = (currency: string, days: number) =>
    rig.rows(
      `insert into rate_cards (id, workspace_id, name, currency, effective_from, free_in_window, rates, example, by)
       values (uuidv7(), $1, $2, $2, now() - $3 * interval '1 day', '[]', '[]', false, 'test')`,
      [rig.workspaceId, currency, days],
    )
  await addCard('EUR', 3)
  await addCard('USD', 1)
  const make = async (definition: object) => {
    const body = { name: 'X', kind: 'one-time', numberId: rig.numberId, definition }
    return ((await ask('POST', '/campaigns', body)).body as unknown as { id: string }).id
  }
  const inEuros = await make({ ...good(), budget: { amount: '1', currency: 'EUR' } })
  expect(await ask('POST', `/campaigns/${inEuros}/launch`, {})).toMatchObject({
    ...{ status: 422, body: { fields: [{ field: 'definition.budget.currency' }] } },
  })
  const without = await make(good())
  expect((await ask('POST', `/campaigns/${without}/launch`, {})).status).toBe(202)
  expect(
    await rig.rows('select currency, budget_micros from campaign_runs where campaign_id = $1', [without]),
  ).toEqual([{ currency: 'USD', budget_micros: null }])
})
