import { assignChat } from '../../src/conversations/assign.ts'
import { pickAgent, type AgentQuery } from '../../src/rules/pick-agent.ts'
import { lockChat } from '../../src/takeover/active-takeover.ts'
import { openRules, type RulesRig } from './rules-rig.ts'

let rig: RulesRig
beforeAll(async () => {
  rig = await openRules([])
})
afterAll(() => rig.close())

/** A new chat, given to whoever is picked. */
async function arrive(query: Pick<AgentQuery, 'candidates' | 'method' | 'evenIfNotFree'>) {
  const { conversationId } = await rig.chat()
  return { conversationId, ...(await give(conversationId, query)) }
}
function give(conversationId: string, query: Pick<AgentQuery, 'candidates' | 'method' | 'evenIfNotFree'>) {
  const { workspaceId } = rig
  return rig.inTransaction(async (em) => {
    await lockChat(em, workspaceId, conversationId)
    const picked = await pickAgent(em, { workspaceId, conversationId, ...query })
    await assignChat(em, { workspaceId, conversationId, userId: picked.userId, by: 'the test' })
    return picked
  })
}
const counts = async (userIds: string[]) => {
  const rows = await rig.rows<{ id: string; open: number }>(
    `select u.id, count(v.id)::int as open from users u left join conversations v on v.assigned_user_id = u.id
     where u.id = any($1) group by u.id`,
    [userIds],
  )
  return rows.map(({ open }) => open).sort((a, b) => a - b)
}

test('in turn: chats that come at the same moment are shared out evenly', async () => {
  const agents = await Promise.all(Array.from({ length: 4 }, () => rig.agent()))
  const team = await rig.group(agents)
  const chats = Array.from({ length: 30 }, () =>
    arrive({ candidates: { groupId: team.id }, method: 'round-robin' }),
  )
  await Promise.all(chats)
  expect(await counts(agents.map(({ id }) => id))).toEqual([7, 7, 8, 8])
})

test('nobody gets more than they may, however many chats come at once', async () => {
  const agents = [
    await rig.agent({ capacity: 1 }),
    await rig.agent({ capacity: 3 }),
    await rig.agent({ capacity: 0 }),
  ]
  const team = await rig.group(agents)
  const given = await Promise.all(
    Array.from({ length: 12 }, () => arrive({ candidates: { groupId: team.id }, method: 'least-busy' })),
  )
  expect(await counts(agents.map(({ id }) => id))).toEqual([0, 1, 3])
  const left = given.filter(({ userId }) => userId === null)
  expect(left).toHaveLength(8)
  expect(left[0]?.reason).toBe('nobody is free: 3 full')
})

test('a workspace has a capacity of its own for those who have none', async () => {
  const agent = await rig.agent()
  await rig.rows(
    `insert into inbox_settings (workspace_id, settings, by) values ($1, '{"agentCapacity": 1}', 'test')`,
    [rig.workspaceId],
  )
  const query = { candidates: { userIds: [agent.id] }, method: 'round-robin' as const }
  expect((await arrive(query)).userId).toBe(agent.id)
  expect((await arrive(query)).userId).toBeNull()
  await rig.rows('delete from inbox_settings where workspace_id = $1', [rig.workspaceId])
  expect((await arrive(query)).userId).toBe(agent.id)
})

test('those who are away, not seen, not at work or not there are passed over', async () => {
  const gone = await rig.agent({ away: true })
  const away = await rig.agent({ presence: 'away' })
  const asleep = await rig.agent()
  const left = await rig.agent()
  const bot = await rig.agent({ role: 'app', away: true })
  const day = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' })
    .format(Date.now() + 3 * 86_400_000)
    .toLowerCase()
  await rig.rows('update users set working_hours = $2 where id = $1', [
    asleep.id,
    { timeZone: 'UTC', windows: [{ day, from: '00:00', to: '24:00' }], holidays: [] },
  ])
  await rig.rows('update users set deactivated_at = now() where id = $1', [left.id])
  const people = [gone, away, asleep, left]
  const groupOf = async (those: { id: string }[]) => ({
    candidates: { groupId: (await rig.group(those)).id },
  })
  const nobody = await arrive({ ...(await groupOf(people)), method: 'round-robin' })
  expect(nobody).toMatchObject({ userId: null, reason: 'nobody is free: 1 offline, 1 away, 1 off-hours' })
  const anyway = await arrive({ ...(await groupOf(people)), method: 'round-robin', evenIfNotFree: true })
  expect(anyway).toMatchObject({ userId: gone.id, reason: `nobody is free, and it is ${gone.name}'s turn` })
  // A program needs no screen to be there.
  expect((await arrive({ ...(await groupOf([...people, bot])), method: 'round-robin' })).userId).toBe(bot.id)
})

test('who may not write into chats is given none, whoever says so', async () => {
  const [silent, bounded] = [await rig.agent(), await rig.agent()]
  const [muted, agent] = [await rig.agent(), await rig.agent()]
  await rig.rows(`update users set can_write_to_chats = 'none' where id = $1`, [silent.id])
  const [role] = await rig.rows<{ id: string }>(
    `insert into roles (id, workspace_id, name, levels) values (gen_random_uuid(), $1, 'reader', '{"inbox": "read"}') returning id`,
    [rig.workspaceId],
  )
  await rig.rows('update users set role_id = $2 where id = $1', [bounded.id, role?.id])
  const quiet = await rig.group([muted])
  await rig.rows(`update groups set can_write_to_chats = 'none' where id = $1`, [quiet.id])
  const userIds = [silent.id, bounded.id, muted.id]
  const give = (ids: string[]) =>
    arrive({ candidates: { userIds: ids }, method: 'round-robin', evenIfNotFree: true })
  expect((await give(userIds)).userId).toBeNull()
  expect((await give([...userIds, agent.id])).userId).toBe(agent.id)
})

test('who has the fewest, and who had it last', async () => {
  const [busy, idle] = [await rig.agent(), await rig.agent()]
  const candidates = { groupId: (await rig.group([busy, idle])).id }
  const { conversationId } = await arrive({ candidates: { userIds: [busy.id] }, method: 'round-robin' })
  expect(await arrive({ candidates, method: 'least-busy' })).toMatchObject({
    ...{ userId: idle.id, reason: `${idle.name} has the fewest chats (0)` },
  })
  await rig.inTransaction((em) =>
    assignChat(em, { workspaceId: rig.workspaceId, conversationId, userId: null, by: 'the test' }),
  )
  const again = await give(conversationId, { candidates, method: 'last-agent' })
  expect(again).toMatchObject({ userId: busy.id, reason: `${busy.name} had the chat last` })
  await rig.rows(`update users set presence = 'away' where id = $1`, [busy.id])
  expect((await give(conversationId, { candidates, method: 'last-agent' })).userId).toBe(idle.id)
})
