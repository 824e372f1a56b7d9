import { Migration } from '@mikro-orm/migrations'

/** What display cards need: a media library, clicks on links, whose turn a phrasing is, and customers' answers as rows. */
export class Display extends Migration {
  override up(): void {
    this.addSql(media)
    this.addSql(links)
    this.addSql(phrasings)
    this.addSql(answers)
  }
}

const media = `
create table media (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, kind text not null,
  mime_type text not null, bytes bigint not null, sha256 text not null, by text not null, archived_at timestamptz,
  created_at timestamptz not null default now());
create index media_page on media (workspace_id, id desc) where archived_at is null;
create table media_pieces (
  media_id uuid not null references media on delete cascade, no int not null, data bytea not null, primary key (media_id, no));
alter table media_pieces alter column data set storage external;
-- What WhatsApp calls a file, by number: each number has ids of its own, and they expire.
create table media_uploads (
  media_id uuid not null references media on delete cascade, number_id uuid not null references phone_numbers,
  workspace_id uuid not null, whatsapp_id text, problem text, final boolean, claimed_until timestamptz, expires_at timestamptz,
  primary key (media_id, number_id));`

const links = `
create table link_clicks (
  id uuid primary key, workspace_id uuid not null, message_id uuid not null, contact_id uuid not null, run_id uuid, card_id text,
  url text not null, is_preview boolean not null, user_agent text not null, at timestamptz not null default now());
create index link_clicks_message on link_clicks (message_id, id);
create index link_clicks_page on link_clicks (workspace_id, id desc);
create index link_clicks_contact on link_clicks (contact_id, id);`

const phrasings = `
create table phrasing_turns (
  id uuid primary key, workspace_id uuid not null, contact_id uuid not null, journey_id uuid not null, card_id text not null,
  phrasing int not null, effect_key text not null, unique (contact_id, journey_id, card_id));`

const answers = `
create table journey_answers (
  id uuid primary key, workspace_id uuid not null, journey_id uuid not null, run_id uuid not null, contact_id uuid not null,
  card_id text not null, visit int not null, attempt int not null, question text not null, text text not null, value jsonb,
  valid boolean not null, message_id uuid not null unique, sent_message_id uuid, at timestamptz not null);
create index journey_answers_page on journey_answers (workspace_id, journey_id, id desc);
create index journey_answers_run on journey_answers (run_id, id);
create index journey_answers_contact on journey_answers (contact_id, id);`
