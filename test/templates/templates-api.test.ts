import { access, openTemplateRig, type Page, type Problem, shipped, type View } from './template-rig.ts'

let rig: Awaited<ReturnType<typeof openTemplateRig>>
beforeAll(async () => {
  rig = await openTemplateRig()
})

const make = (change: object = {}) => rig.ask(201, 'POST', '/templates', { ...shipped, ...change })

test('a draft is saved with what the linter says, changed, and shown', async () => {
  const draft = await make({ name: 'half_done', components: [{ type: 'BODY', text: 'Hi {{1}}' }] })
  expect(draft).toMatchObject({ status: 'draft', wabaId: access.wabaId, source: 'here', metaId: null })
  expect(draft.problems.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['variable-last', 'variable-ratio', 'sample-missing']),
  )
  const refused = await rig.ask<Problem>(422, 'POST', `/templates/${draft.id}/submit`)
  expect(refused.fields).toEqual(
    expect.arrayContaining([{ field: 'components.0.text', message: 'ends with a variable' }]),
  )
  const better = await rig.ask(200, 'PATCH', `/templates/${draft.id}`, { components: shipped.components })
  expect(better).toMatchObject({ problems: [], draft: null, components: shipped.components })
  expect(await rig.ask(200, 'GET', `/templates/${draft.id}`)).toEqual(better)
  expect((await rig.facts(draft.id)).map(({ kind }) => kind)).toEqual(['template.created'])
})

