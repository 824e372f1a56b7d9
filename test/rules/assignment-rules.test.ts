import { forkFor } from '../../src/db/orm.ts'
import { routes as inboxSettings } from '../../src/lifecycle/routes.ts'
import { routes as peopleRoutes } from '../../src/people/routes.ts'
import { routes } from '../../src/rules/routes.ts'
import { assignmentDesk } from './assignment-desk.ts'
import { openRules, type RulesRig } from './rules-rig.ts'

let rig: RulesRig
beforeAll(async () => {
  rig = await openRules([...routes, ...inboxSettings, ...peopleRoutes])
})
afterAll(() => rig.close())
const { add, write, writeInto, drain, clear } = assignmentDesk(() => rig)
beforeEach(clear)

const judged = async (contactId: string) => {
  const rows = await rig.rows<{
    data: { decision: string; rules: { name: string; matched: boolean; reason: string; saw: object }[] }
  }>(`select data from facts where kind = 'assignment.judged' and contact_id = $1 order by at, id`, [
    contactId,
  ])
  return rows.map(({ data }) => data)
}

test('the first rule that fits decides; each that was looked at is in the trace, with what was seen', async () => {
  const [ann, ben, bot] = [await rig.agent(), await rig.agent(), await rig.agent({ role: 'app' })]
  await add('refunds', { when: { keywords: { words: ['refund'] } }, to: { kind: 'agent', userId: ann.id } })
  await add('germans', { when: { languages: ['de'] }, to: { kind: 'agent', userId: ben.id } })
  await add('ads', { when: { sources: ['ad'], sourceIds: ['42'] }, to: { kind: 'bot', userId: bot.id } })
  const refund = await write('I want a REFUND now')
  expect(await rig.holder(refund.conversationId)).toMatchObject({ user: ann.id })
  const german = await rig.chat()
  await rig.rows(`update contacts set language = 'de_AT' where id = $1`, [german.contactId])
  await writeInto(german, 'Hallo')
  expect(await rig.holder(german.conversationId)).toMatchObject({ user: ben.id })
  expect(await judged(german.contactId)).toMatchObject([
    {
      decision: `"germans" gave the chat away: it is ${ben.name}'s turn`,
      rules: [
        { name: 'refunds', matched: false, reason: 'the text matches no keyword (contains)' },
        { name: 'germans', matched: true, saw: { language: 'de_AT' } },
      ],
    },
  ])
  const byAd = await write('hi', { referral: { source_id: '42', source_type: 'ad' } })
  expect(await rig.holder(byAd.conversationId)).toMatchObject({ user: bot.id })
  const none = await write('hi', { referral: { source_id: '43', source_type: 'ad' } })
  expect(await rig.holder(none.conversationId)).toMatchObject({ user: null, group: null, queued: false })
  expect((await judged(none.contactId))[0]?.decision).toBe('no rule fits: the chat stays as it is')
})

test('conditions are those of segments; hours are the workspace’s or the rule’s own', async () => {
  const [ann, ben] = [await rig.agent(), await rig.agent()]
  const compare = { kind: 'compare', path: 'contact.attributes.city', operator: 'equals', value: 'Pune' }
  await add('pune', { when: { condition: compare }, to: { kind: 'agent', userId: ann.id } }, {})
  const always = { timeZone: 'UTC', windows: everyDay(), holidays: [] }
  await add('closed', {
    when: { hours: { are: 'outside', of: always } },
    to: { kind: 'agent', userId: ann.id },
  })
  await add('open', { when: { hours: { are: 'within' } }, to: { kind: 'agent', userId: ben.id } })
  const chat = await rig.chat()
  await rig.rows(`update contacts set attributes = '{"city": "Delhi"}' where id = $1`, [chat.contactId])
  await writeInto(chat, 'hi')
  expect(await judged(chat.contactId)).toMatchObject([
    {
      rules: [
        { matched: false, saw: { 'contact.attributes.city': 'Delhi' } },
        { matched: false, saw: { 'within hours': true } },
        { name: 'open', matched: true },
      ],
    },
  ])
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: ben.id })
})
function everyDay() {
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  return days.map((day) => ({ day, from: '00:00', to: '24:00' }))
}

test('what somebody has is left alone; what was closed and comes again is given anew', async () => {
  const [ann, ben] = [await rig.agent(), await rig.agent()]
  const { id } = await add('all', { to: { kind: 'agent', userId: ann.id } })
  const chat = await write()
  await rig.rows(`update users set presence = 'away' where id = $1`, [ann.id])
  await rig.ask(200, 'PATCH', `/assignment-rules/${id}`, {
    definition: { to: { kind: 'agent', userId: ben.id } },
  })
  await writeInto(chat, 'more')
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: ann.id })
  await rig.rows(
    `update conversation_episodes set opened_at = now() + interval '1 second' where conversation_id = $1`,
    [chat.conversationId],
  )
  await writeInto(chat, 'again')
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: ben.id })
})

