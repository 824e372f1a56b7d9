import { eventually } from '../support/eventually.ts'
import { access, openTemplateRig, shipped } from './template-rig.ts'

let rig: Awaited<ReturnType<typeof openTemplateRig>>
beforeAll(async () => {
  rig = await openTemplateRig()
})

let names = 0
/** A submitted template, whose state was set a while ago. */
async function submitted() {
  const name = `told_${(names += 1)}`
  const text = `Hello {{1}}, your order {{2}} is about ${name} and will be with you soon.`
  const components = [{ ...shipped.components[0], text }, ...shipped.components.slice(1)]
  const { id } = await rig.ask(201, 'POST', '/templates', { ...shipped, name, components })
  const { metaId } = await rig.ask(200, 'POST', `/templates/${id}/submit`)
  await rig.sql(
    `update templates set status_at = to_timestamp(1000), category_at = to_timestamp(1000),
       components_at = to_timestamp(1000) where id = $1`,
    [id],
  )
  const subject = {
    message_template_id: Number(metaId),
    message_template_name: name,
    message_template_language: 'en',
  }
  const show = () => rig.ask(200, 'GET', `/templates/${id}`)
  const status = (event: string, time: number, more: object = {}) =>
    rig.tell('message_template_status_update', { event, ...subject, reason: 'NONE', ...more }, time)
  return { id, metaId, name, subject, show, status, components }
}
const statusFacts = async (id: string) =>
  (await rig.facts(id)).filter(({ kind }) => kind === 'template.status').map(({ data }) => data['to'])

test('the sandbox tells of each fate, and the template follows', async () => {
  const { id, metaId, show } = await submitted()
  await rig.hear()
  await rig.sql(`update templates set status_at = null, category_at = null where id = $1`, [id])
  const fates: [object, object][] = [
    [{ status: 'APPROVED' }, { status: 'approved' }],
    [{ quality: 'YELLOW' }, { quality: 'YELLOW' }],
    [{ category: 'MARKETING' }, { category: 'MARKETING', previousCategory: 'UTILITY' }],
    [{ status: 'PAUSED' }, { status: 'paused' }],
    [
      { status: 'REJECTED', reason: 'INVALID_FORMAT' },
      { status: 'rejected', rejectedReason: 'INVALID_FORMAT' },
    ],
    [{ status: 'IN_APPEAL' }, { status: 'in_appeal', rejectedReason: null }],
    [{ status: 'DISABLED' }, { status: 'disabled' }],
  ]
  for (const [fate, expected] of fates) {
    await rig.whatsapp('PUT', `/sandbox/templates/${metaId}`, fate)
    await eventually(async () => expect(await show()).toMatchObject(expected))
  }
  // WhatsApp's times know seconds only: facts of one second have no order.
  expect(new Set(await statusFacts(id))).toEqual(
    new Set(['approved', 'paused', 'rejected', 'in_appeal', 'disabled']),
  )
})

test('an event that comes twice is one, and an older one changes nothing', async () => {
  const { id, show, status } = await submitted()
  expect(await status('APPROVED', 2_000)).toBe(200)
  expect(await status('APPROVED', 2_000)).toBe(200)
  expect(await status('PAUSED', 4_000)).toBe(200)
  expect(await status('APPROVED', 3_000)).toBe(200)
  expect(await status('REJECTED', 1_500, { reason: 'SCAM' })).toBe(200)
  expect(await show()).toMatchObject({ status: 'paused', rejectedReason: null })
  expect(await statusFacts(id)).toEqual(['approved', 'paused'])
})

test('within one second the order of arrival counts, and a repetition does not turn it back', async () => {
  const { id, show, status } = await submitted()
  await status('APPROVED', 2_000)
  await status('PAUSED', 2_000)
  await status('APPROVED', 2_000)
  expect((await show()).status).toBe('paused')
  await status('APPROVED', 2_001)
  expect((await show()).status).toBe('approved')
  expect(await statusFacts(id)).toHaveLength(3)
})

