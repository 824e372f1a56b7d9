import type { Em } from '../db/orm.ts'
import { idsAmong } from '../db/uuids.ts'
import type { JsonObject } from '../model/json.ts'

/**
 * A copy of a journey's draft with every block's content filled in from today's blocks; what a draft brought along of its
 * own is dropped. A block that is gone or archived leaves its card without content, which then refuses to be published.
 */
export async function freezeBlocks<T>(em: Em, workspaceId: string, draft: T): Promise<T> {
  const wanted = Object.values(cardsOf(draft)).flatMap((card) => blockIdOf(card) ?? [])
  if (wanted.length === 0) return draft
  const rows = await em.execute<{ id: string; content: JsonObject; version: number }[]>(
    `select b.id, b.content, b.version from blocks b
     where b.workspace_id = ? and b.archived_at is null and b.deleted_at is null
       and b.id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by b.id for share`,
    [workspaceId, idsAmong(wanted)],
  )
  const blocks = new Map(rows.map((row) => [row.id, row]))
  const cards = Object.entries(cardsOf(draft)).map(([id, card]) => [id, frozen(card, blocks)])
  return { ...draft, cards: Object.fromEntries(cards) as unknown }
}

interface LooseCard {
  type?: unknown
  settings?: Record<string, unknown>
}

function cardsOf(draft: unknown): Record<string, LooseCard> {
  const { cards } = (isRecord(draft) ? draft : {}) as { cards?: unknown }
  return isRecord(cards) ? (cards as Record<string, LooseCard>) : {}
}

function blockIdOf(card: LooseCard): string | undefined {
  const id = isRecord(card) && card.type === 'block' && isRecord(card.settings) && card.settings['block']
  return typeof id === 'string' ? id.toLowerCase() : undefined
}

function frozen(card: LooseCard, blocks: Map<string, { content: JsonObject; version: number }>): LooseCard {
  const id = blockIdOf(card)
  if (id === undefined) return card
  const { content: _content, version: _version, ...settings } = card.settings ?? {}
  const block = blocks.get(id)
  return {
    ...card,
    settings: { ...settings, ...(block && { content: block.content, version: block.version }) },
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
