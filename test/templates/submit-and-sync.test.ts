import { randomBytes } from 'node:crypto'
import { syncDueTemplates } from '../../src/templates/sync-templates.ts'
import { access, openTemplateRig, type Page, type Problem, shipped, type View } from './template-rig.ts'

let rig: Awaited<ReturnType<typeof openTemplateRig>>
beforeAll(async () => {
  rig = await openTemplateRig()
})
afterEach(() => rig.faults([]))

const make = (name: string, change: object = {}) =>
  rig.ask(201, 'POST', '/templates', { ...shipped, ...uniqueBody(name), name, ...change })
/** WhatsApp's guidelines warn of twins; that is not what is tried here. */
const uniqueBody = (name: string) => ({
  components: shipped.components.map((part) =>
    part.type === 'BODY' ? { ...part, text: `${part.text ?? ''} It is about ${name}.` } : part,
  ),
})
const submit = (id: string, status = 200) => rig.ask(status, 'POST', `/templates/${id}/submit`)
const show = (id: string) => rig.ask(200, 'GET', `/templates/${id}`)
const sync = () =>
  rig.ask<{ found: number; deleted: number; unreadable: number }>(200, 'POST', '/templates/sync', {})
type Remote = { id: string; name: string; status: string; components: object[] }
const remotes = async (name: string) =>
  (await rig.whatsapp<{ templates: Remote[] }>('GET', '/sandbox/templates')).templates.filter(
    (one) => one.name === name,
  )
const force = (metaId: string | null, fate: object) =>
  rig.whatsapp('PUT', `/sandbox/templates/${metaId}`, fate)
const creating = { path: '/message_templates', method: 'POST' }
const kinds = async (id: string) => (await rig.facts(id)).map(({ kind }) => kind)

test('a draft is submitted once, and the sync brings its approval', async () => {
  const { id } = await make('submitted')
  const sent = await submit(id)
  expect(sent).toMatchObject({ status: 'pending', metaId: expect.stringMatching(/^\d+$/) as string })
  await rig.ask(409, 'POST', `/templates/${id}/submit`)
  expect(await remotes('submitted')).toMatchObject([
    { id: sent.metaId, components: uniqueBody('submitted').components },
  ])
  await force(sent.metaId, { status: 'APPROVED', quality: 'GREEN' })
  expect(await sync()).toMatchObject({ deleted: 0, unreadable: 0 })
  expect(await show(id)).toMatchObject({ status: 'approved', quality: 'GREEN' })
  await sync()
  expect(await kinds(id)).toEqual(['template.created', 'template.submitted', 'template.status'])
})

test('an edit waits beside what WhatsApp has until it is submitted', async () => {
  const { id } = await make('edited')
  const { metaId } = await submit(id)
  await rig.ask(200, 'PATCH', `/templates/${id}`, { components: [shipped.components[0]] })
  await force(metaId, { status: 'APPROVED' })
  await sync()
  const change = {
    components: [
      { ...shipped.components[0], text: 'Hello {{1}}, your parcel {{2}} has left our hands today.' },
    ],
  }
  const waiting = await rig.ask(200, 'PATCH', `/templates/${id}`, change)
  expect(waiting).toMatchObject({
    status: 'approved',
    components: uniqueBody('edited').components,
    draft: change,
  })
  await rig.ask(422, 'PATCH', `/templates/${id}`, { name: 'other_name' })
  await rig.ask(422, 'PATCH', `/templates/${id}`, { category: 'MARKETING' })
  const sent = await submit(id)
  expect(sent).toMatchObject({ status: 'pending', draft: null, components: change.components, metaId })
  expect(await remotes('edited')).toMatchObject([{ status: 'PENDING', components: change.components }])
  await rig.ask(200, 'PATCH', `/templates/${id}`, { components: change.components })
  expect((await show(id)).draft).toBeNull()
})

test('what WhatsApp refuses is said in words, and the draft stays a draft', async () => {
  const { id } = await make('refused')
  await rig.faults([{ match: creating, kind: 'error', code: 368, times: 1 }])
  const refused = await submit(id, 502)
  expect(refused).toMatchObject({ code: 'whatsapp_refused' })
  expect(await show(id)).toMatchObject({
    status: 'draft',
    submitError: { code: 368, words: expect.stringContaining('has blocked the account') as string },
  })
  await rig.faults([{ match: creating, kind: 'error', code: 80007, times: 1 }])
  const busy = await rig.api.ask('POST', `/platform/v1/templates/${id}/submit`, { token: rig.ours.key })
  expect([busy.status, Number(busy.headers.get('retry-after')) > 0]).toEqual([429, true])
  expect(await submit(id)).toMatchObject({ status: 'pending', submitError: null })
})

