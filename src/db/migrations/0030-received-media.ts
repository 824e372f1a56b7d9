import { Migration } from '@mikro-orm/migrations'

/** Files that customers send, and where the bytes of all files are: once a workspace and content, in one store or another. */
export class ReceivedMedia extends Migration {
  override up(): void {
    for (const statement of [blobs, files, pieces]) this.addSql(statement)
  }
}

/**
 * Without a sum while the bytes are still coming. The type is what the bytes are, whatever somebody called them. A small
 * picture is made once; `none` of what has no picture.
 */
const blobs = `
create table media_blobs (
  id uuid primary key, workspace_id uuid not null references workspaces, sha256 text, bytes bigint not null default 0,
  mime_type text, store text not null, thumbnail bytea, thumbnail_state text, created_at timestamptz not null default now(),
  unique (workspace_id, sha256), check (store in ('database', 'disk', 's3')), check (thumbnail_state in ('ready', 'none')));
create index media_blobs_unfinished on media_blobs (created_at) where sha256 is null;
insert into media_blobs (id, workspace_id, sha256, bytes, mime_type, store)
  select distinct on (workspace_id, sha256) id, workspace_id, sha256, bytes, mime_type, 'database' from media
  where sha256 <> '' order by workspace_id, sha256, id;`

/** A file of the library, or one that came with a message: that one is seen by whoever may read a chat that shows it. */
const files = `
alter table media add column blob_id uuid references media_blobs, add column origin text not null default 'library',
  add column state text not null default 'ready', add column problem text, add column number_id uuid, add column whatsapp_id text,
  add check (origin in ('library', 'received')), add check (state in ('waiting', 'ready', 'failed'));
update media m set blob_id = b.id from media_blobs b where b.workspace_id = m.workspace_id and b.sha256 = m.sha256;
drop index media_page;
create index media_page on media (workspace_id, id desc) where archived_at is null and origin = 'library';
create index messages_media on messages (media_id) where media_id is not null;`

const pieces = `
alter table media_pieces drop constraint media_pieces_media_id_fkey;
alter table media_pieces rename column media_id to blob_id;
delete from media_pieces p where not exists (select 1 from media_blobs b where b.id = p.blob_id);
alter table media_pieces add foreign key (blob_id) references media_blobs on delete cascade;`
