import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { renderTemplate } from '../model/template.ts'
import { relaySoon } from '../outbox/relay.ts'
import type { EffectInput, EffectOutput } from '../../workflows/cards/effects.ts'
import { takeOver } from './take-over.ts'

interface HandOff {
  workspaceId: string
  runId: string
  contactId: string
  conversationId: string
  /** The same at every try. */
  key: string
  causeId: string
  input: EffectInput<'handOff'>
}

/** A journey asks for a person: the chat is held at once, and waits for somebody to take it. */
export async function handOff(deps: Deps, order: HandOff): Promise<EffectOutput<'handOff'>> {
  const { workspaceId, runId, conversationId, causeId, input } = order
  const em = forkFor(deps.orm, workspaceId)
  const lastQuestion = await findLastQuestion(em, order)
  const before = await findByKey(em, order)
  if (before) return { handOffId: before.hold_id, atMs: Date.now(), lastQuestion }
  await checkAgent(em, order)
  const target = { to: input.to, name: input.name, user: input.userId }
  const { holdId, outbox } = await em.transactional(async (tx) => {
    const taken = await takeOver(tx, {
      ...{ workspaceId, conversationId, kind: 'handoff', by: `run ${runId}`, causeId },
      ...{ reason: await writeNote(tx, order), endsAtMs: Date.now() + input.timeoutMs },
      handoff: { runId, target },
    })
    await tx.execute(
      'update takeovers set effect_key = ? where hold_id = ? and workspace_id = ? and effect_key is null and run_id = ?',
      [order.key, taken.holdId, workspaceId, runId],
    )
    return taken
  })
  relaySoon(deps, outbox)
  return { handOffId: holdId, atMs: Date.now(), lastQuestion }
}

/** What became of it, once it is over. */
export async function findHandOffOutcome(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, handOffId }: { workspaceId: string; handOffId: string },
): Promise<EffectOutput<'handOffOutcome'>> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<
    { outcome: 'handed-back' | 'timeout' | null; action: string | null; card_id: string | null }[]
  >('select outcome, action, card_id from takeovers where workspace_id = ? and hold_id = ?', [
    workspaceId,
    handOffId,
  ])
  if (!row) throw new AppError('not_found', `there is no hand-off ${handOffId}`)
  return { outcome: row.outcome ?? 'open', atMs: Date.now(), action: row.action, card: row.card_id }
}

async function findByKey(em: Em, { workspaceId, key }: HandOff): Promise<{ hold_id: string } | undefined> {
  const [row] = await em.execute<{ hold_id: string }[]>(
    'select hold_id from takeovers where workspace_id = ? and effect_key = ?',
    [workspaceId, key],
  )
  return row
}

/** The card whose question the contact answered last in this run. */
async function findLastQuestion(em: Em, { conversationId, runId }: HandOff): Promise<string | null> {
  const [answer] = await em.execute<{ answers_ask_key: string }[]>(
    `select answers_ask_key from messages where direction = 'in' and starts_with(answers_ask_key, ?)
       and conversation_id = (select coalesce(merged_into, id) from conversations where id = ?)
     order by id desc limit 1`,
    [`${runId}:`, conversationId],
  )
  return answer?.answers_ask_key.split(':')[1] ?? null
}

async function checkAgent(em: Em, { workspaceId, input: { to, userId } }: HandOff): Promise<void> {
  if (to !== 'agent') return
  const [user] = await em.execute<object[]>('select 1 from users where id = ? and workspace_id = ?', [
    userId,
    workspaceId,
  ])
  if (!user) throw new AppError('unprocessable', `there is no user ${userId}`)
}

async function writeNote(em: Em, { workspaceId, contactId, input }: HandOff): Promise<string> {
  const { note, vars } = input
  if (note === '') return ''
  const contact: JsonObject = JSON.parse(JSON.stringify(await loadContactView(em, workspaceId, contactId)))
  return renderTemplate(note, { contact, vars, event: vars['event'] ?? {} }).value
}