test('many events at once end in the newest, whatever their order', async () => {
  const { show, status } = await submitted()
  const words = ['APPROVED', 'PAUSED', 'APPROVED', 'FLAGGED', 'DISABLED', 'REINSTATED', 'PAUSED', 'LOCKED']
  const told = words.map((word, at) => () => status(word, 2_000 + at))
  await Promise.all(told.toSorted(() => Math.random() - 0.5).map((tell) => tell()))
  expect((await show()).status).toBe('locked')
})

test('a rejection brings its reason and what to do about it', async () => {
  const { show, status } = await submitted()
  await status('REJECTED', 2_000, {
    reason: 'INVALID_FORMAT',
    rejection_info: { reason: 'The name is missing', recommendation: 'Add one' },
  })
  expect((await show()).rejectedReason).toBe('INVALID_FORMAT: The name is missing: Add one')
})

test('quality and category events are ordered by themselves', async () => {
  const { id, show, subject } = await submitted()
  const quality = (to: string, time: number) =>
    rig.tell(
      'message_template_quality_update',
      { ...subject, previous_quality_score: 'GREEN', new_quality_score: to },
      time,
    )
  await quality('RED', 3_000)
  await quality('YELLOW', 2_000)
  await rig.tell(
    'template_category_update',
    { ...subject, new_category: 'UTILITY', correct_category: 'MARKETING' },
    2_000,
  )
  expect(await show()).toMatchObject({ quality: 'RED', category: 'UTILITY', correctCategory: 'MARKETING' })
  const moved = { ...subject, previous_category: 'UTILITY', new_category: 'MARKETING' }
  await rig.tell('template_category_update', moved, 3_000)
  await rig.tell('template_category_update', moved, 3_000)
  expect(await show()).toMatchObject({
    category: 'MARKETING',
    previousCategory: 'UTILITY',
    correctCategory: null,
  })
  const kinds = (await rig.facts(id)).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'template.category')).toHaveLength(2)
})

test('changed components change the texts, and ask for the whole by the next sync', async () => {
  const { show, subject, components } = await submitted()
  await rig.sql(`delete from template_syncs`)
  const changed = {
    ...subject,
    message_template_element: 'Hello {{1}}, your order {{2}} was changed at WhatsApp by hand.',
    message_template_footer: 'Other Shop',
  }
  await rig.tell('message_template_components_update', changed, 2_000)
  await rig.tell('message_template_components_update', { ...changed, message_template_element: 'Old' }, 1_500)
  expect((await show()).components).toEqual([
    { ...components[0], text: changed.message_template_element },
    { ...components[1], text: 'Other Shop' },
    components[2],
  ])
  expect(await rig.sql('select due_at <= now() as due from template_syncs')).toEqual([{ due: true }])
})

test('an approval that is faster than the answer finds its template by name', async () => {
  const { id, name, subject, show, status } = await submitted()
  await rig.sql(
    `update templates set status = 'submitting', meta_id = null, submitting_at = now() where id = $1`,
    [id],
  )
  await status('APPROVED', 2_000)
  expect(await show()).toMatchObject({
    name,
    status: 'approved',
    metaId: String(subject.message_template_id),
  })
})

test('what is told of a template that is not known here is kept, and makes the next sync due', async () => {
  await rig.sql(`delete from template_syncs`)
  const value = {
    event: 'APPROVED',
    message_template_id: 42,
    message_template_name: 'elsewhere',
    message_template_language: 'en',
  }
  expect(await rig.tell('message_template_status_update', value, 2_000)).toBe(200)
  expect(await rig.sql('select waba_id from template_syncs')).toEqual([{ waba_id: access.wabaId }])
  expect(await rig.sql(`select 1 from templates where name = 'elsewhere'`)).toEqual([])
  expect(await rig.sql(`select error from inbound_items where raw::text like '%elsewhere%'`)).toEqual([
    { error: null },
  ])
})

test.each([
  ['no name', { event: 'APPROVED', message_template_id: 1 }],
  ['no event', { message_template_id: 1, message_template_name: 'x', message_template_language: 'en' }],
  [
    'an event of tomorrow',
    {
      event: 'TELEPORTED',
      message_template_id: 1,
      message_template_name: 'x',
      message_template_language: 'en',
    },
  ],
  ['nothing at all', {}],
])('a body with %s is taken and kept', async (_what, value) => {
  expect(await rig.tell('message_template_status_update', value, 2_000)).toBe(200)
})
