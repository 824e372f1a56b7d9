import { keepAnswers } from '../../src/answers/keep-answers.ts'
import { routes } from '../../src/answers/routes.ts'
import { eraseContactNow } from '../../src/contacts/erase-contact.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { nextPhrasing } from '../../src/phrasings/next-phrasing.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

let house: WorkspaceApi
let numberId: string
let journeyId: string
let versionId: string

const definition = {
  start: 'age',
  cards: {
    age: { type: 'user-input', settings: { question: 'How old?', answer: 'number', variable: 'age' } },
    odd: { type: 'user-input', settings: { question: '', answer: 'colour' } },
    yes: { type: 'interactive-message', settings: { body: 'Sure?', buttons: [{ id: 'yes', title: 'Yes' }] } },
  },
}

beforeAll(async () => {
  house = await openWorkspaceApi([...routes, ...contactRoutes])
  numberId = await house.addNumber()
  ;[journeyId, versionId] = [newId(), newId()]
  const { workspaceId } = house.ours
  await house.rows(
    'insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, $4, $5)',
    [...[journeyId, workspaceId, numberId, 'Asking', JSON.stringify(definition)]],
  )
  await house.rows(
    'insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, 1, $4)',
    [versionId, workspaceId, journeyId, JSON.stringify(definition)],
  )
})
afterAll(() => house.close())

/** A contact inside of the journey, who was asked. */
async function begin(name: string) {
  const { workspaceId } = house.ours
  const [contactId, conversationId, runId] = [newId(), newId(), newId()]
  await house.rows('insert into contacts (id, workspace_id, name) values ($1, $2, $3)', [
    contactId,
    workspaceId,
    name,
  ])
  await house.rows(
    'insert into conversations (id, workspace_id, number_id, contact_id) values ($1, $2, $3, $4)',
    [...[conversationId, workspaceId, numberId, contactId]],
  )
  await house.rows(
    `insert into runs (id, workspace_id, journey_id, version_id, contact_id, conversation_id, number_id, lineage_id, entry,
       workflow_id, state, fact_id, ended_at) values ($1, $2, $3, $4, $5, $6, $7, $1, $1::uuid::text, $1::uuid::text, 'completed', $1, now())`,
    [runId, workspaceId, journeyId, versionId, contactId, conversationId, numberId],
  )
  const ask = (card: string, text: string) =>
    house.rows(
      `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id,
         send_key, class, state) values ($1, $2, $3, $4, $5, 'out', 'text', '{}', $6, $1, $7, 'utility', 'accepted')`,
      [newId(), workspaceId, conversationId, numberId, contactId, text, `journey:${runId}:${card}:1:0`],
    )
  const answer = async (card: string, raw: object, attempt = 0) => {
    const message = { ...raw, id: 'x' } as never
    const ids = { id: newId(), factId: newId(), contactId, conversationId, receivedAtMs: Date.now() }
    const arrival = { ...ids, raw: message, type: (raw as { type: string }).type, askKey: undefined }
    const askKey = `${runId}:${card}:1:${attempt}`
    await forkFor(house.deps.orm, workspaceId).transactional((em) =>
      keepAnswers(em, workspaceId, [arrival as never], () => askKey),
    )
    return ids.id
  }
  return { contactId, runId, ask, answer }
}

interface Answer {
  cardId: string
  question: string
  text: string
  value: unknown
  isValid: boolean
  contactName: string
  sentMessageId: string | null
}
const list = (query = '', key?: string) =>
  house.ask<Page<Answer>>(200, 'GET', `/journeys/${journeyId}/answers${query}`, undefined, key)
const text = (body: string) => ({ type: 'text', text: { body } })

