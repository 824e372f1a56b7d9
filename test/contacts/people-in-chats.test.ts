import { mergeContacts } from '../../src/contacts/merge-contacts.ts'
import { setSpam } from '../../src/contacts/set-spam.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse

beforeAll(async () => {
  house = await openHouse()
  await house.settings({ windowErrors: 'off' })
})
afterAll(() => house.close())

const rows = <T extends object>(sql: string, values?: unknown[]) => house.rows<T>(sql, values)
const contactOf = async (waId: string) =>
  (
    await rows<{ contact_id: string }>(
      `select contact_id from identities where value = $1 and valid_to is null`,
      [waId],
    )
  )[0]?.contact_id ?? ''
const texts = async (waId: string) =>
  (await house.ledger(waId)).map(({ payload }) => payload.text?.body ?? '')
const expectTexts = (waId: string, expected: string[]) =>
  eventually(async () => expect(await texts(waId)).toEqual(expected))

const asking = (word: string, attribute: object = {}) => ({
  start: 'ask',
  triggers: [{ type: 'user-utterance', keywords: [word] }],
  cards: {
    ask: {
      type: 'user-input',
      settings: { question: 'How old are you?', variable: 'age', ...attribute },
      next: { valid: 'thanks' },
    },
    thanks: { type: 'message', settings: { text: 'So you are {{vars.age}}.' } },
  },
})

test('a new writer is a contact with a source, told once, and seen just now', async () => {
  await house.text('491700010001', 'nothing in particular')
  await house.text('491700010001', 'and again')
  const contactId = await eventually(async () => {
    const id = await contactOf('491700010001')
    expect(id).not.toBe('')
    return id
  })
  expect(
    await rows(
      `select source, now() - last_seen_at < interval '1 minute' as recent from contacts where id = $1`,
      [contactId],
    ),
  ).toEqual([{ source: 'whatsapp', recent: true }])
  expect(
    await rows(`select attributes from events where contact_id = $1 and type = 'contact_created'`, [
      contactId,
    ]),
  ).toEqual([{ attributes: { source: 'whatsapp' } }])
  expect(
    await rows(`select 1 from facts where contact_id = $1 and kind = 'contact.created'`, [contactId]),
  ).toHaveLength(1)
})

test('a value that does not fit the attribute fails the card with its reason, and nothing is written', async () => {
  const named = { attribute: 'age_in_years' }
  await house.publish(asking('number', { ...named, answer: 'number' }))
  await house.publish(asking('words', named), 'Words')
  await house.text('491700010002', 'number')
  await expectTexts('491700010002', ['How old are you?'])
  await house.text('491700010002', '42')
  await expectTexts('491700010002', ['How old are you?', 'So you are 42.'])
  await house.text('491700010002', 'words')
  await eventually(async () => expect(await texts('491700010002')).toHaveLength(3))
  await house.text('491700010002', 'very')
  const contactId = await contactOf('491700010002')
  await eventually(async () =>
    expect(
      await rows(`select error_code, error_reason from runs where contact_id = $1 and state = 'stuck'`, [
        contactId,
      ]),
    ).toEqual([
      { error_code: 'invalid_input', error_reason: expect.stringContaining('"very" is no number') as string },
    ]),
  )
  expect(await rows(`select attributes from contacts where id = $1`, [contactId])).toEqual([
    { attributes: { age_in_years: 42 } },
  ])
  expect(
    await rows(`select attributes from events where contact_id = $1 and type = 'attribute_changed'`, [
      contactId,
    ]),
  ).toEqual([{ attributes: { name: 'age_in_years', old: null, new: 42 } }])
})

test('what spam writes is stored and starts nothing', async () => {
  await house.publish(asking('spammy'))
  await house.text('491700010003', 'first')
  const contactId = await eventually(async () => {
    const id = await contactOf('491700010003')
    expect(id).not.toBe('')
    return id
  })
  const { workspaceId } = house
  await setSpam(house.deps, { workspaceId, contactId, spam: true, by: 'test' })
  await house.text('491700010003', 'spammy')
  await eventually(async () =>
    expect(
      JSON.stringify(
        await rows(`select data from facts where contact_id = $1 and kind = 'trigger.evaluated'`, [
          contactId,
        ]),
      ),
    ).toContain('marked as spam'),
  )
  expect(await rows('select 1 from runs where contact_id = $1', [contactId])).toEqual([])
  expect(await rows(`select 1 from messages where contact_id = $1`, [contactId])).toHaveLength(2)
  await setSpam(house.deps, { workspaceId, contactId, spam: false, by: 'test' })
  await house.text('491700010003', 'spammy')
  await expectTexts('491700010003', ['How old are you?'])
})

test('a journey goes on when the person in it was merged into another, who has a chat of their own', async () => {
  await house.publish(asking('merged'))
  await house.text('491700010004', 'good morning')
  await house.text('491700010005', 'merged')
  await expectTexts('491700010005', ['How old are you?'])
  const [contactId, otherId] = [await contactOf('491700010004'), await contactOf('491700010005')]
  await mergeContacts(house.deps, { workspaceId: house.workspaceId, contactId, otherId, by: 'test' })
  await house.text('491700010005', 'forty')
  await expectTexts('491700010005', ['How old are you?', 'So you are forty.'])
  expect(
    await rows(`select distinct contact_id from messages where text in ('forty', 'So you are forty.')`),
  ).toEqual([{ contact_id: contactId }])
  await eventually(async () =>
    expect(await rows('select state from runs where contact_id = $1', [contactId])).toEqual([
      { state: 'completed' },
    ]),
  )
})

test('of two runs of one journey the furthest goes on', async () => {
  await house.publish(asking('twice'))
  await house.text('491700010006', 'twice')
  await house.text('491700010007', 'twice')
  await expectTexts('491700010006', ['How old are you?'])
  await expectTexts('491700010007', ['How old are you?'])
  const [contactId, otherId] = [await contactOf('491700010006'), await contactOf('491700010007')]
  const merged = await mergeContacts(house.deps, {
    workspaceId: house.workspaceId,
    contactId,
    otherId,
    by: 'test',
  })
  expect(merged.runs).toMatchObject([{ ended: true }])
  await eventually(async () =>
    expect(
      (
        await rows<{ state: string }>('select state from runs where contact_id = $1 order by state', [
          contactId,
        ])
      ).map(({ state }) => state),
    ).toEqual(['cancelled', 'waiting']),
  )
})

test('messages that arrive while people are merged are never lost', async () => {
  const [one, two] = ['491700010008', '491700010009']
  await house.text(one, 'begin')
  await house.text(two, 'begin')
  await eventually(async () => expect(await contactOf(two)).not.toBe(''))
  const [contactId, otherId] = [await contactOf(one), await contactOf(two)]
  const writing = Promise.all(
    Array.from({ length: 20 }, (_, at) => house.text(at % 2 ? one : two, `word ${at}`)),
  )
  await mergeContacts(house.deps, { workspaceId: house.workspaceId, contactId, otherId, by: 'test' })
  await writing
  await eventually(async () =>
    expect(await rows(`select 1 from messages where contact_id = $1`, [contactId])).toHaveLength(22),
  )
  expect(
    await rows('select distinct conversation_id from messages where contact_id = $1', [contactId]),
  ).toHaveLength(1)
})
