// Records the histories of test/histories anew: `node test/record-histories.ts <title> …` writes those courses that have no
// file yet, or the named ones. Real PostgreSQL, Temporal and sandbox; takes about half a minute.
import { existsSync } from 'node:fs'
import { migrate } from '../src/db/orm.ts'
import { trackEvent } from '../src/events/track-event.ts'
import { newId } from '../src/db/columns.ts'
import { sendFromInbox } from '../src/inbox/send-from-inbox.ts'
import { registerSearchAttributes } from '../src/temporal/search-attributes.ts'
import { chatWorkflowId, sendWorkflowId } from '../workflows/contract.ts'
import { eventually } from './support/eventually.ts'
import { buildHouse, type House } from './support/house.ts'
import { heldCourses } from './support/held-courses.ts'
import { playFetch } from './support/play-fetch.ts'
import { tendedCourses } from './support/play-lifecycle.ts'
import { playRehearsal } from './support/play-rehearsal.ts'
import { playWebhook } from './support/play-webhook.ts'
import { ruledCourses } from './support/play-ruling.ts'
import { createPostgresInstance } from './support/postgres-instance.ts'
import { runSql } from './support/run-sql.ts'
import { saveHistory as save } from './support/save-history.ts'
import { migrationCourses } from './support/migration-courses.ts'
import { takeoverCourses } from './support/takeover-courses.ts'
import { zoneCourses } from './support/zone-courses.ts'
import { createTemporalInstance } from './support/temporal-instance.ts'
import { welcomeDefinition } from './support/welcome.ts'

const hello = (text: string) => [{ type: 'user-utterance', keywords: [text] }]
const seconds = (amount: number) => ({ amount, unit: 'seconds' })

export interface Course {
  title: string
  word: string
  definition: object
  play(house: House, waId: string, tell: Tell): Promise<void>
}
interface Tell {
  sent(count: number): Promise<unknown>
  state(state: string): Promise<{ workflow_id: string; contact_id: string }>
}