test('answers are rows as their card reads them, with the question as it was sent', async () => {
  const ann = await begin('Ann')
  await ann.ask('age', 'How old are you, Ann?')
  await ann.ask('yes', 'Sure?')
  await ann.answer('age', text('old'))
  await ann.answer('age', text('41'), 1)
  const reply = { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } }
  await ann.answer('yes', { type: 'interactive', interactive: reply })
  await ann.answer('gone', text('hm'))
  const { items } = await list(`?runId=${ann.runId}`)
  expect(
    items.map(({ cardId, question, text: said, value, isValid }) => [cardId, question, said, value, isValid]),
  ).toEqual([
    ['gone', '', 'hm', 'hm', true],
    ['yes', 'Sure?', 'Yes', 'yes', true],
    ['age', 'How old are you, Ann?', '41', 41, true],
    ['age', 'How old are you, Ann?', 'old', null, false],
  ])
  expect(items[3]?.sentMessageId).toEqual(expect.any(String))
  expect(items[2]?.sentMessageId).toBeNull()
})

test('an answer to a card that no code can read any more is kept as it came', async () => {
  const eve = await begin('Eve')
  await eve.answer('odd', text('red'))
  expect((await list(`?runId=${eve.runId}`)).items).toMatchObject([{ value: 'red', isValid: true }])
})

test('they are filtered, paged and kept apart by workspace', async () => {
  expect((await list('?cardId=age&valid=true')).items).toHaveLength(1)
  expect((await list('?valid=false')).items).toHaveLength(1)
  expect((await list('?to=2020-01-01T00:00:00Z')).items).toEqual([])
  const first = await list('?limit=3')
  const second = await list(`?limit=3&cursor=${first.nextCursor}`)
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null])
  await house.ask(404, 'GET', `/journeys/${journeyId}/answers`, undefined, house.theirs.key)
  await house.ask(404, 'GET', `/journeys/${newId()}/answers`)
})

test('as CSV, where no cell becomes a formula', async () => {
  const bob = await begin('=Bob')
  await bob.answer('gone', text('=1+1'))
  const answer = await house.api.ask(
    'GET',
    `/platform/v1/journeys/${journeyId}/answers/csv?runId=${bob.runId}`,
    {
      token: house.ours.key,
    },
  )
  const [head, line] = answer.text.trim().split('\r\n')
  expect(head).toBe('at,card,question,answer,value,valid,contact_id,contact_name,run_id,visit')
  expect(line).toContain(`,gone,,'=1+1,'=1+1,true,${bob.contactId},'=Bob,`)
})

test('merging takes answers and turns along, erasing empties them', async () => {
  const { workspaceId } = house.ours
  const [kept, other] = [await begin('Kept'), await begin('Other')]
  await other.answer('gone', text('secret'))
  const turn = (contactId: string, effectKey: string) =>
    nextPhrasing(house.deps, {
      ...{ workspaceId, contactId, journeyId, cardId: 'say', effectKey, count: 3, mode: 'round-robin' },
    })
  expect([
    await turn(other.contactId, 'a'),
    await turn(other.contactId, 'a'),
    await turn(other.contactId, 'b'),
  ]).toEqual([0, 0, 1])
  await house.ask(200, 'POST', `/contacts/${kept.contactId}/merge`, { otherId: other.contactId })
  expect((await list(`?contactId=${kept.contactId}`)).items).toMatchObject([{ text: 'secret' }])
  expect(await turn(kept.contactId, 'c')).toBe(2)
  await eraseContactNow(house.deps, { workspaceId, contactId: kept.contactId, by: 'test' })
  expect((await list(`?contactId=${kept.contactId}`)).items).toMatchObject([
    { text: '', question: '', value: null },
  ])
  expect(await house.rows('select 1 from phrasing_turns where contact_id = $1', [kept.contactId])).toEqual([])
})

test('many runs of one contact that say something at once never say the same in a row', async () => {
  const { contactId } = await begin('Busy')
  const { workspaceId } = house.ours
  const said = await Promise.all(
    Array.from({ length: 12 }, async (_, at) => {
      const choice = { cardId: 'say', effectKey: `k${at}`, count: 4, mode: 'round-robin' as const }
      return nextPhrasing(house.deps, { workspaceId, contactId, journeyId, ...choice })
    }),
  )
  expect(said.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
})
