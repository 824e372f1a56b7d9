import { newId } from '../../src/db/columns.ts'
import { ruleTagging } from '../../src/rules/route-chat.ts'
import { openRules, type RulesRig } from './rules-rig.ts'

let rig: RulesRig
beforeAll(async () => {
  rig = await openRules([])
})
afterAll(() => rig.close())

let tags = 0
async function tag() {
  const id = newId()
  await rig.rows('insert into tags (id, workspace_id, name) values ($1, $2, $3)', [
    ...[id, rig.workspaceId, `tag ${(tags += 1)}`],
  ])
  return id
}
const rule = (
  to: { tagId: string | null; userId?: string; groupId?: string; method?: string },
  position = 0,
) =>
  rig.rows(
    `insert into tag_rules (id, workspace_id, position, tag_id, user_id, group_id, method, by)
     values ($1, $2, $3, $4, $5, $6, $7, 'test')`,
    [newId(), rig.workspaceId, position, to.tagId, to.userId ?? null, to.groupId ?? null, to.method ?? null],
  )
async function tagging(conversationId: string, tagId: string, { kind = 'chat', action = 'added' } = {}) {
  const id = newId()
  await rig.rows(
    `insert into tagging_events (id, workspace_id, kind, action, tag_id, conversation_id, by) values ($1, $2, $3, $4, $5, $6, 'test')`,
    [id, rig.workspaceId, kind, action, tagId, conversationId],
  )
  return id
}
const told = (...eventIds: string[]) =>
  rig.inTransaction((em) => ruleTagging(em, { workspaceId: rig.workspaceId, eventIds }))
const eventsOf = (conversationId: string) =>
  rig.rows<{ user_set: string | null; group_set: string | null; reason: object }>(
    'select user_set, group_set, reason from assignment_events where conversation_id = $1 order by id',
    [conversationId],
  )

test('a tag gives the chat to a user, one of a group in turn, or a group that decides', async () => {
  const [bot, ann, ben] = [await rig.agent({ role: 'app' }), await rig.agent(), await rig.agent()]
  const team = await rig.group([ann, ben])
  const [toBot, inTurn, decide] = [await tag(), await tag(), await tag()]
  await rule({ tagId: toBot, userId: bot.id })
  await rule({ tagId: inTurn, groupId: team.id, method: 'round_robin' })
  await rule({ tagId: decide, groupId: team.id, method: 'let_group_decide' })
  const { conversationId } = await rig.chat()
  await told(await tagging(conversationId, toBot))
  expect(await rig.holder(conversationId)).toMatchObject({ user: bot.id, group: null })
  await told(await tagging(conversationId, decide))
  expect(await rig.holder(conversationId)).toMatchObject({ user: null, group: team.id })
  const holders = []
  for (let at = 0; at < 3; at += 1) {
    await told(await tagging(conversationId, inTurn))
    holders.push((await rig.holder(conversationId))?.user)
  }
  expect(holders).toEqual([ann.id, ben.id, ann.id])
})

test('a tagged message tags its chat: one reason, one choice, and what changes nothing is no event', async () => {
  const [ann, ben] = [await rig.agent(), await rig.agent()]
  const team = await rig.group([ann, ben])
  const [inTurn, decide] = [await tag(), await tag()]
  await rule({ tagId: inTurn, groupId: team.id, method: 'round_robin' })
  await rule({ tagId: decide, groupId: team.id, method: 'let_group_decide' })
  const { conversationId } = await rig.chat()
  const both = [
    await tagging(conversationId, inTurn),
    await tagging(conversationId, inTurn, { kind: 'message' }),
  ]
  await told(...both)
  expect(await eventsOf(conversationId)).toEqual([
    {
      ...{ user_set: ann.id, group_set: team.id },
      reason: expect.objectContaining({
        why: expect.stringMatching(/^the chat was tagged "tag \d+"$/) as string,
      }) as object,
    },
  ])
  await told(await tagging(conversationId, decide))
  await told(await tagging(conversationId, decide))
  expect(await eventsOf(conversationId)).toHaveLength(2)
})

test('the first rule of a tag counts; a tag taken away, and one without a rule, do nothing', async () => {
  const [ann, ben] = [await rig.agent(), await rig.agent()]
  const [ours, other] = [await tag(), await tag()]
  await rule({ tagId: ours, userId: ben.id }, 2)
  await rule({ tagId: ours, userId: ann.id }, 1)
  const { conversationId } = await rig.chat()
  await told(await tagging(conversationId, ours, { action: 'removed' }), await tagging(conversationId, other))
  expect(await rig.holder(conversationId)).toMatchObject({ user: null, group: null })
  await told(await tagging(conversationId, ours))
  expect(await rig.holder(conversationId)).toMatchObject({ user: ann.id })
})

test('a rule for somebody who has left is passed over', async () => {
  const [gone, ann, vip, chat] = [await rig.agent(), await rig.agent(), await tag(), await rig.chat()]
  await rule({ tagId: vip, userId: gone.id })
  await rule({ tagId: vip, userId: ann.id }, 1)
  await rig.rows('update users set deactivated_at = now() where id = $1', [gone.id])
  await told(await tagging(chat.conversationId, vip))
  expect(await rig.holder(chat.conversationId)).toMatchObject({ user: ann.id })
})
