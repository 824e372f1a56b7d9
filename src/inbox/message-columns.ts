import { contactName } from '../contacts/contact-names.ts'
import { isoTime } from '../db/iso-time.ts'
import { picturedTypes } from '../model/media.ts'

/** What a `MessageDetail` is made of, of `messages m` with `messageJoins`. */
export const messageColumns = `m.id, m.conversation_id as "conversationId", m.number_id as "numberId",
  m.contact_id as "contactId", m.direction, m.type, m.content, m.text, m.wamid, m.context_wamid as "contextWamid",
  m.run_id as "runId", m.card_id as "cardId", ${isoTime('m.created_at')} as "createdAt",
  ${isoTime('m.sent_by_customer_at')} as "sentByCustomerAt", ${isoTime('m.edited_at')} as "editedAt",
  ${isoTime('m.deleted_at')} as "deletedAt", sender.sender, quoted.quoted,
  coalesce(reactions.reactions, '[]') as reactions, media.media,
  case when m.direction = 'out' then jsonb_build_object('state', m.state, 'status', m.status, 'class', m.class,
    'attempt', m.attempt, 'reasonCode', m.reason_code, 'reason', m.reason, 'words', null,
    'acceptedAt', ${isoTime('m.accepted_at')}, 'sentAt', ${isoTime('m.sent_at')}, 'deliveredAt', ${isoTime('m.delivered_at')},
    'readAt', ${isoTime('m.read_at')}, 'playedAt', ${isoTime('m.played_at')}, 'failedAt', ${isoTime('m.failed_at')}) end as ledger`

/** Of what we sent and nobody of ours asked for, the phone wrote it. */
const sender = `select case
    when m.direction = 'in' then (select jsonb_build_object('kind', 'customer', 'id', c.id, 'name', ${contactName})
      from contacts c where c.id = m.contact_id)
    when m.by_user_id is not null then (select jsonb_build_object('kind', 'user', 'id', u.id,
      'name', coalesce(nullif(concat_ws(' ', nullif(u.first_name, ''), nullif(u.last_name, '')), ''), u.username))
      from users u where u.id = m.by_user_id)
    when m.campaign_run_id is not null then (select jsonb_build_object('kind', 'campaign', 'id', k.id, 'name', k.name)
      from campaigns k where k.id = m.campaign_id)
    when m.run_id is not null then (select jsonb_build_object('kind', 'journey', 'id', j.id, 'name', j.name)
      from runs r join journeys j on j.id = r.journey_id where r.id = m.run_id)
    else jsonb_build_object('kind', case when m.send_key is null then 'phone' else 'api' end, 'id', null, 'name', null)
  end as sender`

/** Each side's latest, unless it was taken back. What WhatsApp did not take leaves the one before it. */
const reactions = `select jsonb_agg(jsonb_build_object('direction', s.direction, 'emoji', s.emoji, 'userId', s.by_user_id,
    'at', ${isoTime('s.at')}) order by s.direction) filter (where s.emoji <> '') as reactions
  from (select distinct on (r.direction) r.direction, coalesce(r.content #>> '{reaction,emoji}', '') as emoji, r.by_user_id,
      coalesce(r.sent_by_customer_at, r.accepted_at, r.created_at) as at
    from messages r where r.number_id = m.number_id and r.target_wamid = m.wamid and r.type = 'reaction'
      and r.conversation_id = m.conversation_id and (r.direction = 'in' or r.state not in ('failed', 'skipped'))
    order by r.direction, coalesce(r.sent_by_customer_at, r.accepted_at, r.created_at) desc, r.id desc) s`

const quoted = `select jsonb_build_object('id', q.id, 'direction', q.direction, 'type', q.type, 'text', q.text,
    'deletedAt', ${isoTime('q.deleted_at')}) as quoted
  from messages q where q.number_id = m.number_id and q.wamid = m.context_wamid and q.conversation_id = m.conversation_id`

/** A file of ours, or one that a link of somebody's or an id of WhatsApp's names. */
const media = `select case
    when f.id is not null then jsonb_build_object('id', f.id, 'mimeType', f.mime_type, 'bytes', nullif(f.bytes, 0),
      'name', f.name, 'thumbnail', case when f.mime_type in (${picturedTypes.map((type) => `'${type}'`).join(', ')})
        and b.id is not null and b.thumbnail_state is distinct from 'none' then '/platform/v1/media/' || f.id || '/thumbnail' end,
      'state', f.state, 'problem', f.problem)
    when m.type in ('image', 'video', 'audio', 'document', 'sticker') and m.deleted_at is null then jsonb_build_object('id', null,
      'mimeType', m.content #>> array[m.type, 'mime_type'], 'bytes', null, 'name', m.content #>> array[m.type, 'filename'],
      'thumbnail', null, 'state', 'outside', 'problem', null) end as media
  from (select 1) one left join media f on f.workspace_id = m.workspace_id
    and f.id = coalesce(m.media_id, case when m.direction = 'out' then (m.content #>> array[m.type, 'library'])::uuid end)
  left join media_blobs b on b.id = f.blob_id`

export const messageJoins = `left join lateral (${sender}) sender on true left join lateral (${quoted}) quoted on true
  left join lateral (${reactions}) reactions on true left join lateral (${media}) media on true`
