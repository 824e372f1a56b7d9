import { Migration } from '@mikro-orm/migrations'

/** Campaigns, their runs and recipients, what number and portfolio allow, and what runs are counted by. */
export class Campaigns extends Migration {
  override up(): void {
    for (const statement of [campaigns, recipients, messages, counters, limits, variables, callers])
      this.addSql(statement)
  }
}

/** Each run is its own: it freezes the definition that it goes by. A triggered or drip campaign has a journey that runs it. */
const campaigns = `
create table campaigns (
  id uuid primary key, workspace_id uuid not null references workspaces, number_id uuid not null references phone_numbers,
  ref text not null, name text not null, kind text not null, draft jsonb not null, state text not null default 'draft',
  journey_id uuid references journeys, last_run_number int not null default 0, by text not null, fact_id uuid not null,
  archived_at timestamptz, created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (workspace_id, ref), check (kind in ('one-time', 'recurring', 'triggered', 'drip', 'api')),
  check (state in ('draft', 'scheduled', 'active', 'paused', 'ended')));
create index campaigns_page on campaigns (workspace_id, id desc);
create unique index campaigns_journey on campaigns (journey_id) where journey_id is not null;
create table campaign_runs (
  id uuid primary key, workspace_id uuid not null, campaign_id uuid not null references campaigns, number int not null,
  state text not null default 'scheduled', reason text, definition jsonb not null, starts_at timestamptz not null,
  workflow_id text not null unique, by text not null, cause_id uuid, fact_id uuid not null,
  messages_per_second real, budget_micros bigint, spent_micros bigint not null default 0, currency text,
  audience int, intended int, skipped int, winner text, canary jsonb, stopped_by text,
  follow_up_at timestamptz, follow_up_idle int not null default 0, follow_up_seen bigint, follow_up_rest timestamptz,
  planned_at timestamptz, sending_at timestamptz, sent_at timestamptz, ended_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (campaign_id, number), check (state in
    ('scheduled', 'planning', 'sending', 'paused', 'settling', 'completed', 'cancelled', 'stopped', 'failed')));
create index campaign_runs_page on campaign_runs (workspace_id, id desc);
create index campaign_runs_live on campaign_runs (workspace_id, state) where ended_at is null;
create index campaign_runs_follow_up on campaign_runs (follow_up_at) where follow_up_at is not null;`

/**
 * One row a person of the audience, written once, when the run is planned. Whoever is to get the message has a place from 1 on
 * in the order of sending; whoever is left out has one below 0 and the reason. A lane sends from one number, and its cursor is
 * the last place that has gone over into the ledger. Of whoever was held out it says whether they did without a message what the
 * run was for. What followed for somebody from the message has a row, written with it.
 */
const recipients = `
create table campaign_recipients (
  run_id uuid not null, lane smallint not null, seq int not null, workspace_id uuid not null, contact_id uuid not null,
  variant text, due_at timestamptz not null, given jsonb, skipped text, skip_reason text, converted_at timestamptz,
  primary key (run_id, lane, seq));
create unique index campaign_recipients_contact on campaign_recipients (run_id, contact_id);
create index campaign_recipients_left_out on campaign_recipients (contact_id) where skipped is not null;
create index campaign_recipients_given on campaign_recipients (contact_id) where given is not null;
create table campaign_follow_ups (
  run_id uuid not null, follow_up text not null, contact_id uuid not null, workspace_id uuid not null,
  outcome text not null, reason text, fact_id uuid not null, at timestamptz not null default now(),
  primary key (run_id, follow_up, contact_id));
create table campaign_lanes (
  run_id uuid not null references campaign_runs, lane smallint not null, workspace_id uuid not null, number_id uuid not null,
  last_seq int not null default 0, cursor int not null default 0, primary key (run_id, lane));`

