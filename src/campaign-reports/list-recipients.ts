import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { CertifiedRun } from './find-certified-run.ts'
import { readMessages, readRecipients, type Story } from './stories.ts'

/** What recipients can be asked for by; `delivered` and what follows are further steps of what was accepted. */
export const recipientFilters = [
  ...['left-out', 'waiting', 'pending', 'accepted', 'failed', 'skipped', 'unknown'],
  ...[
    'delivered',
    'not-delivered',
    'read',
    'not-read',
    'clicked',
    'not-clicked',
    'replied',
    'not-replied',
    'converted',
  ],
] as const
export type RecipientFilter = (typeof recipientFilters)[number]

/** What a page goes on after: a place in the plan, or a message. */
export type After = [lane: number, seq: number] | [messageId: string]

const happened: Record<string, string> = {
  ...{
    pending: `m.state in ('planned', 'inflight')`,
    accepted: `m.state = 'accepted'`,
    failed: `m.state = 'failed'`,
  },
  ...{ skipped: `m.state = 'skipped'`, unknown: `m.state = 'unknown'` },
  ...{ delivered: 'coalesce(m.delivered_at, m.read_at) is not null', read: 'm.read_at is not null' },
  ...{
    clicked: 'm.clicked_at is not null',
    replied: 'm.replied_at is not null',
    converted: 'm.converted_at is not null',
  },
  'not-delivered': `m.state = 'accepted' and coalesce(m.delivered_at, m.read_at) is null`,
  'not-read': `m.state = 'accepted' and m.read_at is null`,
  'not-clicked': `m.state = 'accepted' and m.clicked_at is null`,
  'not-replied': `m.state = 'accepted' and m.replied_at is null`,
}

const firstId = '00000000-0000-0000-0000-000000000000'
/** Before the first row of the plan. */
const firstPlace = [-1, 0] as const

/** Of rows `p` of the plan: those that nothing has become of yet. */
const places: Record<string, string> = {
  'left-out': 'p.seq < 0',
  waiting: `p.seq > 0 and p.seq > (select l.cursor from campaign_lanes l where l.run_id = p.run_id and l.lane = p.lane)`,
}

/** A page of recipients with their stories: in the order of the plan, or of what became of their messages. */
export async function listRecipients(
  deps: Pick<Deps, 'orm'>,
  run: CertifiedRun,
  filter: RecipientFilter | undefined,
  after: After | undefined,
  limit: number,
): Promise<{ stories: Story[]; next: After | undefined }> {
  const em = forkFor(deps.orm, run.workspaceId)
  const condition = filter === undefined ? undefined : happened[filter]
  if (condition !== undefined || !run.hasPlan) {
    const from = typeof after?.[0] === 'string' ? after[0] : firstId
    const stories = await readMessages(em, run, from, limit + 1, condition)
    return cut(stories, limit, ({ messageId }) => [messageId ?? firstId])
  }
  const [lane, seq] = after?.length === 2 ? after : firstPlace
  const wanted = filter === undefined ? undefined : places[filter]
  const stories = await readRecipients(em, run, { lane, seq }, limit + 1, wanted)
  return cut(stories, limit, (story) => [story.lane ?? 0, story.seq ?? 0])
}

/** Several messages of one person stand together. */
function cut(stories: Story[], limit: number, keyOf: (story: Story) => After) {
  const keys = [...new Set(stories.map((story) => keyOf(story).join(' ')))]
  const inside = new Set(keys.slice(0, limit))
  const shown = stories.filter((story) => inside.has(keyOf(story).join(' ')))
  const last = shown.at(-1)
  return { stories: shown, next: keys.length > limit && last ? keyOf(last) : undefined }
}
