import { before } from '../model/condition-period.ts'
import type { Leaf } from '../model/condition-schema.ts'
import { foldText } from '../model/condition-values.ts'
import { bucketBounds, type Condition } from '../model/conditions.ts'
import { bucketKey } from '../model/random-bucket.ts'
import { weekdays } from '../model/schedule.ts'
import { compileCompare } from './compile-compare.ts'
import { compileCampaign, compileEvent, compileJourney, compileLastMessage } from './compile-engagement.ts'
import { contactField, jsonAt } from './contact-fields.ts'
import { instantSql, joined, negated, sql, type Fragment } from './fragment.ts'

export interface CompileInput {
  workspaceId: string
  nowMs: number
  /** The query looks at few contacts only, by `c.id in (...)` or a small page: each one's history is looked up by itself. */
  few?: boolean
}

/**
 * A condition as a boolean SQL expression over `contacts c`, with values bound to `?`. It gives the verdicts of
 * `evaluateCondition`; null means no, so add `is true` where it is not the whole of a `where`.
 */
export function compileCondition(condition: Condition, input: CompileInput): Fragment {
  return compile(condition, { ...input, few: input.few ?? false, event: undefined })
}

/** `event`: within the `where` of an event condition, its attributes; contacts are out of sight there. */
type Context = Required<CompileInput> & { event: Fragment | undefined }

function compile(condition: Condition, context: Context): Fragment {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const children = condition.conditions.map((child) => compile(child, context))
      return sql`(${joined(children, ` ${condition.kind} `)})`
    }
    case 'not':
      return negated(compile(condition.condition, context))
    case 'event': {
      const event = sql`e.attributes`
      return compileEvent(condition, { ...context, where: (child) => compile(child, { ...context, event }) })
    }
    default:
      return compileLeaf(condition, context)
  }
}

function compileLeaf(leaf: Leaf, context: Context): Fragment {
  const { workspaceId, nowMs, event } = context
  switch (leaf.kind) {
    case 'compare': {
      const found = event ? eventField(event, leaf.path) : contactField(leaf.path)
      return compileCompare(leaf, found, nowMs, event ? sql`null::text` : sql`c.time_zone`)
    }
    case 'tag': {
      const tagged = hasTag(leaf.tag)
      return leaf.has ? tagged : negated(tagged)
    }
    case 'local-time':
      return compileHours(leaf, nowMs)
    case 'bucket':
      return compileBucket(leaf)
    case 'spam':
      return leaf.is ? sql`c.spam_at is not null` : sql`c.spam_at is null`
    case 'segment': {
      const member = sql`exists (select 1 from segment_members m where m.workspace_id = ${workspaceId}::uuid
        and m.segment_id = ${leaf.segmentId}::uuid and m.contact_id = c.id)`
      return leaf.member ? member : negated(member)
    }
    case 'journey':
      return compileJourney(leaf, workspaceId, nowMs)
    case 'campaign':
      return compileCampaign(leaf, workspaceId, nowMs)
    case 'last-seen':
      return compileLastSeen(leaf, nowMs)
    case 'last-message':
      return compileLastMessage(leaf, workspaceId)
    case 'window': {
      const number = leaf.numberId === undefined ? sql`true` : sql`v.number_id = ${leaf.numberId}::uuid`
      const open = sql`exists (select 1 from conversations v where v.workspace_id = ${workspaceId}::uuid
        and v.contact_id = c.id and ${number} and v.window_ends_at > ${instantSql(nowMs)})`
      return leaf.open ? open : negated(open)
    }
    case 'consent':
      return compileConsent(leaf, workspaceId)
  }
}

function eventField(attributes: Fragment, path: string) {
  const [root, ...keys] = path.split('.')
  return root === 'event' ? jsonAt(attributes, keys) : undefined
}

function hasTag(tag: string): Fragment {
  return sql`c.folded_tags @> array[${foldText(tag)}::text]`
}

function compileHours({ from, to, weekdays: days }: Leaf<'local-time'>, nowMs: number): Fragment {
  const here = sql`local_time(${instantSql(nowMs)}, c.time_zone)`
  const time = sql`to_char(${here}, 'HH24:MI') collate "C"`
  const numbers = days.map((day) => sql`${weekdays.indexOf(day) + 1}::int`)
  const hours =
    from > to
      ? sql`(${time} >= ${from}::text or ${time} < ${to}::text)`
      : sql`(${time} >= ${from}::text and ${time} < ${to}::text)`
  return sql`(extract(isodow from ${here})::int in (${joined(numbers, ', ')}) and ${hours})`
}

function compileBucket({ salt, from, to }: Leaf<'bucket'>): Fragment {
  const { factors, offsets } = bucketKey(salt)
  const [first, end] = bucketBounds({ from, to })
  const bucket = sql`bucket_of(c.id, ${factors[0]}::bigint, ${offsets[0]}::bigint, ${factors[1]}::bigint, ${offsets[1]}::bigint)`
  return sql`(${bucket} >= ${first}::bigint and ${bucket} < ${end}::bigint)`
}

function compileLastSeen({ operator, period }: Leaf<'last-seen'>, nowMs: number): Fragment {
  if (operator === 'never') return sql`c.last_seen_at is null`
  if (!period) return sql`false`
  const since = instantSql(before(nowMs, period))
  return operator === 'within' ? sql`c.last_seen_at >= ${since}` : sql`c.last_seen_at < ${since}`
}

function compileConsent({ category, state }: Leaf<'consent'>, workspaceId: string): Fragment {
  const which = category === 'any' ? sql`true` : sql`a.category = ${category}::text`
  const said = (
    what: Fragment,
  ) => sql`exists (select 1 from consents a where a.workspace_id = ${workspaceId}::uuid
    and a.contact_id = c.id and ${which} and ${what})`
  if (state === 'unknown') return sql`(c.opted_out_at is null and not ${said(sql`true`)})`
  const stated = said(sql`a.state = ${state}::text`)
  return state === 'opted_in'
    ? sql`(c.opted_out_at is null and ${stated})`
    : sql`(c.opted_out_at is not null or ${stated})`
}
