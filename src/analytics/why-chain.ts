import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { toText, type JsonObject } from '../model/json.ts'

export interface StoredFact {
  id: string
  at: string
  kind: string
  causeId: string | null
  runId: string | null
  data: JsonObject
}
/** Every question is about one contact of one workspace: nobody else's facts are ever read. */
export interface Whose {
  workspaceId: string
  contactId: string
}

const columns = (table: string) =>
  `${table}.id, ${isoTime(`${table}.at`)} as at, ${table}.kind, ${table}.cause_id as "causeId",
   ${table}.run_id as "runId", ${table}.data`

/** A journey of months has thousands of steps; the answer is the part that is nearest. */
const maximumChain = 500

/**
 * The causes of a fact, oldest first, the fact last. A customer's answer or an event has no cause of its own; what made
 * the run wait for it is what came before it in the same run, so the chain goes on there.
 */
export async function walkCauses(em: Em, whose: Whose, factId: string): Promise<StoredFact[]> {
  const chain: StoredFact[] = []
  let from: string | undefined = factId
  while (from !== undefined && chain.length < maximumChain) {
    const part: StoredFact[] = await climb(em, whose, from)
    chain.push(...part)
    from = part.length > 0 ? await findQuestion(em, whose, chain) : undefined
  }
  return chain.slice(0, maximumChain).reverse()
}

async function climb(em: Em, { workspaceId, contactId }: Whose, factId: string): Promise<StoredFact[]> {
  return em.execute<StoredFact[]>(
    `with recursive up as (
       select f.*, 1 as depth from facts f where f.id = ? and f.workspace_id = ? and f.contact_id = ?
       union all
       select f.*, up.depth + 1 from up join facts f on f.id = up.cause_id
       where f.workspace_id = up.workspace_id and f.contact_id = up.contact_id and up.depth < ${maximumChain})
     select ${columns('up')} from up order by depth`,
    [factId, workspaceId, contactId],
  )
}

/** The card that had asked, when the top of the chain is what it waited for. */
async function findQuestion(em: Em, whose: Whose, chain: StoredFact[]): Promise<string | undefined> {
  const [top, beneath] = [chain.at(-1), chain.at(-2)]
  if (!top || !['message.received', 'event.received'].includes(top.kind)) return undefined
  const asked = beneath?.runId
    ? { runId: beneath.runId, card: cardOf(chain.slice(0, -1)), at: beneath.at }
    : await askedBy(em, whose, top)
  if (!asked?.card) return undefined
  const [entered] = await em.execute<{ id: string }[]>(
    `select id from facts where run_id = ? and workspace_id = ? and contact_id = ? and kind = 'card.entered'
       and data ->> 'card' = ? and at < ?::timestamptz + interval '1 ms'
       and id not in (select jsonb_array_elements_text(?::jsonb)::uuid)
     order by at desc limit 1`,
    [
      asked.runId,
      whose.workspaceId,
      whose.contactId,
      asked.card,
      asked.at,
      JSON.stringify(chain.map((fact) => fact.id)),
    ],
  )
  return entered?.id
}

function cardOf(below: StoredFact[]): string | undefined {
  const card = below.findLast((fact) => typeof fact.data['card'] === 'string')?.data['card']
  return typeof card === 'string' ? card : undefined
}

/** For a chain that is only the customer's message: the question it answered is kept with the message. */
async function askedBy(em: Em, { workspaceId }: Whose, fact: StoredFact) {
  const [message] = await em.execute<{ answers_ask_key: string | null }[]>(
    'select answers_ask_key from messages where workspace_id = ? and fact_id = ?::uuid and id = ?::uuid',
    [workspaceId, fact.id, toText(fact.data['message']) || fact.id],
  )
  const [runId, card] = message?.answers_ask_key?.split(':') ?? []
  return runId && card ? { runId, card, at: fact.at } : undefined
}

/** What followed from a fact directly, and what followed from that. */
export async function listEffects(em: Em, whose: Whose, factId: string): Promise<StoredFact[]> {
  const first = await directEffects(em, whose, [factId])
  const judged = first.filter(({ kind }) => kind === 'trigger.evaluated').map(({ id }) => id)
  return [...first, ...(judged.length > 0 ? await directEffects(em, whose, judged) : [])]
}

async function directEffects(em: Em, whose: Whose, causeIds: string[]): Promise<StoredFact[]> {
  return em.execute<StoredFact[]>(
    `select ${columns('f')} from facts f where f.contact_id = ? and f.workspace_id = ?
       and f.cause_id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by f.at, f.id limit 50`,
    [whose.contactId, whose.workspaceId, JSON.stringify(causeIds)],
  )
}

/** One that may be about no contact, such as that a campaign was launched. */
export async function findFact(em: Em, { workspaceId }: Whose, factId: string): Promise<StoredFact[]> {
  return em.execute<StoredFact[]>(
    `select ${columns('f')} from facts f where f.id = ? and f.workspace_id = ? and f.contact_id is null`,
    [factId, workspaceId],
  )
}

/** The newest facts that a condition on `f` picks, newest first. */
export async function findFacts(
  em: Em,
  { workspaceId, contactId }: Whose,
  condition: string,
  values: unknown[],
): Promise<StoredFact[]> {
  return em.execute<StoredFact[]>(
    `select ${columns('f')} from facts f where f.contact_id = ? and f.workspace_id = ? and ${condition}
     order by f.at desc, f.id desc limit 20`,
    [contactId, workspaceId, ...values],
  )
}