/** A message that waits for its next attempt is 'planned' and due. */
const messages = `
alter table messages add column campaign_run_id uuid, add column variant text, add column due_at timestamptz,
  add column cost_micros bigint, add column converted_at timestamptz, add column converted_micros bigint;
drop index messages_campaign;
create index messages_campaign on messages (campaign_id, id) where campaign_id is not null;
create index messages_campaign_run on messages (campaign_run_id, id) where campaign_run_id is not null;
create index messages_campaign_due on messages (campaign_run_id, due_at)
  where campaign_run_id is not null and state = 'planned';
alter table conversations add column initiated_at timestamptz, add column campaigned_at timestamptz;`

/**
 * As journeys': deltas \`metric|variant|detail\` of one statement, folded into minutes, and once more into '-infinity' for all
 * time. What a message counts for when it changes: only what is new, and what it takes back.
 */
const counters = `
create table campaign_deltas (
  id bigint generated always as identity primary key, workspace_id uuid not null, run_id uuid not null, at timestamptz not null,
  counts jsonb not null) with (autovacuum_vacuum_scale_factor = 0.01);
create index campaign_deltas_run on campaign_deltas (run_id);
create table campaign_counters (
  workspace_id uuid not null, run_id uuid not null references campaign_runs, at timestamptz not null, metric text not null,
  variant text not null, detail text not null, n bigint not null, primary key (run_id, at, metric, variant, detail))
  with (fillfactor = 80);
create view campaign_counts as
  select workspace_id, run_id, at, metric, variant, detail, n from campaign_counters
  union all
  select d.workspace_id, d.run_id, s.at, split_part(c.key, '|', 1), split_part(c.key, '|', 2),
    substring(c.key from '^[^|]*[|][^|]*[|](.*)$'), c.value::bigint
  from campaign_deltas d cross join lateral (values (d.at), ('-infinity'::timestamptz)) as s(at)
    cross join lateral jsonb_each_text(d.counts) as c;
create function campaign_moves(b messages, a messages) returns table (at timestamptz, metric text, detail text, n bigint)
  language sql stable as $$
  select date_trunc('minute', t.at), s.metric, t.detail, t.n from (values
    ('planned', case when b.state in ('planned', 'inflight') then b.created_at end, '', 1::bigint,
      case when a.state in ('planned', 'inflight') then a.created_at end, '', 1::bigint),
    ('sent', b.accepted_at, '', 1, a.accepted_at, '', 1),
    ('accepted', case when b.state = 'accepted' then b.accepted_at end, '', 1,
      case when a.state = 'accepted' then a.accepted_at end, '', 1),
    ('delivered', coalesce(b.delivered_at, b.read_at), '', 1, coalesce(a.delivered_at, a.read_at), '', 1), ('read', b.read_at, '', 1, a.read_at, '', 1),
    ('clicked', b.clicked_at, '', 1, a.clicked_at, '', 1), ('replied', b.replied_at, '', 1, a.replied_at, '', 1),
    ('failed', case when b.state = 'failed' then coalesce(b.failed_at, b.inflight_at, b.created_at) end, coalesce(b.reason_code, 'unknown'), 1,
      case when a.state = 'failed' then coalesce(a.failed_at, a.inflight_at, a.created_at) end, coalesce(a.reason_code, 'unknown'), 1),
    ('refused', case when b.state = 'failed' and b.accepted_at is null then coalesce(b.failed_at, b.inflight_at, b.created_at) end,
      coalesce(b.reason_code, 'unknown'), 1, case when a.state = 'failed' and a.accepted_at is null then coalesce(a.failed_at, a.inflight_at, a.created_at) end,
      coalesce(a.reason_code, 'unknown'), 1),
    ('skipped', case when b.state = 'skipped' then coalesce(b.inflight_at, b.created_at) end, coalesce(b.reason_code, 'unknown'), 1,
      case when a.state = 'skipped' then coalesce(a.inflight_at, a.created_at) end, coalesce(a.reason_code, 'unknown'), 1),
    ('unknown', case when b.state = 'unknown' then b.created_at end, '', 1,
      case when a.state = 'unknown' then a.created_at end, '', 1),
    ('cost', b.accepted_at, '', coalesce(b.cost_micros, 0), a.accepted_at, '', coalesce(a.cost_micros, 0)),
    ('converted', b.converted_at, '', 1, a.converted_at, '', 1),
    ('value', b.converted_at, '', coalesce(b.converted_micros, 0), a.converted_at, '', coalesce(a.converted_micros, 0))
  ) as s(metric, b_at, b_detail, b_n, a_at, a_detail, a_n)
  cross join lateral (values (s.b_at, s.b_detail, -s.b_n), (s.a_at, s.a_detail, s.a_n)) as t(at, detail, n)
  where t.at is not null and t.n <> 0
    and (s.a_at is distinct from s.b_at or s.a_n <> s.b_n or s.a_at is not null and s.a_detail <> s.b_detail) $$;
create index campaign_runs_conversion on campaign_runs (workspace_id, (definition #>> '{conversion,event}'))
  where definition #>> '{conversion,event}' is not null;`

