import { forkFor } from '../../src/db/orm.ts'
import { resolveTemplate } from '../../src/templates/resolve-template.ts'
import { access, openTemplateRig, type Page, type Problem, shipped } from './template-rig.ts'

let rig: Awaited<ReturnType<typeof openTemplateRig>>
beforeAll(async () => {
  rig = await openTemplateRig()
  const languages = {
    en: 'approved',
    es: 'approved',
    es_MX: 'rejected',
    pt_BR: 'flagged',
    hi: 'pending',
    de_AT: 'approved',
  }
  for (const [language, status] of Object.entries(languages)) {
    const { id } = await rig.ask(201, 'POST', '/templates', { ...shipped, language })
    await rig.sql('update templates set status = $1 where id = $2', [status, id])
  }
  const { id } = await rig.ask(201, 'POST', '/templates', { ...shipped, name: 'only_draft' })
  await rig.sql(`update templates set status = 'rejected' where id = $1`, [id])
})

const resolve = (
  wish: { name?: string; language?: string; contactLanguage?: string },
  workspaceId = rig.ours.workspaceId,
) =>
  resolveTemplate(forkFor(rig.deps.orm, workspaceId), {
    workspaceId,
    wabaId: access.wabaId,
    name: shipped.name,
    ...wish,
  })

test.each([
  [{ language: 'es' }, 'es', 'asked'],
  [{ language: 'ES-mx' }, 'es', 'asked-base'],
  [{ language: 'hi' }, 'en', 'workspace'],
  [{ contactLanguage: 'pt_BR' }, 'pt_BR', 'contact'],
  [{ contactLanguage: 'pt' }, 'pt_BR', 'contact-base'],
  [{ contactLanguage: 'de' }, 'de_AT', 'contact-base'],
  [{ language: 'fr', contactLanguage: 'es' }, 'es', 'contact'],
  [{}, 'en', 'workspace'],
])('%j gives %s by %s', async (wish, language, via) => {
  expect(await resolve(wish)).toMatchObject({
    template: { language },
    via,
    why: expect.stringContaining(language) as string,
  })
})

test("the workspace's language, then any that may be sent", async () => {
  await rig.ask(200, 'PUT', '/template-settings', { defaultLanguage: 'pt_BR' })
  expect(await resolve({ contactLanguage: 'fr' })).toMatchObject({
    template: { language: 'pt_BR' },
    via: 'workspace',
  })
  await rig.ask(200, 'PUT', '/template-settings', { defaultLanguage: 'ja' })
  expect(await resolve({ contactLanguage: 'fr' })).toMatchObject({
    template: { language: 'de_AT' },
    via: 'any',
  })
  await rig.ask(200, 'PUT', '/template-settings', { defaultLanguage: 'en' })
})

test('why there is none', async () => {
  expect(await resolve({ name: 'only_draft' })).toEqual({
    template: undefined,
    why: 'only_draft: en is rejected',
  })
  expect(await resolve({ name: 'nowhere' })).toEqual({
    template: undefined,
    why: 'there is no template nowhere',
  })
  expect(await resolve({}, rig.theirs.workspaceId)).toMatchObject({ template: undefined })
})

test('the API says the same', async () => {
  expect(
    await rig.ask<object>(200, 'GET', '/templates/resolve?name=order_shipped&contactLanguage=es_AR'),
  ).toMatchObject({
    template: { language: 'es' },
    via: 'contact-base',
    why: "es: there is no es_AR, which is the contact's language",
  })
  expect(await rig.ask<object>(200, 'GET', '/templates/resolve?name=nowhere')).toEqual({
    template: null,
    via: null,
    why: 'there is no template nowhere',
  })
})

test('a message is made in the language of the contact, with its values', async () => {
  const contact = await rig.ask<{ id: string }>(201, 'POST', '/contacts', {
    waId: '491705550077',
    firstName: 'Inés',
    language: 'es_AR',
  })
  const order = {
    name: shipped.name,
    contactId: contact.id,
    values: { body: { '1': '{{contact.first_name}}', '2': '{{contact.order}}' } },
  }
  const composed = await rig.ask<object>(200, 'POST', '/templates/compose', order)
  expect(composed).toMatchObject({
    language: 'es',
    via: 'contact-base',
    content: {
      type: 'template',
      template: {
        name: shipped.name,
        language: { code: 'es' },
        components: [{ parameters: [{ text: 'Inés' }, {}] }],
      },
    },
    missing: ['body.2', 'contact.order'],
  })
  expect(
    await rig.ask<object>(200, 'POST', '/templates/compose', { ...order, language: 'en' }),
  ).toMatchObject({ language: 'en' })
  const refused = await rig.ask<Problem>(422, 'POST', '/templates/compose', { name: 'only_draft' })
  expect(refused.fields).toEqual([{ field: 'name', message: 'only_draft: en is rejected' }])
})

test('names are listed with their languages, page by page', async () => {
  const first = await rig.ask<Page<{ name: string; languages: object[] }>>(
    200,
    'GET',
    '/template-names?limit=1',
  )
  expect(first.items).toMatchObject([
    { name: 'only_draft', languages: [{ language: 'en', status: 'rejected' }] },
  ])
  const path = `/template-names?limit=1&cursor=${first.nextCursor ?? ''}`
  const second = await rig.ask<Page<{ name: string; languages: object[] }>>(200, 'GET', path)
  expect(second).toMatchObject({ items: [{ name: shipped.name }], nextCursor: null })
  expect(second.items[0]?.languages).toHaveLength(6)
  expect((await rig.ask<Page<object>>(200, 'GET', '/template-names?search=ship')).items).toHaveLength(1)
})
