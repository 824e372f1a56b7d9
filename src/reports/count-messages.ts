/** What a campaign's counts are made of, of a message. */
const campaignColumns = [
  ...[
    'state',
    'reason_code',
    'created_at',
    'inflight_at',
    'accepted_at',
    'delivered_at',
    'read_at',
    'clicked_at',
  ],
  ...['replied_at', 'failed_at', 'converted_at', 'cost_micros', 'converted_micros'],
]

/**
 * What `returning` adds to a change of messages that is to be counted: the rows of runs as they were and as they are. Of
 * campaigns, which change thousands a second, only the columns that count: taking a whole row apart again costs more.
 */
export const countedRows = [
  `case when new.version_id is not null then old end as before, case when new.version_id is not null then new end as after`,
  `new.campaign_run_id as counted_run_id, new.workspace_id as counted_workspace_id, new.variant as counted_variant`,
  ...campaignColumns.map((column) => `old.${column} as was_${column}, new.${column} as is_${column}`),
].join(', ')

/**
 * Parts of a statement (after `with … as (…),`) that count the changes of messages which another part of it makes, for their
 * journeys and their campaigns: what each row counts for now, less what it counted for before. Whatever is told again
 * changes nothing.
 * @param changed the part of the statement that returns `countedRows`.
 */
export function countingMessages(changed: string): string {
  return `counted_of_journeys as (
    insert into journey_deltas (workspace_id, journey_id, version_id, day, counts)
    select v.workspace_id, v.journey_id, v.id, d.day, jsonb_object_agg(d.key, d.n) from (
      select (c.after).version_id, k.day, concat_ws('|', k.metric, (c.after).card_id, k.detail) as key, sum(k.n) as n
      from ${changed} as c cross join lateral (
        select b.*, -1 as n from message_marks(c.before) as b union all select a.*, 1 from message_marks(c.after) as a) as k
      where (c.after).version_id is not null and (c.after).card_id is not null
      group by 1, 2, 3 having sum(k.n) <> 0) as d
    join journey_versions v on v.id = d.version_id group by v.workspace_id, v.journey_id, v.id, d.day),
  counted_of_campaigns as (
    insert into campaign_deltas (workspace_id, run_id, at, counts)
    select d.workspace_id, d.run_id, d.at, jsonb_object_agg(d.key, d.n) from (
      select g.workspace_id, g.run_id, t.at, concat(s.metric, '|', g.variant, '|', t.detail) as key, sum(t.n * g.rows) as n
      from (${alike(changed)}) as g cross join lateral (values ${moves}) as s(metric, b_at, b_detail, b_n, a_at, a_detail, a_n)
      cross join lateral (values (s.b_at, s.b_detail, -s.b_n), (s.a_at, s.a_detail, s.a_n)) as t(at, detail, n)
      where t.at is not null and t.n <> 0
        and (s.a_at is distinct from s.b_at or s.a_n <> s.b_n or s.a_at is not null and s.a_detail <> s.b_detail)
      group by 1, 2, 3, 4 having sum(t.n * g.rows) <> 0) as d
    group by 1, 2, 3)`
}

/** A moment of a message by the minute, before and after: `sent_b`, `sent_a`. */
const moments: Record<string, (of: 'was' | 'is') => string> = {
  planned: (of) => `case when c.${of}_state in ('planned', 'inflight') then c.${of}_created_at end`,
  sent: (of) => `c.${of}_accepted_at`,
  accepted: (of) => `case when c.${of}_state = 'accepted' then c.${of}_accepted_at end`,
  // WhatsApp leaves it out when a message is read at once.
  delivered: (of) => `coalesce(c.${of}_delivered_at, c.${of}_read_at)`,
  read: (of) => `c.${of}_read_at`,
  clicked: (of) => `c.${of}_clicked_at`,
  replied: (of) => `c.${of}_replied_at`,
  failed: (of) =>
    `case when c.${of}_state = 'failed' then coalesce(c.${of}_failed_at, c.${of}_inflight_at, c.${of}_created_at) end`,
  refused: (of) =>
    `case when c.${of}_state = 'failed' and c.${of}_accepted_at is null then coalesce(c.${of}_failed_at, c.${of}_inflight_at, c.${of}_created_at) end`,
  skipped: (of) =>
    `case when c.${of}_state = 'skipped' then coalesce(c.${of}_inflight_at, c.${of}_created_at) end`,
  unknown: (of) => `case when c.${of}_state = 'unknown' then c.${of}_created_at end`,
  converted: (of) => `c.${of}_converted_at`,
}
const explained = ['failed', 'refused', 'skipped']

/** Messages that count alike are looked at once: in one breath nearly all of a run do. */
function alike(changed: string): string {
  const sides = [
    ['was', 'b'],
    ['is', 'a'],
  ] as const
  const minutes = Object.entries(moments).flatMap(([name, momentOf]) =>
    sides.map(([of, side]) => `date_trunc('minute', ${momentOf(of)}) as ${name}_${side}`),
  )
  const details = sides.flatMap(([of, side]) => [
    `case when c.${of}_state in ('failed', 'skipped') then coalesce(c.${of}_reason_code, 'unknown') else '' end as reason_${side}`,
    `coalesce(c.${of}_cost_micros, 0) as cost_${side}`,
    `coalesce(c.${of}_converted_micros, 0) as value_${side}`,
  ])
  return `select c.counted_workspace_id as workspace_id, c.counted_run_id as run_id, c.counted_variant as variant,
      ${[...minutes, ...details].join(', ')}, count(*) as rows
    from ${changed} as c where c.counted_run_id is not null group by ${Array.from({ length: 3 + minutes.length + details.length }, (_, at) => at + 1).join(', ')}`
}

/** The same as the function \`campaign_moves\`, which counts a run anew from its rows: metric, then before and after. */
const moves = [
  ...Object.keys(moments).map((name) => {
    const detail = (side: string) => (explained.includes(name) ? `g.reason_${side}` : `''`)
    return `('${name}', g.${name}_b, ${detail('b')}, 1::bigint, g.${name}_a, ${detail('a')}, 1::bigint)`
  }),
  `('cost', g.sent_b, '', g.cost_b, g.sent_a, '', g.cost_a)`,
  `('value', g.converted_b, '', g.value_b, g.converted_a, '', g.value_a)`,
].join(', ')
