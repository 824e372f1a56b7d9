import type { Em } from '../db/orm.ts'
import { longestWindowMs, type ArbiterCategory, type ArbiterSettings } from '../model/arbiter-settings.ts'
import type { ContactTraffic } from '../model/arbiter.ts'

/** A message that was deferred and asks again when its time has come. */
export interface ArbiterWait {
  send_key: string
  category: ArbiterCategory
  priority: number
  code: string
  reason: string
  until_ms: number
  expires_ms: number
  run_id: string | null
  fact_id: string
}

export interface LoadedTraffic {
  nowMs: number
  traffic: ContactTraffic
  waits: ArbiterWait[]
  /** Of the message that asks. */
  own: ArbiterWait | undefined
}

interface TrafficRow {
  now_ms: number
  last_reply_ms: number | null
  sent: [ArbiterCategory, number][]
  waits: ArbiterWait[]
}

const epochMs = (column: string) => `extract(epoch from ${column})::float8 * 1000`

interface Asking {
  contactId: string
  sendKey: string
}

/**
 * What a contact was sent of our own accord, over all numbers, and who waits to send more. What was not accepted for sure
 * takes no room; a run that has ended or stands still keeps nobody waiting.
 */
export async function loadTraffic(
  em: Em,
  settings: ArbiterSettings,
  { workspaceId, contactId, sendKey }: { workspaceId: string } & Asking,
): Promise<LoadedTraffic> {
  const all = await listTraffic(em, settings, { workspaceId, asking: [{ contactId, sendKey }] })
  return all.get(contactId) ?? toTraffic({ sent: [], last_reply_ms: null, waits: [] }, sendKey)
}

/** The same of many, each with one message that asks; by contact. */
export async function listTraffic(
  em: Em,
  settings: ArbiterSettings,
  { workspaceId, asking }: { workspaceId: string; asking: Asking[] },
): Promise<Map<string, LoadedTraffic>> {
  const rows = await em.execute<(TrafficRow & { id: string; send_key: string })[]>(
    `select c.id, p.send_key, ${epochMs('clock_timestamp()')} as now_ms, ${epochMs('c.last_seen_at')} as last_reply_ms,
       coalesce((select jsonb_agg(jsonb_build_array(m.category, ${epochMs('m.inflight_at')})) from messages m
         where m.contact_id = c.id and m.proactive and m.state in ('inflight', 'accepted', 'unknown')
           and m.inflight_at > clock_timestamp() - ? * interval '1 millisecond' and m.send_key <> p.send_key), '[]') as sent,
       coalesce((select jsonb_agg(jsonb_build_object('send_key', w.send_key, 'category', w.category, 'priority', w.priority,
           'code', w.code, 'reason', w.reason, 'until_ms', ${epochMs('w.until')}, 'expires_ms', ${epochMs('w.expires_at')},
           'run_id', w.run_id, 'fact_id', w.fact_id) order by w.priority, w.until) from arbiter_waits w
         left join runs r on r.id = w.run_id
         where w.contact_id = c.id
           and (r.id is null or (r.ended_at is null and r.state <> 'paused') or w.send_key = p.send_key)), '[]') as waits
     from jsonb_to_recordset(?::jsonb) as p(contact_id uuid, send_key text)
     join contacts c on c.id = p.contact_id and c.workspace_id = ?`,
    [
      longestWindowMs(settings),
      JSON.stringify(asking.map(({ contactId, sendKey }) => ({ contact_id: contactId, send_key: sendKey }))),
      workspaceId,
    ],
  )
  return new Map(rows.map(({ id, send_key, ...row }) => [id, toTraffic(row, send_key)]))
}

function toTraffic(row: Omit<TrafficRow, 'now_ms'> & { now_ms?: number }, sendKey: string): LoadedTraffic {
  const { now_ms: nowMs = Date.now(), last_reply_ms: lastReply, sent, waits } = row
  const others = waits.filter((wait) => wait.send_key !== sendKey)
  return {
    nowMs,
    waits: others,
    own: waits.find((wait) => wait.send_key === sendKey),
    traffic: {
      sent: sent.map(([category, atMs]) => ({ category, atMs })),
      lastReplyMs: lastReply ?? undefined,
      waiting: others.map(({ category, priority, until_ms: untilMs, expires_ms: expiresAtMs }) => ({
        ...{ category, priority, untilMs, expiresAtMs },
      })),
    },
  }
}