test.each<[string, object, string]>([
  ['an unknown category', { category: 'NEWS' }, 'category'],
  ['no components', { components: [] }, 'components'],
  ['an unknown component', { components: [{ type: 'SIDEBAR' }] }, 'components.0.type'],
  ['a misspelt field', { components: [{ type: 'BODY', txet: 'x' }] }, 'components.0.txet'],
  [
    'a misspelt field of a button',
    { components: [{ type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', label: 'x' }] }] },
    'components.0.buttons.0.label',
  ],
  ['a field that is not ours', { namespace: 'x' }, 'namespace'],
  ['an account of somebody else', { wabaId: '12345678' }, 'wabaId'],
])('%s is refused by name', async (_what, change, field) => {
  const answer = await rig.api.ask('POST', '/platform/v1/templates', {
    token: rig.ours.key,
    body: { ...shipped, name: 'refused', ...change },
  })
  expect([400, 422]).toContain(answer.status)
  expect(answer.body['fields']).toEqual([{ field, message: expect.any(String) as string }])
})

test('a name is taken once a language', async () => {
  await make({ name: 'taken' })
  const refused = await rig.ask<Problem>(409, 'POST', '/templates', { ...shipped, name: 'taken' })
  expect(refused.fields).toEqual([{ field: 'language', message: 'taken exists in en already' }])
  const spanish = await make({ name: 'taken', language: 'es' })
  const { languages } = await rig.ask<{ languages: object[] }>(
    200,
    'GET',
    `/templates/${spanish.id}/variants`,
  )
  expect(languages).toMatchObject([{ language: 'en' }, { language: 'es', id: spanish.id }])
  const copy = await rig.ask(201, 'POST', `/templates/${spanish.id}/duplicate`, { language: 'pt_BR' })
  expect(copy).toMatchObject({ name: 'taken', language: 'pt_BR', status: 'draft' })
  await rig.ask(409, 'POST', `/templates/${spanish.id}/duplicate`, { language: 'pt_BR' })
})

test('the list is searched, filtered and paged', async () => {
  for (const at of [1, 2, 3]) {
    const text = `Your parcel number ${at} of 100% wool has arrived at the shop today.`
    await make({ name: `listed_${at}`, category: 'MARKETING', components: [{ type: 'BODY', text }] })
  }
  const names = async (query: string) =>
    (await rig.ask<Page<View>>(200, 'GET', `/templates?${query}`)).items.map(({ name }) => name)
  expect(await names('search=listed_')).toEqual(['listed_3', 'listed_2', 'listed_1'])
  expect(await names('search=100%25%20WOOL')).toEqual(['listed_3', 'listed_2', 'listed_1'])
  expect(await names('search=listed_&category=UTILITY')).toEqual([])
  expect(await names('name=listed_2&status=draft&language=en')).toEqual(['listed_2'])
  const first = await rig.ask<Page<View>>(200, 'GET', '/templates?search=listed_&limit=2')
  const second = await rig.ask<Page<View>>(
    200,
    'GET',
    `/templates?search=listed_&limit=2&cursor=${first.nextCursor ?? ''}`,
  )
  expect(second.items.map(({ name }) => name)).toEqual(['listed_1'])
  expect(second.nextCursor).toBeNull()
  const { id } = first.items[0] as View
  expect((await rig.ask(200, 'POST', `/templates/${id}/archive`)).archivedAt).not.toBeNull()
  expect(await names('search=listed_')).toEqual(['listed_2', 'listed_1'])
  expect(await names('search=listed_&archived=only')).toEqual(['listed_3'])
  expect((await rig.ask(200, 'POST', `/templates/${id}/unarchive`)).archivedAt).toBeNull()
  expect(await names('archived=all&search=listed_3')).toEqual(['listed_3'])
})

test('lint and preview work on what is not saved', async () => {
  const { problems } = await rig.ask<{ problems: { rule: string }[] }>(200, 'POST', '/templates/lint', {
    ...shipped,
    components: [{ type: 'BODY', text: 'See bit.ly/abc for more of our news.' }],
  })
  expect(problems[0]).toMatchObject({ rule: 'link-shortener', severity: 'error', field: 'components.0.text' })
  const preview = await rig.ask<{ body: string; text: string }>(200, 'POST', '/templates/preview', {
    category: 'UTILITY',
    components: shipped.components,
    values: { body: { '2': 'A-1' } },
  })
  expect(preview).toMatchObject({
    body: 'Hello Ann, your order A-1 has left our warehouse and will be with you soon.',
    footer: 'Demo Shop',
    buttons: [{ type: 'QUICK_REPLY', text: 'Thank you' }],
  })
  expect(preview.text).toContain('[Thank you]')
  const rules = await rig.ask<Page<{ id: string }>>(200, 'GET', '/template-rules?limit=200')
  expect(rules.items.length).toBeGreaterThan(40)
})

test("a preview and a message take a contact's values", async () => {
  const { id } = await make({ name: 'with_contact' })
  const contact = await rig.ask<{ id: string }>(201, 'POST', '/contacts', {
    waId: '491705550001',
    firstName: 'Zoë',
  })
  const filling = {
    contactId: contact.id,
    values: { body: { '1': '{{contact.first_name}}', '2': '{{contact.city | "?"}}' } },
  }
  const preview = await rig.ask<{ body: string }>(200, 'POST', `/templates/${id}/preview`, filling)
  expect(preview.body).toBe('Hello Zoë, your order ? has left our warehouse and will be with you soon.')
  const filled = await rig.ask<object>(200, 'POST', `/templates/${id}/fill`, filling)
  expect(filled).toMatchObject({
    content: {
      type: 'template',
      template: {
        name: 'with_contact',
        language: { code: 'en' },
        components: [{ type: 'body', parameters: [{ text: 'Zoë' }, { text: '?' }] }],
      },
    },
    missing: [],
  })
  expect(await rig.ask<object>(200, 'POST', `/templates/${id}/fill`, { values: {} })).toMatchObject({
    missing: ['body.1', 'body.2'],
  })
})

test('the library is searched, and installed as a draft', async () => {
  type StarterView = {
    id: string
    needsSample: string | null
    languages: string[]
    preview: { text: string }
  }
  const found = await rig.ask<Page<StarterView>>(
    200,
    'GET',
    '/template-library?search=invoice&language=es&limit=2',
  )
  expect(found.items).toHaveLength(2)
  const next = await rig.ask<Page<StarterView>>(
    200,
    'GET',
    `/template-library?search=invoice&language=es&limit=2&cursor=${found.nextCursor ?? ''}`,
  )
  expect(next.items.map(({ id }) => id)).not.toEqual(found.items.map(({ id }) => id))
  const one = await rig.ask<StarterView>(200, 'GET', '/template-library/order_invoice?language=pt_BR')
  expect(one).toMatchObject({
    needsSample: 'DOCUMENT',
    languages: expect.arrayContaining(['en', 'pt_BR']) as string[],
  })
  expect(one.preview.text).toContain('nota fiscal')
  const installed = await rig.ask(201, 'POST', '/template-library/order_confirmed/install', {
    language: 'hi',
  })
  expect(installed).toMatchObject({
    name: 'order_confirmed',
    language: 'hi',
    status: 'draft',
    source: 'library',
    problems: [],
  })
  await rig.ask(409, 'POST', '/template-library/order_confirmed/install', { language: 'hi' })
  await rig.ask(201, 'POST', '/template-library/order_confirmed/install', {
    language: 'hi',
    name: 'order_taken',
  })
  const wrong = await rig.ask<Problem>(422, 'POST', '/template-library/order_confirmed/install', {
    language: 'ja',
  })
  expect(wrong.fields).toMatchObject([{ field: 'language' }])
  await rig.ask(404, 'POST', '/template-library/nothing/install', {})
})

test('where used: cards of drafts and of published versions that name it, and those keep it', async () => {
  const { id } = await make({ name: 'used_here' })
  const cards = {
    hi: {
      type: 'template',
      title: 'Ship',
      settings: { content: { template: { name: 'used_here' } } },
      next: {},
    },
    no: { type: 'message', title: 'Other', settings: { text: 'used_here' }, next: {} },
  }
  const journey = await rig.ask<{ id: string }>(201, 'POST', '/journeys', {
    numberId: rig.number.id,
    name: 'Ship it',
    draft: { start: 'hi', cards },
  })
  const uses = () => rig.ask<Page<object>>(200, 'GET', `/templates/${id}/uses`)
  expect((await uses()).items).toEqual([
    { journeyId: journey.id, journeyName: 'Ship it', published: false, cards: [{ id: 'hi', title: 'Ship' }] },
  ])
  await rig.sql(
    `with v as (insert into journey_versions (id, workspace_id, journey_id, number, definition)
       select $1, workspace_id, id, 1, draft from journeys where id = $1 returning id)
     update journeys set published_version_id = (select id from v) where id = $1`,
    [journey.id],
  )
  expect((await uses()).items).toHaveLength(2)
  const refused = await rig.ask<Problem>(409, 'DELETE', `/templates/${id}`)
  expect(refused.detail).toContain('Ship it')
  await rig.ask(204, 'DELETE', `/templates/${id}?force=true`)
  await rig.ask(404, 'GET', `/templates/${id}`)
  await make({ name: 'used_here' })
})

test("another workspace's templates do not exist", async () => {
  const { id } = await make({ name: 'ours_only' })
  const foreign = (status: number, method: string, path: string, body?: unknown) =>
    rig.ask(status, method, path, body, rig.theirs.key)
  await foreign(404, 'GET', `/templates/${id}`)
  await foreign(404, 'PATCH', `/templates/${id}`, { name: 'stolen' })
  for (const verb of ['submit', 'archive', 'unarchive', 'duplicate', 'preview', 'fill']) {
    await foreign(
      404,
      'POST',
      `/templates/${id}/${verb}`,
      verb === 'submit' || verb.endsWith('archive') ? undefined : {},
    )
  }
  await foreign(404, 'DELETE', `/templates/${id}`)
  expect((await rig.ask<Page<View>>(200, 'GET', '/templates', undefined, rig.theirs.key)).items).toEqual([])
  await foreign(422, 'POST', '/templates', { ...shipped, wabaId: access.wabaId })
  await foreign(422, 'POST', '/templates/sync', { wabaId: access.wabaId })
})

test('the language to fall back to is one of WhatsApp', async () => {
  const path = '/template-settings'
  expect(await rig.ask<object>(200, 'GET', path)).toEqual({ defaultLanguage: 'en' })
  expect(await rig.ask<object>(200, 'PUT', path, { defaultLanguage: 'pt-br' })).toEqual({
    defaultLanguage: 'pt_BR',
  })
  expect(await rig.ask<object>(200, 'GET', path)).toEqual({ defaultLanguage: 'pt_BR' })
  expect(await rig.ask<Problem>(400, 'PUT', path, { defaultLanguage: 'klingon' })).toMatchObject({
    fields: [{ field: 'defaultLanguage' }],
  })
})
