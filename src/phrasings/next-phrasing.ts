import { takeTurnOfContact } from '../contacts/lock-contact.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { choosePhrasing, type PhrasingMode } from '../model/phrasing.ts'

/**
 * Whose turn it is among a card's phrasings for one contact, in all of the contact's runs. The same effect asked again gets
 * what it got.
 */
export async function nextPhrasing(
  { orm }: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    contactId: string
    journeyId: string
    cardId: string
    /** Names this one choice, in every try of it. */
    effectKey: string
    count: number
    mode: PhrasingMode
  },
): Promise<number> {
  const { workspaceId, contactId, journeyId, cardId, effectKey, count, mode } = input
  return forkFor(orm, workspaceId).transactional(async (em) => {
    await takeTurnOfContact(em, workspaceId, contactId)
    const [turn] = await em.execute<{ phrasing: number; effect_key: string }[]>(
      `select phrasing, effect_key from phrasing_turns
       where workspace_id = ? and contact_id = ? and journey_id = ? and card_id = ?`,
      [workspaceId, contactId, journeyId, cardId],
    )
    if (turn?.effect_key === effectKey && turn.phrasing < count) return turn.phrasing
    const phrasing = choosePhrasing(count, { mode, last: turn?.phrasing, draw: Math.random() })
    await em.execute(
      `insert into phrasing_turns (id, workspace_id, contact_id, journey_id, card_id, phrasing, effect_key)
       values (?, ?, ?, ?, ?, ?, ?)
       on conflict (contact_id, journey_id, card_id) do update set phrasing = excluded.phrasing,
         effect_key = excluded.effect_key`,
      [newId(), workspaceId, contactId, journeyId, cardId, phrasing, effectKey],
    )
    return phrasing
  })
}