test('nobody is free: the chat waits, or the next rule is looked at', async () => {
  const busy = await rig.agent({ capacity: 0 })
  const other = await rig.agent()
  const { id } = await add('busy', { to: { kind: 'agent', userId: busy.id }, whenNobody: 'next-rule' })
  await add('other', { to: { kind: 'agent', userId: other.id } })
  const passed = await write()
  expect(await rig.holder(passed.conversationId)).toMatchObject({ user: other.id })
  await rig.ask(200, 'PATCH', `/assignment-rules/${id}`, {
    definition: { to: { kind: 'agent', userId: busy.id } },
  })
  const waiting = await write()
  expect(await rig.holder(waiting.conversationId)).toMatchObject({ user: null, queued: true })
  expect((await judged(waiting.contactId))[0]?.decision).toBe(
    '"busy" put the chat into the queue: nobody is free: 1 full',
  )
  await writeInto(waiting, 'still there?')
  expect(await judged(waiting.contactId)).toHaveLength(1)
})

test('by hand the team is told and decides; pulled chats wait for whoever takes the next one', async () => {
  const [ann, ben] = [await rig.agent({ capacity: 1 }), await rig.agent()]
  const team = await rig.group([ann, ben])
  const { id } = await add('by hand', { to: { kind: 'team', groupId: team.id, method: 'by-hand' } })
  const chat = await write()
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: null, group: team.id, queued: false })
  await rig.ask(200, 'PATCH', `/assignment-rules/${id}`, {
    definition: { to: { kind: 'anybody', method: 'pull' } },
  })
  const [first, second] = [await write(), await write()]
  expect((await drain()).given).toBe(0)
  const { token } = rig.ours.user
  await rig.rows(`update users set capacity = 1 where id = $1`, [rig.ours.user.id])
  const next = await rig.ask<{ conversationId: string }>(200, 'POST', '/queue/next', undefined, token)
  expect(next.conversationId).toBe(first.conversationId)
  expect(await rig.holder(first.conversationId)).toMatchObject({ user: rig.ours.user.id, queued: false })
  await rig.ask(409, 'POST', '/queue/next', undefined, token)
  await rig.ask(403, 'POST', '/queue/next')
  await rig.rows(`update users set capacity = null where id = $1`, [rig.ours.user.id])
  await rig.ask(200, 'POST', '/queue/next', undefined, token)
  expect(await rig.holder(second.conversationId)).toMatchObject({ user: rig.ours.user.id })
  expect(await rig.ask(200, 'POST', '/queue/next', undefined, token)).toEqual({ conversationId: null })
})

test('the queue has places, and is drained in their order when somebody has room', async () => {
  const ann = await rig.agent({ capacity: 1 })
  const team = await rig.group([ann])
  await add('team', { to: { kind: 'team', groupId: team.id, method: 'least-busy' } })
  const chats = [await write(), await write(), await write(), await write()]
  const [had, second, third, urgent] = chats
  expect(await rig.holder(had?.conversationId ?? '')).toMatchObject({ user: ann.id })
  await rig.rows('update conversations set priority = 4 where id = $1', [urgent?.conversationId])
  interface Queued {
    conversationId: string
    position: number
    waitsFor: object
  }
  const queue = async () =>
    (await rig.ask<{ items: Queued[]; nextCursor: string | null }>(200, 'GET', '/queue')).items
  expect(await queue()).toMatchObject([
    { conversationId: urgent?.conversationId, position: 1, waitsFor: { kind: 'team', names: [team.name] } },
    { conversationId: second?.conversationId, position: 2 },
    { conversationId: third?.conversationId, position: 3 },
  ])
  const page = await rig.ask<{ items: Queued[]; nextCursor: string }>(200, 'GET', '/queue?limit=1')
  const rest = await rig.ask<{ items: Queued[] }>(200, 'GET', `/queue?cursor=${page.nextCursor}`)
  expect(rest.items.map(({ position }) => position)).toEqual([2, 3])
  expect(await drain()).toMatchObject({ given: 0, waiting: 3 })
  await rig.rows('delete from outbox')
  // Whoever closes a chat frees its holder: the queue is woken, however they close it.
  await rig.rows(`update conversations set status = 'closed' where id = $1`, [had?.conversationId])
  expect(await rig.rows(`select name, workflow_id from outbox`)).toEqual([
    { name: 'queueWoken', workflow_id: `queue/${rig.workspaceId}` },
  ])
  expect(await drain()).toMatchObject({ given: 1, waiting: 2 })
  expect(await rig.holder(urgent?.conversationId ?? '')).toMatchObject({ user: ann.id, queued: false })
  // What is closed while it waits, waits no more.
  await rig.rows(`update conversations set status = 'closed' where id = $1`, [second?.conversationId])
  await rig.rows(`update users set capacity = 2 where id = $1`, [ann.id])
  expect(await drain()).toMatchObject({ given: 1, waiting: 0 })
  expect(await rig.holder(third?.conversationId ?? '')).toMatchObject({ user: ann.id })
})

