import { createBlock } from '../../src/blocks/manage-blocks.ts'
import { newId } from '../../src/db/columns.ts'
import { blockContentSchema } from '../../src/model/block.ts'
import type { JourneyDefinition } from '../../src/model/journey-definition.ts'
import type { House } from './house.ts'

/** Makes the blocks that a generated journey sends, and returns it naming them: a draft is frozen from the workspace's. */
export async function storeBlocks(
  { deps, workspaceId }: House,
  definition: JourneyDefinition,
): Promise<JourneyDefinition> {
  const cards: JourneyDefinition['cards'] = {}
  for (const [id, card] of Object.entries(definition.cards)) {
    const isBlock = card.type === 'block'
    cards[id] = isBlock ? { ...card, settings: { ...card.settings, block: await store(card) } } : card
  }
  return { ...definition, cards }

  async function store({ settings }: JourneyDefinition['cards'][string]): Promise<string> {
    const content = blockContentSchema.parse(settings['content'])
    const { id } = await createBlock(deps, { workspaceId, name: `Block ${newId()}`, content })
    return id
  }
}