test('a name that is taken at WhatsApp by something else is told, and the draft is not lost', async () => {
  const { id } = await make('taken_there')
  await rig.whatsapp('POST', `/v23.0/${access.wabaId}/message_templates`, {
    ...shipped,
    name: 'taken_there',
    components: [{ type: 'BODY', text: 'Something else altogether.' }],
  })
  const refused = await rig.ask<Problem>(409, 'POST', `/templates/${id}/submit`)
  expect(refused.detail).toContain('already has a template of this name and language')
  expect((await show(id)).status).toBe('draft')
  await sync()
  expect(await show(id)).toMatchObject({
    status: 'pending',
    components: [{ text: 'Something else altogether.' }],
    draft: { components: uniqueBody('taken_there').components },
  })
})

describe('when the answer to a create is lost', () => {
  test.each([
    ['drop', { kind: 'drop' }],
    ['a server error after the work', { kind: 'http', httpStatus: 500, accept: true }],
  ])('(%s) it is found by name and language at once', async (name, fault) => {
    const { id } = await make(`lost_${name.length}`)
    await rig.faults([{ match: creating, ...fault, times: 1 }])
    expect(await submit(id)).toMatchObject({ status: 'pending', metaId: expect.any(String) as string })
    expect(await remotes(`lost_${name.length}`)).toHaveLength(1)
  })

  test('and the look fails too, the next sync finds it', async () => {
    const { id } = await make('lost_twice')
    await rig.faults([
      { match: creating, kind: 'drop', times: 1 },
      { match: { path: '/message_templates', method: 'GET' }, kind: 'http', httpStatus: 503, times: 1 },
    ])
    expect(await submit(id)).toMatchObject({ status: 'submitting', metaId: null })
    const again = await rig.ask<Problem>(409, 'POST', `/templates/${id}/submit`)
    expect(again.detail).toContain('is being submitted')
    await rig.sql(`update templates set submitting_at = now() - interval '2 minutes' where id = $1`, [id])
    await sync()
    expect(await show(id)).toMatchObject({
      status: 'pending',
      draft: null,
      metaId: expect.any(String) as string,
    })
    expect(await remotes('lost_twice')).toHaveLength(1)
  })

  test('and WhatsApp never got it, it can be submitted again', async () => {
    const { id } = await make('never_there')
    await rig.faults([{ match: creating, kind: 'http', httpStatus: 500, times: 1 }])
    expect(await submit(id)).toMatchObject({ status: 'submitting' })
    await rig.sql(`update templates set submitting_at = now() - interval '2 minutes' where id = $1`, [id])
    await sync()
    expect(await show(id)).toMatchObject({ status: 'draft', submitError: { code: null } })
    expect(await submit(id)).toMatchObject({ status: 'pending' })
    expect(await remotes('never_there')).toHaveLength(1)
  })

  test('and the process died, submitting again takes over what is there', async () => {
    const { id } = await make('torn')
    await rig.faults([
      { match: creating, kind: 'drop', times: 1 },
      { match: { path: '/message_templates', method: 'GET' }, kind: 'http', httpStatus: 503, times: 1 },
    ])
    await submit(id)
    await rig.sql(`update templates set submitting_at = now() - interval '2 minutes' where id = $1`, [id])
    expect(await submit(id)).toMatchObject({ status: 'pending', metaId: expect.any(String) as string })
    expect(await remotes('torn')).toHaveLength(1)
  })

  test('because WhatsApp is slow, the time-out ends it, and it may be submitted again later', async () => {
    const { id } = await make('slow_there')
    await rig.faults([{ match: creating, kind: 'slow', delayMs: 2_600, times: 1 }])
    // Had it waited for the answer it would be pending.
    expect(await submit(id)).toMatchObject({ status: 'submitting' })
    await rig.sql(`update templates set submitting_at = now() - interval '2 minutes' where id = $1`, [id])
    expect(await submit(id)).toMatchObject({ status: 'pending' })
    expect(await remotes('slow_there')).toHaveLength(1)
  })
})

test('ten submissions at once make one template', async () => {
  const { id } = await make('at_once')
  const statuses = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const answer = await rig.api.ask('POST', `/platform/v1/templates/${id}/submit`, { token: rig.ours.key })
      return answer.status
    }),
  )
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  expect(statuses.filter((status) => status === 409)).toHaveLength(9)
  expect(await remotes('at_once')).toHaveLength(1)
})

