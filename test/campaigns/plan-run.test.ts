import fc from 'fast-check'
import { planRun } from '../../src/campaigns/plan-run.ts'
import { openPlanRig, template, type PlanRig } from './plan-rig.ts'

let rig: PlanRig
beforeAll(async () => {
  rig = await openPlanRig()
})
afterAll(() => rig.close())

const to = (contactIds: string[]) => ({ include: [{ kind: 'contacts', contactIds }] })
const countBy = <T>(items: T[], key: (item: T) => string | null) =>
  Object.fromEntries([...Map.groupBy(items, key)].map(([name, of]) => [String(name), of.length]))

test('a run is planned once: asked again, or by two at once, it says the same', async () => {
  const people = await rig.addContacts(30)
  const runId = await rig.addRun({ audience: to(people) })
  const order = { workspaceId: rig.workspaceId, runId }
  const planned = await Promise.all([planRun(rig.deps, order), planRun(rig.deps, order)])
  expect(planned).toEqual(Array(2).fill({ goesOn: true, audience: 30, intended: 30, skipped: 0 }))
  const rows = await rig.recipients(runId)
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1))
  expect(new Set(rows.map(({ contact_id }) => contact_id))).toEqual(new Set(people))
  const [run] = await rig.rows('select state, audience, intended, skipped from campaign_runs where id = $1', [
    runId,
  ])
  expect(run).toEqual({ state: 'sending', audience: 30, intended: 30, skipped: 0 })
  const [lane] = await rig.rows('select number_id, last_seq, cursor from campaign_lanes where run_id = $1', [
    runId,
  ])
  expect(lane).toEqual({ number_id: rig.numberId, last_seq: 30, cursor: 0 })
})

test('whoever cannot or must not be written to is left out, with the first reason that fits', async () => {
  const people = await rig.addContacts(8, 4_915_200_000_000)
  const [fine, stopped, noMarketing, noUtility, spam, noPhone, other, invalid] = people
  await rig.rows('update contacts set opted_out_at = now() where id = $1', [stopped])
  for (const [contactId, category] of [
    [noMarketing, 'marketing'],
    [noUtility, 'utility'],
  ])
    await rig.rows(
      `insert into consents (workspace_id, contact_id, category, state, source, at, by, cause_id)
       values ($1, $2, $3, 'opted_out', 'test', now(), 'test', uuidv7())`,
      [rig.workspaceId, contactId, category],
    )
  await rig.rows('update contacts set spam_at = now() where id = $1', [spam])
  await rig.rows('update identities set valid_to = now() where contact_id = $1', [noPhone])
  await rig.rows(
    `update identities set unreachable_at = now(), unreachable_code = '131026' where contact_id = $1`,
    [invalid],
  )
  const planned = await rig.plan({ audience: to(people) })
  const reasons = new Map(planned.map(({ contact_id, skipped }) => [contact_id, skipped]))
  expect(
    [fine, stopped, noMarketing, noUtility, spam, noPhone, other, invalid].map((id) => reasons.get(id ?? '')),
  ).toEqual([null, 'opted_out', 'opted_out', null, 'spam', 'no_address', null, 'not_on_whatsapp'])
  const utility = await rig.plan({ audience: to(people), class: 'utility' })
  expect(countBy(utility, ({ skipped }) => skipped)).toEqual({
    null: 4,
    opted_out: 2,
    no_address: 1,
    not_on_whatsapp: 1,
  })
})

test('direct messages go to those only whose window is open on that number', async () => {
  const [open, closed, elsewhere] = await rig.addContacts(3, 4_915_300_000_000)
  const other = await rig.addNumber()
  await rig.addConversation(open ?? '', rig.numberId, '1 hour')
  await rig.addConversation(closed ?? '', rig.numberId, '-1 hour')
  await rig.addConversation(elsewhere ?? '', other, '1 hour')
  const direct = {
    id: 'a',
    message: { kind: 'direct', contents: [{ type: 'text', text: { body: 'Hello' } }] },
  }
  const all = [open ?? '', closed ?? '', elsewhere ?? '']
  const one = await rig.plan({ audience: to(all), variants: [direct] })
  expect(one.filter(({ skipped }) => skipped === null).map(({ contact_id }) => contact_id)).toEqual([open])
  // A second number that shares the work writes to whoever talks with it.
  const both = await rig.plan({ audience: to(all), variants: [direct], otherNumberIds: [other] })
  const sent = both.filter(({ skipped }) => skipped === null)
  expect(new Map(sent.map(({ contact_id, lane }) => [contact_id, lane]))).toEqual(
    new Map([
      [open, 0],
      [elsewhere, 1],
    ]),
  )
})

