import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { historyUrl } from '../temporal/history-url.ts'
import { chatWorkflowId } from '../../workflows/contract.ts'
import { judgeCampaign } from './why-campaign.ts'
import { findFact, findFacts, listEffects, walkCauses, type StoredFact, type Whose } from './why-chain.ts'
import { findLedgerMessage, followLedger, type LedgerMessage, type WhyLink } from './why-ledger.ts'
import { sayFacts } from './say-facts.ts'
import { sayCandidate } from './why-words.ts'

/** The chain of causes, oldest first, in words and ids. */
export interface Why {
  chain: WhyLink[]
  words: string
  temporal: { workflowId: string; url: string | null } | null
}

export type WhyQuestion =
  | { about: 'message'; messageId: string }
  | { about: 'run'; runId: string }
  | { about: 'start'; journeyId: string }
  | { about: 'no-start'; journeyId: string }
  | { about: 'campaign'; campaignId: string }

/** Why something happened to a contact, or did not. */
export async function explain(deps: Deps, whose: Whose, question: WhyQuestion): Promise<Why> {
  const em = forkFor(deps.orm, whose.workspaceId)
  await loadContactView(em, whose.workspaceId, whose.contactId)
  switch (question.about) {
    case 'message':
      return explainMessage(deps, em, whose, question.messageId)
    case 'run':
      return explainRun(deps, em, whose, question.runId)
    case 'start':
      return explainStart(deps, em, whose, question.journeyId)
    case 'no-start':
      return explainNoStart(em, whose, question.journeyId)
    case 'campaign':
      return explainCampaign(em, whose, question.campaignId)
  }
}

async function explainMessage(deps: Deps, em: Em, whose: Whose, messageId: string): Promise<Why> {
  const message = await findLedgerMessage(em, whose, messageId)
  if (!message) throw new AppError('not_found', `the contact has no message ${messageId}`)
  if (message.direction === 'in') return explainInbound(deps, em, whose, message)
  const kinds = `f.kind in ('message.planned', 'message.skipped') and f.data ->> 'message' = ?`
  const [latest] = await findFacts(em, whose, kinds, [messageId])
  const facts = await walkCauses(em, whose, latest?.id ?? message.fact_id)
  const chain = [...(await toLinks(em, whose, facts)), ...(await followLedger(em, message))]
  return answer(chain, linkTo(deps, message.workflow_id))
}

async function explainInbound(deps: Deps, em: Em, whose: Whose, message: LedgerMessage): Promise<Why> {
  const causes = await walkCauses(em, whose, message.fact_id)
  const effects = await listEffects(em, whose, message.fact_id)
  const floor = causes.at(-1)?.data['floor']
  const workflowId =
    typeof floor === 'string' ? floor : chatWorkflowId(whose.workspaceId, message.conversation_id)
  return answer(await toLinks(em, whose, [...causes, ...effects]), linkTo(deps, workflowId))
}

async function explainRun(deps: Deps, em: Em, whose: Whose, runId: string): Promise<Why> {
  const [run] = await em.execute<{ fact_id: string; workflow_id: string }[]>(
    'select fact_id, workflow_id from runs where id = ? and workspace_id = ? and contact_id = ?',
    [runId, whose.workspaceId, whose.contactId],
  )
  if (!run) throw new AppError('not_found', `the contact has no run ${runId}`)
  const causes = await walkCauses(em, whose, run.fact_id)
  const kinds = `f.run_id = ? and f.kind in ('run.stuck', 'run.resolved', 'run.paused', 'run.resumed', 'run.cancelled', 'run.ordered', 'run.ended', 'floor.lost', 'send.deferred', 'send.denied')`
  const turns = (await findFacts(em, whose, kinds, [runId])).reverse()
  return answer(await toLinks(em, whose, [...causes, ...turns]), linkTo(deps, run.workflow_id))
}

async function explainStart(deps: Deps, em: Em, whose: Whose, journeyId: string): Promise<Why> {
  const [run] = await em.execute<{ id: string }[]>(
    `select id from runs where workspace_id = ? and contact_id = ? and journey_id = ? order by started_at desc limit 1`,
    [whose.workspaceId, whose.contactId, journeyId],
  )
  if (run) return explainRun(deps, em, whose, run.id)
  return explainNoStart(em, whose, journeyId)
}

/** Why a campaign reached the contact, or did not. */
async function explainCampaign(em: Em, whose: Whose, campaignId: string): Promise<Why> {
  const { factId, messageId, links } = await judgeCampaign(em, whose, campaignId)
  const run = factId === undefined ? [] : await toLinks(em, whose, await findFact(em, whose, factId))
  const message = messageId === undefined ? undefined : await findLedgerMessage(em, whose, messageId)
  return answer([...run, ...links, ...(message ? await followLedger(em, message) : [])], null)
}

interface Candidate {
  journey: string
  name: string
  started: boolean
  reason: string
}

/** The newest verdict against the journey, or why there is none. */
async function explainNoStart(em: Em, whose: Whose, journeyId: string): Promise<Why> {
  const [journey] = await em.execute<{ name: string; published: boolean; deleted: boolean }[]>(
    `select name, published_version_id is not null as published, deleted_at is not null as deleted
     from journeys where id = ? and workspace_id = ?`,
    [journeyId, whose.workspaceId],
  )
  if (!journey) throw new AppError('not_found', `journey ${journeyId} does not exist`)
  const judged = await findFacts(
    em,
    whose,
    `f.kind = 'trigger.evaluated' and f.data -> 'candidates' @> ?::jsonb`,
    [JSON.stringify([{ journey: journeyId }])],
  )
  const verdictOf = (fact: StoredFact) =>
    (fact.data['candidates'] as unknown as Candidate[]).find((each) => each.journey === journeyId)
  const newest = judged.find((fact) => verdictOf(fact)?.started === false) ?? judged[0]
  const verdict = newest && verdictOf(newest)
  if (newest && verdict) {
    const chain = await toLinks(em, whose, await walkCauses(em, whose, newest.id))
    return { chain, words: sayCandidate(verdict), temporal: null }
  }
  const state = journey.deleted ? 'it was deleted' : journey.published ? undefined : 'it is not published'
  const reason = state ?? 'no message or event of this contact was ever judged against it'
  return { chain: [], words: `"${journey.name}" was not started: ${reason}`, temporal: null }
}

async function toLinks(em: Em, { workspaceId }: Whose, facts: StoredFact[]): Promise<WhyLink[]> {
  const words = await sayFacts(em, workspaceId, facts)
  return facts.map((fact, at) => ({
    factId: fact.id,
    at: fact.at,
    kind: fact.kind,
    words: words[at] ?? fact.kind,
    data: fact.data,
    causeId: fact.causeId,
  }))
}

function answer(chain: WhyLink[], temporal: Why['temporal']): Why {
  return { chain, words: chain.map((link) => link.words).join(' → '), temporal }
}

function linkTo(deps: Deps, workflowId: string | null): Why['temporal'] {
  return workflowId === null ? null : { workflowId, url: historyUrl(deps.config, workflowId) }
}
