import fc from 'fast-check'
import { runSql } from './run-sql.ts'
import { anyText, attributes, known, momentMs, tagNames, zones } from './random-values.ts'

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 })
const moment = momentMs.map((ms) => new Date(ms).toISOString())
const text = maybe(anyText)

const person = fc.record({
  id: fc.uuid(),
  ...{ name: text, first_name: text, last_name: text, email: text, language: text, gender: text, city: text },
  ...{ state: text, country: text, source: text },
  time_zone: maybe(fc.constantFrom(...zones)),
  date_of_birth: maybe(fc.constantFrom('1990-11-21', '1990-11-24', '2000-02-29', '2026-11-22', '1980-11-20')),
  attributes,
  tags: fc.uniqueArray(fc.constantFrom(...tagNames), { maxLength: 3 }),
  opted_out_at: fc.option(moment, { nil: null, freq: 5 }),
  last_seen_at: maybe(moment),
  spam_at: maybe(moment),
  created_at: moment,
})
const event = fc.record({
  type: fc.constantFrom('purchase', 'visit', 'tag_added'),
  attributes: fc.dictionary(
    fc.constantFrom('amount', 'item', 'list', 'tag', 'text'),
    fc.oneof(anyText, fc.constantFrom(1, 7, 12.5, true, null, ['gold', 7], { a: 'Gold' })),
  ),
  at: moment,
})
const message = fc.record({
  direction: fc.constantFrom('in', 'out'),
  type: fc.constantFrom('text', 'button', 'interactive'),
  reply: fc.constantFrom('button_reply', 'list_reply', 'nfm_reply'),
  text: anyText,
  quotes: fc.boolean(),
  campaign_id: maybe(fc.constantFrom(...known.campaigns)),
  ...{
    accepted_at: maybe(moment),
    sent_at: maybe(moment),
    delivered_at: maybe(moment),
    read_at: maybe(moment),
  },
  failed_at: maybe(moment),
  created_at: moment,
})
const run = fc.record({
  journey_id: fc.constantFrom(...known.journeys),
  state: fc.constantFrom('running', 'waiting', 'stuck', 'completed', 'exited', 'cancelled', 'failed'),
  goal_reached: maybe(fc.boolean()),
  started_at: moment,
  ended_at: maybe(moment),
})
const oneContact = fc.record({
  person,
  identities: fc.subarray(['wa_id', 'username', 'external']),
  events: fc.array(event, { maxLength: 6 }),
  segments: fc.subarray(known.segments),
  windows: fc.array(fc.tuple(fc.constantFrom(...known.numbers), maybe(moment)), { maxLength: 2 }),
  messages: fc.array(message, { maxLength: 4 }),
  runs: fc.array(run, { maxLength: 3 }),
  consents: fc.dictionary(
    fc.constantFrom('marketing', 'utility', 'authentication'),
    fc.constantFrom('opted_in', 'opted_out'),
  ),
})

/** Fills a database with contacts of every shape, in one workspace, and returns their ids. */
export async function makeAudience(
  url: string,
  workspaceId: string,
  options: { seed: number; contacts: number },
): Promise<string[]> {
  const contacts = fc.sample(oneContact, { seed: options.seed, numRuns: options.contacts })
  await makeSurroundings(url, workspaceId)
  const of = <T extends object>(rows: (contact: (typeof contacts)[number]) => T[]) =>
    contacts.flatMap((contact) =>
      rows(contact).map((row) => ({ ...row, workspace_id: workspaceId, contact_id: contact.person.id })),
    )
  await insert(
    url,
    'contacts',
    contacts.map(({ person: { tags, ...rest } }) => ({
      ...rest,
      workspace_id: workspaceId,
      tags: toArray(tags),
    })),
  )
  await insert(
    url,
    'identities',
    of(({ identities, person: { id } }) =>
      identities.flatMap((kind, at) =>
        ['old', 'new'].map((which) => ({
          ...{
            id: crypto.randomUUID(),
            kind,
            scope: '',
            value: `${which}${at}${id}`,
            source: 'test',
          },
          ...{ valid_from: which === 'old' ? '2020-01-01' : '2025-01-01', valid_to: null },
        })),
      ),
    ),
  )
  await insert(
    url,
    'events',
    of(({ events }) => events.map((each) => ({ ...each, id: crypto.randomUUID() }))),
  )
  await insert(
    url,
    'segment_members',
    of(({ segments }) => segments.map((segment_id) => ({ segment_id, entered_at: 'now' }))),
  )
  await insert(
    url,
    'consents',
    of(({ consents }) =>
      Object.entries(consents).map(([category, state]) => ({
        ...{ category, state, source: 'test', by: 'test', at: 'now', cause_id: crypto.randomUUID() },
      })),
    ),
  )
  await insertConversations(url, of)
  return contacts.map(({ person: { id } }) => id)
}

