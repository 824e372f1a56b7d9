import type { RulingInput } from '../../workflows/contract.ts'
import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { publicLink } from '../kit/signed-id.ts'
import { AppError } from '../model/errors.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { applyEntries } from './apply-entries.ts'
import { findEngineToAsk, noteAnswer, noteAsked, noteFailure } from './engine.ts'
import { findOccasion, type Occasion } from './find-occasion.ts'
import { postToEngine, sayFailure } from './post-to-engine.ts'

/** Whether the rule engine decided; where it did not, the default rules do. */
export interface Asked {
  outcome: 'answered' | 'unanswered'
}

/**
 * Tells the workspace's rule engine of what happened, and does what it answers. Safe to repeat: what it decided is one fact
 * an occasion, in the transaction of the assignments. Throws when it gives no answer that can be used, for another try.
 */
export async function askRuleEngine(deps: Deps, input: RulingInput): Promise<Asked> {
  const { workspaceId } = input
  const em = forkFor(deps.orm, workspaceId)
  const engine = await findEngineToAsk(deps, em, workspaceId)
  const occasion = engine && (await findOccasion(em, input, publicLink(deps.config, '')))
  if (!engine || !occasion || occasion.spam) return { outcome: 'unanswered' }
  if (await isAnswered(em, input, occasion)) return { outcome: 'answered' }
  await noteAsked(em, workspaceId)
  const askedAtMs = Date.now()
  const entries = await postToEngine(deps.http, engine, occasion.body).catch(async (error: unknown) => {
    if (error instanceof AppError) await tellFailure(em, input, occasion, sayFailure(error, engine))
    throw error
  })
  const answer = { entries, ms: Date.now() - askedAtMs }
  relaySoon(deps, await em.transactional((tx) => obey(tx, input, occasion, answer)))
  return { outcome: 'answered' }
}

/** Two tries may come to their answers at once: the first one counts. */
async function obey(
  em: Em,
  input: RulingInput,
  occasion: Occasion,
  { entries, ms }: { entries: unknown[]; ms: number },
): Promise<OutboxRow[]> {
  const { workspaceId } = input
  const { numberId, contactId, causeId, atMs } = occasion
  const id = answerFactId(input, occasion)
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [id])
  if (await isAnswered(em, input, occasion)) return []
  const { verdicts, outbox } = await applyEntries(em, { workspaceId, numberId, causeId: id, entries })
  const shown = verdicts.slice(0, 50).map(({ entry, done, words }) => ({ entry, done, words }))
  const data = { about: input.occasion.kind, ms, entries: shown }
  await recordFacts(em, workspaceId, [{ id, atMs, kind: 'engine.answered', contactId, causeId, data }])
  const ignored = verdicts.filter(({ done }) => !done).slice(0, 20)
  await noteAnswer(
    em,
    workspaceId,
    ignored.map(({ entry, words }) => ({ entry, reason: words })),
  )
  return outbox
}

function answerFactId({ occasion }: RulingInput, { id }: Occasion): string {
  return derivedId(id, occasion.kind, 'engine.answered')
}

async function isAnswered(em: Em, input: RulingInput, occasion: Occasion): Promise<boolean> {
  const found = await em.execute<object[]>(
    'select 1 from facts where workspace_id = ? and id = ? and at = to_timestamp(?::float8 / 1000.0)',
    [input.workspaceId, answerFactId(input, occasion), occasion.atMs],
  )
  return found.length > 0
}

async function tellFailure(
  em: Em,
  { workspaceId, occasion: { kind: about } }: RulingInput,
  { id, contactId, causeId, atMs }: Occasion,
  reason: string,
): Promise<void> {
  await em.transactional(async (tx) => {
    await noteFailure(tx, workspaceId, reason)
    const factId = derivedId(id, about, 'engine.failed')
    const fact = { id: factId, atMs, kind: 'engine.failed', contactId, causeId }
    await recordFacts(tx, workspaceId, [{ ...fact, data: { about, reason } }])
  })
}
