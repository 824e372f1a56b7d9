import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { ruleTagging } from '../../src/rules/route-chat.ts'
import { saveEngine } from '../../src/rules/save-engine.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { findPython } from '../support/python.ts'
import { welcomeDefinition } from '../support/welcome.ts'

// The document's own example, as it stands there: it knows a bot 42 and a group of agents 23.
const example = fileURLToPath(new URL('../fixtures/rule_engine_example.py', import.meta.url))
const runner = fileURLToPath(new URL('../fixtures/run_on_port.py', import.meta.url))
const python = await findPython(['aiohttp==3.14.5', 'loguru==0.7.3'])
if ('missing' in python) console.warn(`the rule engine in Python is not tested: ${python.missing}`)

let house: OpenHouse
let program: ChildProcess | undefined
let port: number
beforeAll(async () => {
  if ('missing' in python) return
  port = await freePort()
  house = await openHouse({ OUTBOUND_ALLOW: [`127.0.0.1:${port}`] })
  await start(python.executable)
  const { workspaceId, deps } = house
  await saveEngine(deps, {
    ...{ workspaceId, by: 'test', url: `http://127.0.0.1:${port}/webhook` },
    ...{ headers: {}, timeoutMs: 10_000, enabled: true },
  })
  await house.rows(
    `insert into users (id, number, workspace_id, username, role, activated_at)
     overriding system value values ($1, 42, $2, 'bot', 'app', now())`,
    [newId(), workspaceId],
  )
  await house.rows(
    `insert into groups (id, number, workspace_id, name) overriding system value values ($1, 23, $2, 'Agents')`,
    [newId(), workspaceId],
  )
}, 600_000)
afterAll(async () => {
  await stop()
  if (!('missing' in python)) await house.close()
})

async function start(executable: string): Promise<void> {
  program = spawn(executable, [runner, String(port), example], { stdio: 'ignore' })
  await eventually(() => fetch(`http://127.0.0.1:${port}/`), { timeoutMs: 60_000 })
}
async function stop(): Promise<void> {
  if (!program || program.exitCode !== null || program.signalCode !== null) return
  program.kill('SIGKILL')
  await once(program, 'exit')
}

interface Chat {
  id: string
  user: number | null
  group: number | null
  held: boolean
  message: string
}
const chatOf = (waId: string, is: (chat: Chat) => boolean) =>
  eventually(async () => {
    const [chat] = await house.rows<Chat>(
      `select v.id, u.number::int as user, g.number::int as group,
         exists (select 1 from holds h where h.scope_id = v.contact_id and h.kind = 'agent' and h.released_at is null) as held,
         (select m.id from messages m where m.conversation_id = v.id and m.direction = 'in' order by m.id desc limit 1) as message
       from conversations v join identities i using (contact_id) left join users u on u.id = v.assigned_user_id
       left join groups g on g.id = v.assigned_group_id where i.value = $1`,
      [waId],
    )
    if (!chat || !is(chat)) throw new Error(`the chat is ${JSON.stringify(chat)}`)
    return chat
  })

/** As a tagged message tags its chat: two taggings in one transaction. */
async function tag({ id, message }: Chat, name: string): Promise<void> {
  const { workspaceId, deps } = house
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const [row] = await em.execute<{ id: string }[]>(
      `insert into tags (id, workspace_id, name) values (?, ?, ?)
       on conflict (workspace_id, name) do update set name = excluded.name returning id`,
      [newId(), workspaceId, name],
    )
    const eventIds = [newId(), newId()]
    for (const [at, kind] of ['message', 'chat'].entries()) {
      await em.execute(
        `insert into tagging_events (id, workspace_id, kind, action, tag_id, conversation_id, message_id, by)
         values (?, ?, ?, 'added', ?, ?, ?, 'test')`,
        [eventIds[at] ?? '', workspaceId, kind, row?.id ?? '', id, kind === 'message' ? message : null],
      )
    }
    return ruleTagging(em, { workspaceId, eventIds })
  })
  relaySoon(deps, outbox)
}
const factsOf = (kind: string) =>
  house.rows<{ data: { about: string; entries?: { done: boolean; words: string }[]; reason?: string } }>(
    'select data from facts where kind = $1 order by at, id',
    [kind],
  )

const withPython = 'missing' in python ? test.skip : test

withPython('every new message goes to bot 42, which holds the chat: no journey answers', async () => {
  await house.publish(welcomeDefinition())
  await house.text('491700004201', 'hello')
  const chat = await chatOf('491700004201', ({ user }) => user === 42)
  expect(chat).toMatchObject({ group: null, held: true })
  const verdict = () =>
    house.rows<{ data: { candidates: { matched: boolean; started: boolean; reason: string }[] } }>(
      `select data from facts where kind = 'trigger.evaluated'`,
    )
  await eventually(async () => expect(await verdict()).toHaveLength(1))
  const [judged] = await verdict()
  expect(judged?.data.candidates).toMatchObject([
    { matched: true, started: false, reason: expect.stringContaining('has the chat') as string },
  ])
  expect(await house.ledger('491700004201')).toEqual([])
})

withPython(
  'a message tagged "Agent needed" is told twice, and the agents decide who takes the chat',
  async () => {
    const before = (await factsOf('engine.answered')).length
    const chat = await chatOf('491700004201', () => true)
    await tag(chat, 'Agent needed')
    expect(await chatOf('491700004201', ({ group }) => group === 23)).toMatchObject({
      user: null,
      held: false,
    })
    await eventually(async () => expect(await factsOf('engine.answered')).toHaveLength(before + 2))
    const told = (await factsOf('engine.answered')).filter(({ data }) => data.about === 'tagged')
    expect(
      told
        .flatMap(({ data }) => data.entries ?? [])
        .map(({ words }) => words)
        .sort(),
    ).toEqual(['it was so already', 'the group decides who takes it'])
    // Twice told, once done.
    const events = await house.rows('select 1 from assignment_events where conversation_id = $1', [chat.id])
    expect(events).toHaveLength(2)
    await tag(chat, 'No spam')
    await eventually(async () => expect(await factsOf('engine.answered')).toHaveLength(before + 4))
    expect(await chatOf('491700004201', () => true)).toMatchObject({ group: 23, user: null })
  },
)

withPython('when it is gone the default rules decide, and it is shown that it is gone', async () => {
  await stop()
  await house.rows(
    `insert into tag_rules (id, workspace_id, position, group_id, method, by)
     select $1, $2, 0, id, 'let_group_decide', 'test' from groups where number = 23`,
    [newId(), house.workspaceId],
  )
  await house.text('491700004202', 'hello')
  expect(await chatOf('491700004202', ({ group }) => group === 23)).toMatchObject({ user: null })
  // People have it, who write when they will: the journey answers.
  await eventually(async () => expect(await house.ledger('491700004202')).toHaveLength(1))
  const [engine] = await house.rows<{ failing_since: string | null; last_error: string }>(
    'select failing_since, last_error from rule_engines',
  )
  expect(engine?.failing_since).not.toBeNull()
  expect(engine?.last_error).toContain('ECONNREFUSED')
  expect(await factsOf('engine.failed')).toMatchObject([{ data: { about: 'received' } }])
})
