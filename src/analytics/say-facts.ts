import type { Em } from '../db/orm.ts'
import type { StoredFact } from './why-chain.ts'
import { sayFact } from './why-words.ts'

/** Facts of one workspace in words, with what the messages said that they name. */
export async function sayFacts(
  em: Em,
  workspaceId: string,
  facts: Pick<StoredFact, 'kind' | 'data'>[],
): Promise<string[]> {
  const ids = facts.map(({ data }) => data['message']).filter((id) => typeof id === 'string')
  const texts =
    ids.length === 0
      ? []
      : await em.execute<{ id: string; text: string }[]>(
          `select id, text from messages where workspace_id = ?
             and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
          [workspaceId, JSON.stringify(ids)],
        )
  const textOf = new Map(texts.map(({ id, text }) => [id, text]))
  return facts.map((fact) => sayFact(fact, (id) => textOf.get(id)))
}
