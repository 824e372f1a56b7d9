import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'

export interface SatisfactionAnswer {
  id: string
  conversationId: string
  episodeId: string
  contactId: string
  user: { id: string; name: string } | null
  askedAt: string
  score: number | null
  comment: string | null
  answeredAt: string | null
}

export interface SatisfactionQuery {
  workspaceId: string
  from?: string | undefined
  to?: string | undefined
  userId?: string | undefined
  numberId?: string | undefined
  /** SQL that is true of chats `v` that the asker may read. */
  readable: { sql: string; params: string[] }
}

/** Newest first; also what was asked and not answered. */
export async function listSatisfaction(
  em: Em,
  input: SatisfactionQuery & { score?: number | undefined; before?: string | undefined; limit: number },
): Promise<SatisfactionAnswer[]> {
  const { score = null, before = null, limit } = input
  const { sql, params } = where(input)
  return em.execute<SatisfactionAnswer[]>(
    `select a.id, a.conversation_id as "conversationId", a.episode_id as "episodeId", a.contact_id as "contactId",
       (select jsonb_build_object('id', u.id, 'name', u.username) from users u where u.id = a.user_id) as "user",
       ${isoTime('a.asked_at')} as "askedAt", a.score, a.comment, ${isoTime('a.answered_at')} as "answeredAt"
     ${sql} and (?::int is null or a.score = ?::int) and (?::uuid is null or a.id < ?::uuid) order by a.id desc limit ?`,
    [...params, score, score, before, before, limit],
  )
}

export interface SatisfactionSummary {
  asked: number
  answered: number
  /** Of five; null: nobody has answered. */
  average: number | null
  /** Those who gave 4 or 5, in per cent of those who answered. */
  satisfied: number | null
  scores: { score: number; count: number }[]
}

export async function sumSatisfaction(em: Em, input: SatisfactionQuery): Promise<SatisfactionSummary> {
  const { sql, params } = where(input)
  const rows = await em.execute<{ score: number | null; count: number }[]>(
    `select a.score, count(*)::int as count ${sql} group by a.score`,
    params,
  )
  const scores = [1, 2, 3, 4, 5].map((score) => ({
    score,
    count: rows.find((row) => row.score === score)?.count ?? 0,
  }))
  const answered = scores.reduce((sum, { count }) => sum + count, 0)
  const points = scores.reduce((sum, { score, count }) => sum + score * count, 0)
  const good = scores.reduce((sum, { score, count }) => sum + (score >= 4 ? count : 0), 0)
  return {
    asked: rows.reduce((sum, { count }) => sum + count, 0),
    answered,
    average: answered === 0 ? null : Math.round((points / answered) * 100) / 100,
    satisfied: answered === 0 ? null : Math.round((good / answered) * 1_000) / 10,
    scores,
  }
}

function where({ workspaceId, from, to, userId, numberId, readable }: SatisfactionQuery) {
  const filters: [sql: string, value: string | undefined][] = [
    ['a.asked_at >= ?::timestamptz', from],
    ['a.asked_at < ?::timestamptz', to],
    ['a.user_id = ?', userId],
    ['v.number_id = ?', numberId],
  ]
  const given = filters.filter((each): each is [string, string] => each[1] !== undefined)
  const sql = `from satisfaction_answers a join conversations v on v.id = a.conversation_id
     where ${['a.workspace_id = ?', ...given.map(([filter]) => filter), readable.sql].join(' and ')}`
  return { sql, params: [workspaceId, ...given.map(([, value]) => value), ...readable.params] }
}