type Made = typeof oneContact extends fc.Arbitrary<infer T> ? T : never
type RowsOf = <T extends object>(rows: (contact: Made) => T[]) => (T & { contact_id: string })[]

async function insertConversations(url: string, of: RowsOf): Promise<void> {
  const conversations = of(({ windows }) => {
    const ends = new Map([...known.numbers.map((number) => [number, null] as const), ...windows])
    return [...ends].map(([number_id, window_ends_at]) => ({
      id: crypto.randomUUID(),
      number_id,
      window_ends_at,
      pair_free_at: 'now',
    }))
  })
  await insert(url, 'conversations', conversations)
  const conversationOf = new Map(conversations.map(({ contact_id, id }) => [contact_id, id]))
  await insert(
    url,
    'messages',
    of(({ messages, person: { id } }) =>
      messages.map(({ reply, quotes, ...each }, at) => ({
        ...each,
        ...{
          id: crypto.randomUUID(),
          conversation_id: conversationOf.get(id),
          number_id: known.numbers[0],
          fact_id: crypto.randomUUID(),
        },
        ...{
          content: { interactive: { type: reply } },
          wamid: `w${id}${at}`,
          context_wamid: quotes ? `w${id}${(at + 1) % 3}` : null,
        },
        ...{ state: each.direction === 'out' ? 'accepted' : null, attempt: 0, epoch: 0 },
      })),
    ),
  )
  await insert(
    url,
    'runs',
    of(({ runs, person: { id } }) =>
      runs.map((each) => ({
        ...each,
        ...{
          id: crypto.randomUUID(),
          version_id: each.journey_id,
          conversation_id: conversationOf.get(id),
          number_id: known.numbers[0],
        },
        ...{
          lineage_id: crypto.randomUUID(),
          entry: crypto.randomUUID(),
          workflow_id: crypto.randomUUID(),
          vars: {},
          epoch: 0,
        },
        ...{ fact_id: crypto.randomUUID(), updated_at: 'now' },
      })),
    ),
  )
}

async function makeSurroundings(url: string, workspaceId: string): Promise<void> {
  const base = { workspace_id: workspaceId, created_at: 'now' }
  await insert(
    url,
    'phone_numbers',
    known.numbers.map((id) => ({
      ...{
        ...base,
        id,
        phone_number_id: id,
        waba_id: 'w',
        display_number: id,
        portfolio_id: 'p',
        sealed_access_token: 's',
      },
      ...{ sealed_app_secret: 's', verify_token_hash: 'h', messages_per_second: 80, next_slot_at: 'now' },
    })),
  )
  await insert(
    url,
    'segments',
    known.segments.map((id) => ({
      ...{
        ...base,
        id,
        name: id,
        kind: 'static',
        depends_on: '{}',
        time_dependent: false,
        updated_at: 'now',
      },
    })),
  )
  await insert(
    url,
    'journeys',
    known.journeys.map((id) => ({
      ...{ ...base, id, number_id: known.numbers[0], name: id, draft: {}, updated_at: 'now' },
    })),
  )
  await insert(
    url,
    'journey_versions',
    known.journeys.map((id) => ({
      ...{ workspace_id: workspaceId, id, journey_id: id, number: 1, definition: {}, published_at: 'now' },
    })),
  )
}

/** Rows as JSON, columns by their names. */
async function insert(url: string, table: string, rows: object[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys({ updated_at: '', ...first })
    .filter((name) => name in first)
    .map((name) => `"${name}"`)
  await runSql(
    url,
    `insert into ${table} (${columns.join(', ')}) select ${columns.join(', ')}
     from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  )
}

function toArray(tags: string[]): string {
  return `{${tags.map((tag) => JSON.stringify(tag)).join(',')}}`
}