const courses: Course[] = [
  {
    title: 'answered-by-button',
    word: 'hello',
    definition: welcomeDefinition(),
    async play(house, waId, { sent }) {
      await sent(1)
      await house.tap(waId, 'yes', 'Yes')
    },
  },
  {
    title: 'reminder-then-silence',
    word: 'remind',
    definition: {
      start: 'ask',
      triggers: hello('remind'),
      cards: {
        ask: {
          type: 'interactive-message',
          settings: {
            body: 'Still there?',
            buttons: [{ id: 'yes', title: 'Yes' }],
            timeout: seconds(2),
            reminder: { after: seconds(1), text: 'A reminder' },
          },
        },
      },
    },
    play: async (_house, _waId, { sent }) => void (await sent(2)),
  },
  {
    title: 'stuck-then-retried',
    word: 'stuck',
    definition: {
      start: 'say',
      triggers: hello('stuck'),
      cards: { say: { type: 'message', settings: { text: 'Hi' } } },
    },
    async play(house, _waId, { state }) {
      const run = await state('stuck')
      await house.faults([])
      const handle = house.deps.temporal.workflow.getHandle(run.workflow_id)
      await handle.executeUpdate('resolve', { args: [{ action: 'retry', vars: { fixed: true } }] })
    },
  },
  {
    title: 'event-before-delay-and-invalid-input',
    word: 'mixed',
    definition: {
      start: 'wait',
      triggers: hello('mixed'),
      cards: {
        wait: {
          type: 'time-delay',
          settings: {
            delay: { mode: 'duration', duration: { amount: 1, unit: 'days' } },
            event: { name: 'paid' },
          },
          next: { event: 'ask' },
        },
        ask: {
          type: 'user-input',
          settings: { question: 'How many?', answer: 'number', variable: 'count', attribute: 'count' },
          next: { valid: 'split' },
        },
        split: {
          type: 'run-if',
          settings: {
            branches: [
              {
                id: 'many',
                condition: { kind: 'compare', path: 'vars.count', operator: 'greater', value: 2 },
              },
            ],
          },
          next: { 'branch:many': 'pause' },
        },
        pause: {
          type: 'time-delay',
          settings: { delay: { mode: 'duration', duration: seconds(1) } },
          next: { done: 'ab' },
        },
        ab: {
          type: 'ab-splitter',
          settings: {
            paths: [
              { id: 'a', weight: 1 },
              { id: 'b', weight: 1 },
            ],
          },
          next: { 'path:a': 'set', 'path:b': 'set' },
        },
        set: {
          type: 'setup-attribute',
          settings: { assignments: [{ name: 'double', type: 'string', value: '{{vars.count}}' }] },
          next: { next: 'end' },
        },
        end: { type: 'end-conversation', settings: { close: true, goalReached: true, outcome: 'done' } },
      },
    },
    async play(house, waId, { sent, state }) {
      const run = await state('waiting')
      const { workspaceId } = house
      const event = { workspaceId, contactId: run.contact_id, type: 'paid', attributes: {}, eventId: newId() }
      await trackEvent(house.deps, { ...event, atMs: Date.now() })
      await sent(1)
      await house.text(waId, 'several')
      await sent(2)
      await house.text(waId, '3')
    },
  },
  {
    title: 'paused-resumed-cancelled',
    word: 'hold',
    definition: {
      start: 'first',
      triggers: hello('hold'),
      cards: {
        first: {
          type: 'time-delay',
          settings: { delay: { mode: 'duration', duration: seconds(1) } },
          next: { done: 'say' },
        },
        say: { type: 'message', settings: { text: 'Resumed' }, next: { next: 'last' } },
        last: {
          type: 'time-delay',
          settings: { delay: { mode: 'duration', duration: { amount: 9, unit: 'days' } } },
        },
      },
    },
    async play(house, _waId, { sent, state }) {
      const { workflow_id } = await state('waiting')
      const handle = house.deps.temporal.workflow.getHandle(workflow_id)
      await handle.signal('paused')
      await state('paused')
      await handle.signal('resumed')
      await sent(1)
      await state('waiting')
      await handle.cancel()
    },
  },
]

const allCourses = [...courses, ...takeoverCourses, ...zoneCourses, ...migrationCourses]
const wanted = process.argv.slice(2)
const folder = new URL('./histories/', import.meta.url)
const isDue = (file: URL, title: string) => (wanted.length > 0 ? wanted.includes(title) : !existsSync(file))

await record()

async function record(): Promise<void> {
  const [postgres, temporal] = await Promise.all([createPostgresInstance(), createTemporalInstance()])
  const databaseUrl = postgres.url()
  await migrate(databaseUrl)
  const house = await buildHouse(
    { databaseUrl, temporal: { address: temporal.address, namespace: 'default' } },
    { CHAT_SILENCE_MS: 4_000, OUTBOUND_ALLOW: ['127.0.0.1'] },
  )
  await registerSearchAttributes(house.deps.config)
  const worker = await house.worker()
  await runSql(databaseUrl, `insert into event_types (id, workspace_id, name) values ($1, $2, 'paid')`, [
    newId(),
    house.workspaceId,
  ])
  for (const [at, course] of allCourses.entries())
    await recordCourse(house, databaseUrl, course, `4917090000${String(at).padStart(2, '0')}`)
  await recordChat(house, databaseUrl)
  await recordSend(house, databaseUrl)
  for (const [folderName, play] of Object.entries(heldCourses))
    for (const end of ['completed', 'cancelled'] as const) {
      const file = new URL(`${folderName}/held-then-${end}.json`, folder)
      if (isDue(file, `${folderName}-held-then-${end}`)) await save(house, await play(house, end), file)
    }
  const rest = { 'rehearsal/answer-event-sleep': playRehearsal, 'fetchMedia/outage-then-ready': playFetch }
  const others = { ...ruledCourses, ...tendedCourses, ...rest, 'webhook/failed-delivered-gone': playWebhook }
  for (const [name, play] of Object.entries(others)) {
    const file = new URL(`${name}.json`, folder)
    if (isDue(file, name)) await save(house, await play(house), file)
  }
  await worker.stop()
  await house.close()
  await Promise.all([postgres.remove(), temporal.remove()])
}