test('include, exclude, hold-out and variants add up, whatever they are', async () => {
  const people = await rig.addContacts(120, 4_915_400_000_000)
  const some = fc.subarray(people, { minLength: 0 })
  const property = fc.asyncProperty(
    fc.array(some, { minLength: 1, maxLength: 3 }),
    fc.array(some, { maxLength: 2 }),
    fc.constantFrom(0, 0.1, 0.25, 0.5),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
    fc.option(fc.constantFrom(0.2, 0.5)),
    async (included, excluded, holdOut, weights, share) => {
      const segments = async (lists: string[][]) =>
        Promise.all(lists.map(async (list) => ({ kind: 'segment', segmentId: await rig.addSegment(list) })))
      const audience = { include: await segments(included), exclude: await segments(excluded) }
      const variants = weights.map((weight, at) => template(`v${at}`, weight))
      const winner = share === null ? undefined : { by: 'read', share, after: { amount: 1, unit: 'hours' } }
      const planned = await rig.plan({ audience, holdOut, variants, ...(winner && { winner }) })
      const out = new Set(excluded.flat())
      const wanted = new Set(included.flat().filter((id) => !out.has(id)))
      expect(new Set(planned.map(({ contact_id }) => contact_id))).toEqual(wanted)
      expect(planned).toHaveLength(wanted.size)
      const held = planned.filter(({ skipped }) => skipped === 'hold_out')
      expect(Math.abs(held.length - wanted.size * holdOut)).toBeLessThanOrEqual(0.5)
      const intended = planned.filter(({ skipped }) => skipped === null)
      expect(intended.length + held.length).toBe(wanted.size)
      const tried = intended.filter(({ variant }) => variant !== null)
      expect(Math.abs(tried.length - intended.length * (share ?? 1))).toBeLessThanOrEqual(0.5)
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      weights.forEach((weight, at) => {
        const got = tried.filter(({ variant }) => variant === `v${at}`).length
        expect(Math.abs(got - (intended.length * (share ?? 1) * weight) / total)).toBeLessThanOrEqual(1)
      })
      expect(intended.map(({ seq }) => seq)).toEqual(intended.map((_, at) => at + 1))
      const due = intended.map(({ due_at }) => due_at.getTime())
      expect(due).toEqual(due.toSorted((a, b) => a - b))
    },
  )
  await fc.assert(property, { numRuns: 25 })
}, 120_000)