test('the sync reads every page, adopts foreign templates, marks deleted ones, and repeats without a change', async () => {
  const created: string[] = []
  for (let at = 0; at < 230; at++) {
    const { id } = await rig.whatsapp<{ id: string }>('POST', `/v23.0/${access.wabaId}/message_templates`, {
      name: `foreign_${at}`,
      language: 'en',
      category: 'MARKETING',
      components: [{ type: 'BODY', text: `News number ${at} for everybody.` }],
    })
    created.push(id)
  }
  const first = await sync()
  expect(first.found).toBeGreaterThan(230)
  const count = async () =>
    (
      await rig.sql<{ n: number }>(
        `select count(*)::int as n from templates where name like 'foreign_%' and status = 'pending'`,
      )
    )[0]?.n
  expect(await count()).toBe(230)
  const snapshot = () => rig.sql(`select id, name, status, updated_at, components from templates order by id`)
  const before = await snapshot()
  const facts = await rig.sql('select 1 from facts')
  const [second, third] = await Promise.all([sync(), sync()])
  expect([second.deleted, third.deleted]).toEqual([0, 0])
  expect(await snapshot()).toEqual(before)
  expect((await rig.sql('select 1 from facts')).length).toBe(facts.length)
  // WhatsApp's times know seconds only: what is deleted within the second of a sync is seen by the next one.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await rig.whatsapp('DELETE', `/v23.0/${created[7]}`)
  expect((await sync()).deleted).toBe(1)
  expect(await count()).toBe(229)
  const gone = await rig.ask<Page<View>>(200, 'GET', '/templates?status=deleted')
  expect(gone.items.map(({ name }) => name)).toEqual(['foreign_7'])
  expect((await rig.ask<Page<View>>(200, 'GET', '/templates?search=foreign_7&name=foreign_7')).items).toEqual(
    [],
  )
})

test('a sync that breaks off in the middle deletes nothing', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await rig.faults([
    { match: { path: '/message_templates', method: 'GET' }, kind: 'error', code: 190, times: 1 },
  ])
  await rig.ask(502, 'POST', '/templates/sync', {})
  const [state] = await rig.sql<{ error: string }>('select error from template_syncs')
  expect(state?.error).toContain('access token')
  expect((await rig.ask<Page<View>>(200, 'GET', '/templates?status=deleted')).items).toHaveLength(1)
})

test('the worker syncs accounts whose turn it is, each once', async () => {
  await rig.sql(`update phone_numbers set created_at = now() - interval '1 hour'`)
  await rig.sql(`update template_syncs set due_at = now() - interval '1 minute'`)
  const turns = await Promise.all([syncDueTemplates(rig.deps), syncDueTemplates(rig.deps)])
  expect(turns.toSorted()).toEqual([0, 1])
  expect(await syncDueTemplates(rig.deps)).toBe(0)
})

test('deleting takes it from WhatsApp first; without an answer it stays and can be tried again', async () => {
  const { id } = await make('to_delete')
  await submit(id)
  await rig.faults([{ match: { path: '/message_templates', method: 'DELETE' }, kind: 'drop', times: 1 }])
  await rig.ask(503, 'DELETE', `/templates/${id}`)
  expect((await show(id)).status).toBe('pending')
  await rig.ask(204, 'DELETE', `/templates/${id}`)
  expect(await remotes('to_delete')).toEqual([])
  await rig.ask(404, 'GET', `/templates/${id}`)
  expect((await kinds(id)).at(-1)).toBe('template.deleted')
})

test('a sample file becomes a handle, and what is no sample is refused', async () => {
  const upload = async (type: string, bytes: Uint8Array<ArrayBuffer>) => {
    const response = await fetch(`${rig.api.url}/platform/v1/template-samples`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rig.ours.key}`, 'content-type': type },
      body: bytes,
    })
    return { status: response.status, body: (await response.json()) as { handle?: string } }
  }
  const { status, body } = await upload('image/png', new Uint8Array(randomBytes(200_000)))
  expect([status, body.handle?.startsWith('4::')]).toEqual([201, true])
  expect((await upload('text/html', new Uint8Array(10))).status).toBe(415)
  expect((await upload('image/png', new Uint8Array(0))).status).toBe(400)
  expect((await upload('image/png', new Uint8Array(5 * 1024 * 1024 + 1))).status).toBe(413)
  const { id, problems } = await make('with_picture', {
    components: [{ type: 'HEADER', format: 'IMAGE' }, ...uniqueBody('with_picture').components],
  })
  expect(problems.map(({ rule }) => rule)).toEqual(['media-sample'])
  await submit(id, 422)
  const header = { type: 'HEADER', format: 'IMAGE', example: { header_handle: [body.handle] } }
  await rig.ask(200, 'PATCH', `/templates/${id}`, {
    components: [header, ...uniqueBody('with_picture').components],
  })
  expect(await submit(id)).toMatchObject({ status: 'pending' })
})
