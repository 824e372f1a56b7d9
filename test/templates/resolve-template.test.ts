import { forkFor } from '../../src/db/orm.ts'
import { resolveTemplate } from '../../src/templates/resolve-template.ts'
import { access, openTemplateRig, shipped } from './template-rig.ts'

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
