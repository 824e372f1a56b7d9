import { findRefused } from '../consent/find-refused.ts'
import { contactViewColumns } from '../contacts/contact-view.ts'
import { getSurvivor } from '../contacts/find-contacts.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { consentRefusal } from '../model/consent.ts'
import type { ArbiterCategory, ArbiterSettings } from '../model/arbiter-settings.ts'
import { judgeSend, type ContactTraffic } from '../model/arbiter.ts'
import { durationMs } from '../model/schedule.ts'
import { findArbiterSettings } from './arbiter-settings.ts'
import { findContactZone, type ContactZone } from './contact-zone.ts'
import { loadTraffic, type ArbiterWait } from './load-traffic.ts'

export interface SendPreview {
  contactId: string
  verdict: 'grant' | 'defer' | 'deny'
  code: string | null
  reason: string
  until: string | null
  timeZone: string
  timeZoneFrom: ContactZone['from']
  caps: (ArbiterSettings['caps'][number] & { used: number })[]
  lastReplyAt: string | null
  waiting: {
    category: ArbiterCategory
    priority: number
    runId: string | null
    until: string
    expiresAt: string
    reason: string
  }[]
}

/** May we write to this contact of our own accord, now, and why not? Asks like a send, and takes nothing. */
export async function previewSend(
  deps: Deps,
  input: {
    workspaceId: string
    contactId: string
    category: ArbiterCategory
    priority: number
    expiresAtMs: number | undefined
  },
): Promise<SendPreview> {
  const { workspaceId, category, priority } = input
  const em = forkFor(deps.orm, workspaceId)
  const { id: contactId } = await getSurvivor(deps, workspaceId, input.contactId)
  const { settings } = await findArbiterSettings(em, workspaceId)
  const [contact] = await em.execute<{ time_zone: string | null; wa_id: string | null }[]>(
    `select ${contactViewColumns} from contacts c where c.id = ? and c.workspace_id = ?`,
    [contactId, workspaceId],
  )
  const { nowMs, traffic, waits } = await loadTraffic(em, settings, { workspaceId, contactId, sendKey: '' })
  const { timeZone: own, waId } = { timeZone: contact?.time_zone, waId: contact?.wa_id }
  const { timeZone, from } = findContactZone({ timeZone: own, waId }, settings.timeZone, nowMs)
  const expiresAtMs = input.expiresAtMs ?? nowMs + durationMs(settings.expireAfter)
  const unwanted = consentRefusal(await findRefused(em, workspaceId, contactId), category)
  const ruling = unwanted
    ? ({ verdict: 'deny', code: 'opted_out', reason: unwanted, untilMs: undefined } as const)
    : judgeSend(settings, { category, priority, nowMs, expiresAtMs, timeZone }, traffic)
  return {
    ...{ contactId, verdict: ruling.verdict, reason: ruling.reason },
    code: 'code' in ruling ? ruling.code : null,
    until: 'untilMs' in ruling ? isoOf(ruling.untilMs) : null,
    ...{ timeZone, timeZoneFrom: from },
    caps: settings.caps.map((cap) => ({ ...cap, used: countSent(cap, traffic, nowMs) })),
    lastReplyAt: isoOf(traffic.lastReplyMs),
    waiting: waits.map(toView),
  }
}

function countSent(
  { categories, window }: ArbiterSettings['caps'][number],
  { sent }: ContactTraffic,
  nowMs: number,
): number {
  const sinceMs = nowMs - durationMs(window)
  return sent.filter(({ category, atMs }) => categories.includes(category) && atMs > sinceMs).length
}

function toView(wait: ArbiterWait): SendPreview['waiting'][number] {
  const { category, priority, run_id: runId, reason } = wait
  const times = { until: isoOf(wait.until_ms) ?? '', expiresAt: isoOf(wait.expires_ms) ?? '' }
  return { category, priority, runId, ...times, reason }
}

function isoOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}