test('many at once: nobody gets more than they may, and who does not fit waits', async () => {
  const agents = [await rig.agent({ capacity: 2 }), await rig.agent({ capacity: 2 })]
  const team = await rig.group(agents)
  await add('team', { to: { kind: 'team', groupId: team.id, method: 'round-robin' } })
  const chats = await Promise.all(Array.from({ length: 10 }, () => write()))
  const open = () =>
    rig.rows<{ open: number }>(
      `select count(v.id)::int as open from users u left join conversations v on v.assigned_user_id = u.id and v.status = 'open'
       where u.id = any($1) group by u.id`,
      [agents.map(({ id }) => id)],
    )
  expect(await open()).toEqual([{ open: 2 }, { open: 2 }])
  const ids = chats.map(({ conversationId }) => conversationId)
  const closing = forkFor(rig.deps.orm, rig.workspaceId).execute(
    `update conversations set status = 'closed' where assigned_user_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [agents[0]?.id ?? '', JSON.stringify(ids)],
  )
  await Promise.all([closing, drain(), drain(), drain()])
  await drain()
  expect(await open()).toEqual([{ open: 2 }, { open: 2 }])
  const [waiting] = await rig.rows<{ count: number }>(
    'select count(*)::int from conversations where queued_at is not null and id = any($1)',
    [ids],
  )
  expect(waiting?.count).toBe(4)
})

test('a dry run says what would happen, and nothing does', async () => {
  const [away, ann] = [await rig.agent({ presence: 'away' }), await rig.agent()]
  const team = await rig.group([away, ann])
  const words = { when: { keywords: { words: ['price'] } } }
  const rule = await add('prices', {
    ...words,
    to: { kind: 'team', groupId: team.id, method: 'round-robin' },
  })
  const { conversationId } = await rig.chat()
  const trial = { conversationId, text: 'what price?' }
  for (let at = 0; at < 2; at += 1) {
    expect(await rig.ask(200, 'POST', '/assignment-rules/test', trial)).toMatchObject({
      ...{
        ruleId: rule.id,
        userId: ann.id,
        groupId: team.id,
        decision: `one would get the chat: it is ${ann.name}'s turn`,
      },
      rules: [{ matched: true, agents: [{ state: 'away' }, { state: 'free' }] }],
    })
  }
  expect(await rig.ask(200, 'POST', '/assignment-rules/test', { conversationId, text: 'hi' })).toMatchObject({
    ...{ ruleId: null, decision: 'no rule fits: the chat would stay as it is' },
  })
  expect(await rig.holder(conversationId)).toMatchObject({ user: null, queued: false })
})

test('rules are listed in order, put into another one, and refused where they name what is not there', async () => {
  const ann = await rig.agent()
  const to = { kind: 'agent', userId: ann.id }
  const [one, two, three] = [await add('one', { to }), await add('two', { to }), await add('three', { to })]
  await rig.ask(204, 'PUT', '/assignment-rules/order', { ids: [three.id, one.id, two.id] })
  const { items } = await rig.ask<{ items: { name: string }[] }>(200, 'GET', '/assignment-rules')
  expect(items.map(({ name }) => name)).toEqual(['three', 'one', 'two'])
  await rig.ask(422, 'PUT', '/assignment-rules/order', { ids: [one.id] })
  await rig.ask(204, 'DELETE', `/assignment-rules/${two.id}`)
  await rig.ask(404, 'GET', `/assignment-rules/${two.id}`)
  const refuse = (status: number, definition: object) =>
    rig.ask(status, 'POST', '/assignment-rules', { name: 'bad', definition })
  await refuse(422, { to: { kind: 'agent', userId: rig.theirs.user.id } })
  await refuse(422, { to: { kind: 'bot', userId: ann.id } })
  await refuse(422, { to: { kind: 'team', groupId: ann.id, method: 'pull' } })
  await refuse(400, { to, when: { keywords: { words: ['(a+)+$'], match: 'regex' } } })
  await refuse(400, { to: { kind: 'team', groupId: ann.id, method: 'coin' } })
  await rig.ask(403, 'POST', '/assignment-rules', { name: 'mine', definition: { to } }, rig.ours.user.token)
})
