import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { arbiterSettingsSchema, type ArbiterCategory } from '../model/arbiter-settings.ts'
import { judgeSend, type ArbiterVerdict } from '../model/arbiter.ts'
import type { JsonObject } from '../model/json.ts'
import { durationMs } from '../model/schedule.ts'
import { findContactZone } from './contact-zone.ts'
import { loadTraffic, type ArbiterWait } from './load-traffic.ts'

export interface ArbiterQuestion {
  workspaceId: string
  contactId: string
  sendKey: string
  category: ArbiterCategory
  priority: number
  /** Of no use later; without it the settings say how long a message may wait. */
  expiresAtMs: number | undefined
  timeZone: string | null | undefined
  waId: string | null | undefined
  runId: string | undefined
  cardId: string | undefined
  workflowId: string | undefined
  causeId: string
}

export type Ruling =
  | { verdict: 'grant'; causeId: string; reason: string | undefined }
  | { verdict: 'defer'; retryAfterMs: number; reason: string }
  | { verdict: 'deny'; causeId: string; code: string; reason: string }

/** Longer timers are asked again in between: what was set or sent meanwhile may have changed the answer. */
const maximumDeferMs = 12 * 3_600_000

/** One at a time for each contact, whatever number it is about: what two see free must not be taken twice. */
export async function lockPace(em: Em, contactId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 15))', [contactId])
}

/**
 * May this message go out of our own accord, now? Asked in the transaction that sends it, under `lockPace`. A deferral is
 * kept, so that others know who waits, and why.
 * @param stored the workspace's settings; null when there are none: then nothing stands against it.
 */
export async function askArbiter(
  em: Em,
  stored: JsonObject | null,
  question: ArbiterQuestion,
): Promise<Ruling> {
  if (stored === null) return { verdict: 'grant', causeId: question.causeId, reason: undefined }
  const settings = arbiterSettingsSchema.parse(stored)
  const { nowMs, traffic, own } = await loadTraffic(em, settings, question)
  const { category, priority, timeZone, waId } = question
  const expiresAtMs = question.expiresAtMs ?? own?.expires_ms ?? nowMs + durationMs(settings.expireAfter)
  const verdict = judgeSend(
    settings,
    {
      ...{ category, priority, nowMs, expiresAtMs },
      timeZone: findContactZone({ timeZone, waId }, settings.timeZone, nowMs).timeZone,
    },
    traffic,
  )
  if (verdict.verdict === 'defer') return defer(em, question, { verdict, nowMs, expiresAtMs, own })
  if (own) await forgetWait(em, question)
  const causeId = own?.fact_id ?? question.causeId
  if (verdict.verdict === 'grant') return { verdict: 'grant', causeId, reason: verdict.reason }
  const { code, reason } = verdict
  const told = sayDenial(verdict, expiresAtMs)
  return {
    verdict: 'deny',
    code,
    reason: told,
    causeId: await note(em, question, causeId, 'send.denied', { code, reason }),
  }
}

interface Deferral {
  verdict: Extract<ArbiterVerdict, { verdict: 'defer' }>
  nowMs: number
  expiresAtMs: number
  own: ArbiterWait | undefined
}

async function defer(
  em: Em,
  question: ArbiterQuestion,
  { verdict, nowMs, expiresAtMs, own }: Deferral,
): Promise<Ruling> {
  const { untilMs, code, reason } = verdict
  const isNews = own?.code !== code || Math.abs(own.until_ms - untilMs) > 1_000
  const until = new Date(untilMs).toISOString()
  const factId = isNews
    ? await note(em, question, own?.fact_id ?? question.causeId, 'send.deferred', { code, reason, until })
    : own.fact_id
  if (isNews) await keepWait(em, question, { untilMs, expiresAtMs, code, reason, factId })
  const retryAfterMs = Math.min(Math.ceil(untilMs - nowMs), maximumDeferMs)
  return { verdict: 'defer', retryAfterMs, reason: `${reason}; until ${until}` }
}

async function keepWait(
  em: Em,
  question: ArbiterQuestion,
  wait: { untilMs: number; expiresAtMs: number; code: string; reason: string; factId: string },
): Promise<void> {
  const { workspaceId, sendKey, contactId, category, priority, runId, workflowId } = question
  await em.execute(
    `insert into arbiter_waits (workspace_id, send_key, contact_id, category, priority, code, reason, until, expires_at, run_id,
       workflow_id, fact_id)
     values (?, ?, ?, ?, ?, ?, ?, to_timestamp(? / 1000.0), to_timestamp(? / 1000.0), ?, ?, ?)
     on conflict (workspace_id, send_key) do update set contact_id = excluded.contact_id, category = excluded.category,
       priority = excluded.priority, code = excluded.code, reason = excluded.reason, until = excluded.until,
       expires_at = excluded.expires_at, run_id = excluded.run_id, workflow_id = excluded.workflow_id,
       fact_id = excluded.fact_id`,
    [
      ...[workspaceId, sendKey, contactId, category, priority, wait.code, wait.reason],
      ...[wait.untilMs, wait.expiresAtMs, runId ?? null, workflowId ?? null, wait.factId],
    ],
  )
}

async function forgetWait(em: Em, { workspaceId, sendKey }: ArbiterQuestion): Promise<void> {
  await em.execute('delete from arbiter_waits where workspace_id = ? and send_key = ?', [
    workspaceId,
    sendKey,
  ])
}

async function note(
  em: Em,
  question: ArbiterQuestion,
  causeId: string,
  kind: 'send.deferred' | 'send.denied',
  verdict: JsonObject,
): Promise<string> {
  const { workspaceId, contactId, runId, cardId, category, priority } = question
  const id = newId()
  const data = { ...verdict, category, priority, card: cardId ?? null }
  await recordFacts(em, workspaceId, [{ id, atMs: Date.now(), kind, contactId, runId, causeId, data }])
  return id
}

function sayDenial(
  { untilMs, reason }: { untilMs: number | undefined; reason: string },
  expiresAtMs: number,
): string {
  if (untilMs === undefined) return reason
  const iso = (ms: number) => new Date(ms).toISOString()
  return `${reason}; it could go out at ${iso(untilMs)}, but is of no use after ${iso(expiresAtMs)}`
}