test('the same people are held out of every run of a campaign; variants are dealt anew', async () => {
  const people = await rig.addContacts(100, 4_915_500_000_000)
  const campaignId = await rig.addCampaign()
  const definition = { audience: to(people), holdOut: 0.2, variants: [template('a'), template('b')] }
  const [first, second] = [await rig.plan(definition, campaignId), await rig.plan(definition, campaignId)]
  const held = (rows: typeof first) =>
    rows.filter(({ skipped }) => skipped !== null).map(({ contact_id }) => contact_id)
  expect(new Set(held(first))).toEqual(new Set(held(second)))
  expect(held(first)).toHaveLength(20)
  const variants = (rows: typeof first) => rows.map(({ contact_id, variant }) => `${contact_id} ${variant}`)
  expect(new Set(variants(first))).not.toEqual(new Set(variants(second)))
  // Whoever got one campaign may be left out of another.
  await rig.rows(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, fact_id, state,
       campaign_id, campaign_run_id)
     select uuidv7(), $1, $2, $3, $4, 'out', 'template', '{}', uuidv7(), 'accepted', $5, r.id
     from campaign_runs r where r.campaign_id = $5 and r.number = 1`,
    [
      rig.workspaceId,
      await rig.addConversation(people[0] ?? '', rig.numberId, '1 hour'),
      ...[rig.numberId, people[0], campaignId],
    ],
  )
  const exclude = [{ kind: 'campaign', campaignId }]
  const others = await rig.plan({ audience: { ...to(people), exclude } })
  expect(others.map(({ contact_id }) => contact_id)).not.toContain(people[0])
  expect(others).toHaveLength(99)
})

test('everybody is due where they live: by their own zone, their phone’s country, else the schedule’s', async () => {
  const numbers = [4_915_600_000_000, 81_312_345_678, 14_155_550_100, 552_112_345_678].map(async (phone) =>
    rig.addContacts(1, phone),
  )
  const [german, japanese, american, brazilian] = (await Promise.all(numbers)).flat()
  const [moved] = await rig.addContacts(1, 4_915_600_000_001)
  await rig.rows(`update contacts set time_zone = 'America/New_York' where id = $1`, [moved])
  const people = [german, japanese, american, brazilian, moved].map((id) => id ?? '')
  const schedule = { kind: 'local', date: '2031-07-01', time: '09:00', timeZone: 'America/Denver' }
  const planned = await rig.plan({ audience: to(people), schedule })
  const due = new Map(planned.map(({ contact_id, due_at }) => [contact_id, due_at.toISOString()]))
  expect(people.map((id) => due.get(id))).toEqual([
    '2031-07-01T07:00:00.000Z',
    '2031-07-01T00:00:00.000Z',
    '2031-07-01T15:00:00.000Z',
    '2031-07-01T15:00:00.000Z',
    '2031-07-01T13:00:00.000Z',
  ])
  const over = { ...schedule, date: '2026-01-01', past: 'leave-out' }
  const late = await rig.plan({ audience: to(people), schedule: over })
  expect(countBy(late, ({ skipped }) => skipped)).toEqual({ time_passed: 5 })
})

test('a line of a variable group is given along, a phone of it found by its contact', async () => {
  const [known, byPhone] = await rig.addContacts(2, 4_915_700_000_000)
  const groupId = await rig.addGroup([
    { phone: '4915700000000', contactId: known, values: { code: 'A' } },
    { phone: '4915700000001', values: { code: 'B' } },
  ])
  const planned = await rig.plan({ audience: { include: [{ kind: 'group', groupId }] } })
  expect(new Map(planned.map(({ contact_id, given }) => [contact_id, given]))).toEqual(
    new Map([
      [known, { code: 'A' }],
      [byPhone, { code: 'B' }],
    ]),
  )
})

test('a run that is cancelled while it is planned has no recipients; one that is paused stays so', async () => {
  const people = await rig.addContacts(3, 4_915_800_000_000)
  const cancelled = await rig.addRun({ audience: to(people) })
  await rig.rows(`update campaign_runs set state = 'cancelled', ended_at = now() where id = $1`, [cancelled])
  const nothing = { goesOn: false, audience: 0, intended: 0, skipped: 0 }
  expect(await planRun(rig.deps, { workspaceId: rig.workspaceId, runId: cancelled })).toEqual(nothing)
  const paused = await rig.addRun({ audience: to(people) })
  await rig.rows(`update campaign_runs set state = 'paused' where id = $1`, [paused])
  expect(await planRun(rig.deps, { workspaceId: rig.workspaceId, runId: paused })).toMatchObject({
    intended: 3,
  })
  const [run] = await rig.rows('select state from campaign_runs where id = $1', [paused])
  expect(run).toEqual({ state: 'paused' })
})

test('a hold-out group leaves somebody who gets it, however few they are', async () => {
  const [only = ''] = await rig.addContacts(1, 4_915_290_000_000)
  const [planned] = await rig.plan({
    audience: { include: [{ kind: 'contacts', contactIds: [only] }] },
    holdOut: 0.5,
  })
  expect(planned).toMatchObject({ contact_id: only, seq: 1, skipped: null })
})