/**
 * What stops a number's campaigns or one of its templates, or slows them down, by the autopilot or by hand. People whom a
 * portfolio wrote to first are counted by the minute of the last time, which their conversation keeps: the sum over a day is
 * WhatsApp's own measure. An address that nothing reaches is one until its owner writes.
 */
const limits = `
create table number_stops (
  id uuid primary key, workspace_id uuid not null, number_id uuid not null references phone_numbers, scope text not null,
  template text, code text, reason text not null, by text not null, factor real, until timestamptz, fact_id uuid not null,
  placed_at timestamptz not null default now(), lifted_at timestamptz, lifted_by text,
  check (scope in ('campaigns', 'template', 'pace')));
create unique index number_stops_live on number_stops (number_id, scope, coalesce(template, '')) where lifted_at is null;
create table autopilot_policies (
  number_id uuid primary key references phone_numbers, workspace_id uuid not null, policy jsonb not null, by text not null,
  updated_at timestamptz not null default now());
create table initiated_minutes (
  workspace_id uuid not null, portfolio_id text not null, minute timestamptz not null, n int not null,
  primary key (workspace_id, portfolio_id, minute));
alter table identities add column unreachable_at timestamptz, add column unreachable_code text;
alter table phone_numbers add column quality text, add column throughput text, add column restriction text,
  add column limit_known_at timestamptz, add column health_at timestamptz;`

/** Named columns of values a phone number, as uploaded or as answers brought them. */
const variables = `
create table variable_groups (
  id uuid primary key, workspace_id uuid not null references workspaces, ref text not null, name text not null,
  description text not null default '', fields jsonb not null, source text not null default 'api', campaign_id uuid,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(), unique (workspace_id, ref));
create table variable_values (
  group_id uuid not null references variable_groups on delete cascade, workspace_id uuid not null, phone text not null,
  contact_id uuid, values jsonb not null, updated_at timestamptz not null default now(), primary key (group_id, phone));
create index variable_values_contact on variable_values (contact_id, group_id) where contact_id is not null;`

/**
 * Other systems name segments by ids of theirs, and ask for runs before WhatsApp has looked at the template: such a request waits
 * for it. Broadcasts that write contacts too are switched on by the workspace.
 */
const callers = `
alter table segments add column ref text, add column description text not null default '';
create unique index segments_ref on segments (workspace_id, ref) where ref is not null and deleted_at is null;
alter table workspaces add column broadcast_wrapper boolean not null default false;
create table campaign_requests (
  id uuid primary key, workspace_id uuid not null, campaign_id uuid not null references campaigns on delete cascade,
  audience jsonb not null, starts_at timestamptz, state text not null default 'waiting', reason text, run_id uuid, by text not null,
  fact_id uuid not null, created_at timestamptz not null default now(), settled_at timestamptz,
  check (state in ('waiting', 'launched', 'refused')));
create index campaign_requests_waiting on campaign_requests (id) where state = 'waiting';
create index campaign_requests_campaign on campaign_requests (campaign_id, created_at);`
