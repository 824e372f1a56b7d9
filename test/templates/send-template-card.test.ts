import { createUtilityEffects } from '../../activities/utility-effects.ts'
import { newId } from '../../src/db/columns.ts'
import { openTemplateRig, shipped } from './template-rig.ts'

let rig: Awaited<ReturnType<typeof openTemplateRig>>
beforeAll(async () => {
  rig = await openTemplateRig()
  for (const [language, yes, no] of [
    ['en', 'Yes', 'No'],
    ['es', 'Si', 'No'],
  ] as const) {
    const buttons = [yes, no].map((text) => ({ type: 'QUICK_REPLY', text }))
    const components = [...shipped.components.slice(0, 2), { type: 'BUTTONS', buttons }]
    const { id } = await rig.ask(201, 'POST', '/templates', { ...shipped, components, language })
    await rig.sql(`update templates set status = 'approved' where id = $1`, [id])
  }
})

const draftOf = (settings: object) => ({
  start: 'it',
  cards: { it: { type: 'send-template', settings, next: {} } },
  triggers: [{ type: 'api' }],
})
async function publish(settings: object, status: number) {
  const journey = await rig.ask(201, 'POST', '/journeys', {
    ...{ numberId: rig.number.id, name: 'Ship', draft: draftOf(settings) },
  })
  const answer = await rig.ask<Record<string, unknown>>(status, 'POST', `/journeys/${journey.id}/publish`)
  return { journeyId: journey.id, answer }
}
const body = Object.fromEntries(variablesOf().map((name) => [name, '{{contact.first_name | "there"}}']))

function variablesOf(): string[] {
  const text = shipped.components.find((component) => component.type === 'BODY')?.text ?? ''
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name)
}

test('its reply buttons are frozen as it is published, whatever the draft says', async () => {
  const settings = { template: shipped.name, values: { body }, replies: [{ at: '7', text: 'Made up' }] }
  const { journeyId } = await publish(settings, 201)
  const { definition } = await rig.ask<{ definition: { cards: { it: { settings: object } } } }>(
    ...([200, 'GET', `/journeys/${journeyId}/versions/1`] as const),
  )
  expect(definition.cards.it.settings).toMatchObject({
    replies: [
      { at: '0', text: 'Yes' },
      { at: '1', text: 'No' },
    ],
  })
})

test('a template that lacks a value, or is not approved, is not published', async () => {
  const lacking = await publish({ template: shipped.name }, 422)
  expect(lacking.answer).toMatchObject({
    fields: [{ field: 'cards.it.settings.values', message: expect.stringContaining('body.') as string }],
  })
  await rig.ask(201, 'POST', '/templates', { ...shipped, name: 'only_draft_here' })
  const draft = await publish({ template: 'only_draft_here', values: { body } }, 422)
  expect(draft.answer).toMatchObject({ fields: [{ field: 'cards.it.settings.template' }] })
})

describe('as it is sent', () => {
  async function compose(language: string, input: object) {
    const contact = { waId: `1555070${String((people += 1)).padStart(4, '0')}`, firstName: 'Ann', language }
    const { id: contactId } = await rig.ask(201, 'POST', '/contacts', contact)
    const ids = { runId: newId(), lineageId: newId(), journeyId: newId() }
    const run = { workspaceId: rig.ours.workspaceId, ...ids, contactId, numberId: rig.number.id }
    const order = { run, key: 'it:1:p0', cardId: 'it', causeId: newId(), atMs: Date.now() }
    const given = { name: shipped.name, values: {}, ...input }
    return (await createUtilityEffects(rig.deps).composeTemplate({ ...order, input: given })).output.content
  }
  let people = 0
  const filled = Object.fromEntries(Object.keys(body).map((name) => [name, 'Ann']))
  const buttons = { '1': { payload: 'button:1' } }

  test("it speaks the contact's language, and its buttons bring their place back", async () => {
    const content = await compose('es', { values: { body: filled, buttons } })
    expect(content).toMatchObject({
      type: 'template',
      template: { name: shipped.name, language: { code: 'es' } },
    })
    expect(JSON.stringify(content)).toContain('"payload":"button:1"')
    expect(await compose('fr', { values: { body: filled } })).toMatchObject({
      template: { language: { code: 'en' } },
    })
  })

  test.each(['{{vars.secret}}', '{{{contact.email}}', '{{{{contact.email}}}}'])(
    'what a person wrote is text, though it look like a placeholder: %s',
    async (written) => {
      const mean = Object.fromEntries(Object.keys(body).map((name) => [name, written]))
      expect(JSON.stringify(await compose('en', { values: { body: mean } }))).not.toContain('{{')
    },
  )

  test('what cannot be sent is refused', async () => {
    await expect(compose('en', {})).rejects.toMatchObject({ code: 'missing_variable' })
    await expect(compose('en', { name: 'gone' })).rejects.toMatchObject({ code: 'unprocessable' })
    const media = { link: 'no link' }
    await expect(compose('en', { values: { body: filled, media } })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })
})