async function recordCourse(house: House, databaseUrl: string, course: Course, waId: string): Promise<void> {
  const file = new URL(`journey/${course.title}.json`, folder)
  if (!isDue(file, course.title)) return
  await house.publish(course.definition, course.title)
  if (course.word === 'stuck') await house.faults([{ kind: 'error', code: 131026, match: { to: waId } }])
  await house.text(waId, course.word)
  const runOf = async () =>
    (
      await runSql(
        databaseUrl,
        `select r.* from runs r join identities i using (contact_id) where i.value = $1`,
        [waId],
      )
    ).rows[0]
  const patience = { timeoutMs: 20_000 }
  const state = (wantedState: string) =>
    eventually(async () => {
      const run = (await runOf()) as { state: string; workflow_id: string; contact_id: string } | undefined
      if (run?.state !== wantedState) throw new Error(`${course.title} is ${run?.state}, not ${wantedState}`)
      return run
    }, patience)
  const sent = (count: number) =>
    eventually(async () => {
      const messages = await house.ledger(waId)
      if (messages.length < count)
        throw new Error(`${course.title} has sent ${messages.length}, not ${count}`)
    }, patience)
  await course.play(house, waId, { sent, state })
  const run = await eventually(async () => {
    const found = (await runOf()) as { ended_at: string | null; workflow_id: string }
    if (!found.ended_at) throw new Error(`${course.title} has not ended`)
    return found
  }, patience)
  await save(house, run.workflow_id, file)
}

async function recordChat(house: House, databaseUrl: string): Promise<void> {
  const file = new URL('chat/two-turns-then-silence.json', folder)
  if (!isDue(file, 'two-turns-then-silence')) return
  const waId = '491709000099'
  await house.text(waId, 'first')
  await new Promise((resolve) => setTimeout(resolve, 500))
  await Promise.all([house.text(waId, 'second'), house.text(waId, 'third')])
  const workflowId = chatWorkflowId(house.workspaceId, await conversationOf(databaseUrl, waId))
  await house.deps.temporal.workflow.getHandle(workflowId).result()
  await save(house, workflowId, file)
}

/** WhatsApp is at its limit, then breaks the connection off, so that the status webhook has the last word. */
async function recordSend(house: House, databaseUrl: string): Promise<void> {
  const file = new URL('send/limited-then-doubtful.json', folder)
  if (!isDue(file, 'limited-then-doubtful')) return
  const waId = '491709000098'
  await house.text(waId, 'hi')
  await house.faults([
    { kind: 'error', code: 130429, match: { to: waId }, times: 1 },
    { kind: 'drop', match: { to: waId }, times: 1 },
  ])
  const message = await sendFromInbox(house.deps, {
    workspaceId: house.workspaceId,
    conversationId: await conversationOf(databaseUrl, waId),
    what: { content: { type: 'text', text: { body: 'Hello' } } },
    vars: {},
    class: 'utility',
    key: newId(),
    by: 'test',
  })
  const workflowId = sendWorkflowId(house.workspaceId, message.id)
  await eventually(() => house.deps.temporal.workflow.getHandle(workflowId).result(), { timeoutMs: 20_000 })
  await save(house, workflowId, file)
}

async function conversationOf(databaseUrl: string, waId: string): Promise<string> {
  const sql = `select v.id from conversations v join identities i using (contact_id) where i.value = $1`
  return (await runSql(databaseUrl, sql, [waId])).rows[0].id
}
