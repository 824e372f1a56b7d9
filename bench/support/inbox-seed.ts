import type pg from 'pg'

export interface InboxSize {
  messages: number
  conversations: number
  workspaces: number
}

/** `node bench/inbox.ts 1000000 100000 50`: messages, conversations and workspaces; ten million, a million and fifty without. */
export function inboxSize(given: string[] = process.argv.slice(2)): InboxSize {
  const [messages = 10_000_000, conversations = messages / 10, workspaces = 50] = given.map(Number)
  const isWhole = [messages, conversations, workspaces].every((n) => Number.isInteger(n) && n > 0)
  if (isWhole && messages % conversations === 0 && conversations % workspaces === 0)
    return { messages, conversations, workspaces }
  throw new Error('messages must be a multiple of conversations, and these of workspaces: 1000000 100000 50')
}

const chunk = 500_000
const filled = ['contacts', 'identities', 'conversations', 'messages']

/**
 * Conversations of many workspaces, each with as many messages as the others, over the last year. Words are as frequent as words
 * are (the n-th one in a share of 1/n); three of each hundred messages hold `frequentword`, one of a thousand `middleword`,
 * and what begins with `zq` stands in twenty of a workspace. Who said it when follows from the row's number, what by chance. Indexes are built at the end.
 */
export async function fillInbox(pool: pg.Pool, workspaceId: string, size: InboxSize): Promise<void> {
  const client = await pool.connect()
  try {
    // Half an hour of foreign keys would prove nothing.
    await client.query(`set synchronous_commit = off; set statement_timeout = 0; set maintenance_work_mem = '512MB';
      set session_replication_role = replica`)
    const indexes = await dropIndexes(client)
    await client.query(places, [workspaceId, size.workspaces])
    await client.query(people, [workspaceId, size.conversations, size.workspaces])
    await client.query(chats)
    for (let from = 0; from < size.messages; from += chunk)
      await client.query(said(size), [from, Math.min(size.messages, from + chunk) - 1])
    await client.query(standing(size))
    await client.query('drop table seeded_chats')
    for (const index of indexes) await client.query(index)
    for (const table of filled) await client.query(`vacuum analyze ${table}`)
    await client.query('reset all')
  } finally {
    client.release()
  }
}

/** Of the filled tables, but for keys; returns what makes them again. */
async function dropIndexes(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid = any ($1::text[]::regclass[]) and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`,
    [filled],
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  return rows.map(({ definition }) => definition)
}

/** The same for the same number, in the form of an id. */
const idOf = (kind: string, number: string) =>
  `overlay(overlay(md5('${kind}' || ${number}) placing '4' from 13) placing '8' from 17)::uuid`
/** The first workspace is the product's own, whose keys open doors. */
const workspaceOf = (number: string) =>
  `case when ${number} = 0 then $1::uuid else ${idOf('workspace', number)} end`

const places = `with w as (
    insert into workspaces (id, name) select ${idOf('workspace', 'n')}, 'Workspace ' || n from generate_series(1, $2::int - 1) n)
  insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, sealed_access_token, sealed_app_secret,
    verify_token_hash)
  select ${idOf('number', 'n')}, ${workspaceOf('n')}, 'seeded' || n, '1', '1555000' || n, '', '', '' from generate_series(0, $2::int - 1) n`

/** A chat in three is live. Ten people have half of them. */
const people = `with seeded as (
    insert into contacts (id, workspace_id, name)
    select ${idOf('contact', 'n')}, ${workspaceOf('n % $3::int')}, 'Customer ' || n from generate_series(0, $2::int - 1) n),
  phones as (
    insert into identities (id, workspace_id, contact_id, kind, value, source)
    select gen_random_uuid(), ${workspaceOf('n % $3::int')}, ${idOf('contact', 'n')}, 'wa_id', (15550000000 + n)::text, 'bench'
    from generate_series(0, $2::int - 1) n)
  insert into conversations (id, workspace_id, number_id, contact_id, status, assigned_user_id)
  select ${idOf('chat', 'n')}, ${workspaceOf('n % $3::int')}, ${idOf('number', '(n % $3::int)')}, ${idOf('contact', 'n')},
    case when n % 3 = 0 then 'open' else 'closed' end, case when n % 2 = 0 then ${idOf('user', '(n / 2 % 10)')} end
  from generate_series(0, $2::int - 1) n`

/** A step that meets every conversation once in as many messages as there are conversations. */
const step = 7_919
const yearMs = 365 * 24 * 60 * 60_000
const word = `substr(md5(floor(exp(random() * 10.8))::text), 1, 4 + (random() * 4)::int)`
/** By numbers in a row, so that a message finds its chat. */
const chats = `create table seeded_chats as select substr(c.name, 10)::bigint as chat, v.id, v.workspace_id, v.number_id, v.contact_id
  from conversations v join contacts c on c.id = v.contact_id where c.name like 'Customer %';
  create unique index on seeded_chats (chat); analyze seeded_chats`

const said = ({
  messages,
  conversations,
  workspaces,
}: InboxSize) => `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, wamid,
    fact_id, state, send_key, created_at)
  select overlay(gen_random_uuid()::text placing substr(t.hex, 1, 8) || '-' || substr(t.hex, 9, 4) || '-7' from 1 for 15)::uuid,
    v.workspace_id, v.id, v.number_id, v.contact_id, case when u.side < 0.5 then 'in' else 'out' end, 'text', '{"type":"text"}',
    concat_ws(' ', ${Array.from({ length: 8 }, () => word).join(', ')}, case when u.frequent < 0.03 then 'frequentword' end,
      case when u.middle < 0.001 then 'middleword' end, case when u.rare < 0.05 then 'zq' || substr(md5(floor(u.rare * 20 * ${Math.max(1, Math.floor(messages / 400 / workspaces))})::text), 1, 9) end),
    'wamid.seed' || n, gen_random_uuid(), case when u.side >= 0.5 then 'accepted' end, case when u.side >= 0.5 then 'seed' || n end, t.at
  from generate_series($1::bigint, $2::bigint) n
  cross join lateral (select now() - (1 - n::float8 / ${messages}) * interval '${yearMs} ms' as at) w
  cross join lateral (select w.at, lpad(to_hex((extract(epoch from w.at) * 1000)::bigint), 12, '0') as hex) t
  cross join lateral (select random() + 0 * n as side, random() + 0 * n as frequent, random() + 0 * n as middle,
    random() + 0 * n as rare) u
  join seeded_chats v on v.chat = n * ${step} % ${conversations}`

/** Each chat's last message is one of the last that there are. */
const standing = ({ messages, conversations }: InboxSize) => `update conversations v
  set active_at = l.created_at, last_message_id = l.id, last_message_at = l.created_at, last_inbound_at = l.created_at
  from (select id, conversation_id, created_at from messages
    where wamid like 'wamid.seed%' and substr(wamid, 11)::bigint >= ${messages - conversations}) l where l.conversation_id = v.id`
