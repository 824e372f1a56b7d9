import { freezeBlocks } from '../blocks/freeze-blocks.ts'
import type { Em } from '../db/orm.ts'
import { freezeTemplates } from '../templates/freeze-templates.ts'

/** A copy of a draft with everything filled in that a version keeps of what it refers to. */
export async function freezeDraft<T>(
  em: Em,
  journey: { workspaceId: string; numberId: string },
  draft: T,
  /** A simulation looks at templates that WhatsApp has not approved yet, and says so. */
  templates: 'sendable' | 'any' = 'sendable',
): Promise<T> {
  return freezeTemplates(em, journey, await freezeBlocks(em, journey.workspaceId, draft), templates)
}
