import type { Em } from '../db/orm.ts'
import { isOpen } from '../model/business-hours.ts'
import { loadAgents, type Agent, type Candidates } from './load-agents.ts'

export interface AgentQuery {
  workspaceId: string
  conversationId: string
  candidates: Candidates
  /** `last-agent`: who had the chat last, and where they cannot, whose turn it is. */
  method: 'round-robin' | 'least-busy' | 'last-agent'
  /** Whoever's turn it is gets the chat when nobody is free for it. */
  evenIfNotFree?: boolean
}

/** Why somebody gets a chat or does not, for the trace. */
export interface LookedAt {
  userId: string
  name: string
  state: 'free' | 'away' | 'offline' | 'off-hours' | 'full'
  /** Chats that they have, and may have at most. */
  open: number
  capacity: number | null
}

export interface PickedAgent {
  /** Null: nobody is free. */
  userId: string | null
  reason: string
  looked: LookedAt[]
}

/**
 * Chooses who gets a chat, to be given to them in the caller's transaction: one workspace's choices are made one after the
 * other, so that nobody gets more than they may and turns are kept. The caller has locked the chat before.
 */
export async function pickAgent(em: Em, query: AgentQuery): Promise<PickedAgent> {
  const { workspaceId, candidates } = query
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`agents of ${workspaceId}`])
  const picked = await foreseeAgent(em, query)
  if (picked.userId !== null)
    await takeTurn(em, { workspaceId, rotation: rotationOf(candidates), userId: picked.userId })
  return picked
}

/** Who would be chosen now: nothing is kept, and a moment later it may be somebody else. */
export async function foreseeAgent(em: Em, query: AgentQuery): Promise<PickedAgent> {
  const { workspaceId, conversationId, method } = query
  const all = await loadAgents(em, { ...query, rotation: rotationOf(query.candidates) })
  const agents = all.filter(({ mayWrite }) => mayWrite)
  const looked = agents.map((agent) => lookAt(agent, Date.now()))
  const free = agents.filter((_agent, at) => looked[at]?.state === 'free')
  const lastId = method === 'last-agent' ? await findLastAgent(em, workspaceId, conversationId) : undefined
  const last = free.find(({ id }) => id === lastId)
  const next = last ?? inTurn(free, method)[0]
  const anyway = query.evenIfNotFree ? inTurn(agents, 'round-robin')[0] : undefined
  const picked = next ?? anyway
  if (!picked) return { userId: null, reason: sayNobody(looked), looked }
  return { userId: picked.id, reason: sayPicked(picked, { method, isLast: !!last, isFree: !!next }), looked }
}

/** Who waited longest for their turn is first; then who was there first. */
function inTurn(agents: Agent[], method: AgentQuery['method']): Agent[] {
  const busy = ({ open }: Agent) => (method === 'least-busy' ? open : 0)
  return agents.toSorted((a, b) => busy(a) - busy(b) || a.turn - b.turn || a.number - b.number)
}

/** @param nowMs when it is asked */
export function lookAt(agent: Agent, nowMs: number): LookedAt {
  const { id: userId, name, open, capacity } = agent
  return { userId, name, state: stateOf(agent, nowMs), open, capacity }
}

function stateOf({ presence, hours, open, capacity }: Agent, nowMs: number): LookedAt['state'] {
  if (presence !== 'online') return presence
  if (hours && !isOpen(hours, nowMs)) return 'off-hours'
  return capacity !== null && open >= capacity ? 'full' : 'free'
}

function rotationOf(candidates: Candidates): string {
  if (candidates === 'everybody') return candidates
  return 'groupId' in candidates ? `group/${candidates.groupId}` : candidates.userIds.toSorted().join(',')
}

/** Who wrote in the chat last, else who had it last. */
async function findLastAgent(
  em: Em,
  workspaceId: string,
  conversationId: string,
): Promise<string | undefined> {
  const [row] = await em.execute<{ id: string | null }[]>(
    `select coalesce(
       (select by_user_id from (select by_user_id from messages where workspace_id = ? and conversation_id = ?
          order by id desc limit 200) m where by_user_id is not null limit 1),
       (select user_set from assignment_events where workspace_id = ? and conversation_id = ? and user_set is not null
          order by id desc limit 1)) as id`,
    [workspaceId, conversationId, workspaceId, conversationId],
  )
  return row?.id ?? undefined
}

async function takeTurn(
  em: Em,
  { workspaceId, rotation, userId }: { workspaceId: string; rotation: string; userId: string },
): Promise<void> {
  await em.execute(
    `insert into rotation_turns (workspace_id, rotation, user_id, turn)
     select ?, ?, ?, coalesce(max(turn), 0) + 1 from rotation_turns where workspace_id = ? and rotation = ?
     on conflict (workspace_id, rotation, user_id) do update set turn = excluded.turn`,
    [workspaceId, rotation, userId, workspaceId, rotation],
  )
}

function sayPicked(
  { name, open }: Agent,
  { method, isLast, isFree }: { method: AgentQuery['method']; isLast: boolean; isFree: boolean },
): string {
  if (!isFree) return `nobody is free, and it is ${name}'s turn`
  if (isLast) return `${name} had the chat last`
  return method === 'least-busy' ? `${name} has the fewest chats (${open})` : `it is ${name}'s turn`
}

function sayNobody(looked: LookedAt[]): string {
  if (looked.length === 0) return 'there is nobody to choose from'
  const counts = Map.groupBy(looked, ({ state }) => state)
  return `nobody is free: ${[...counts].map(([state, those]) => `${those.length} ${state}`).join(', ')}`
}
