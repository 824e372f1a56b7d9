import { declareAttributes, loadAttributeTypes, lockDefinitions } from '../contacts/attribute-definitions.ts'
import type { Em } from '../db/orm.ts'
import { attributeNameProblem, isWritableAttribute } from '../model/contact-attributes.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { cards as registry } from '../../workflows/cards/index.ts'
import type { FieldProblem } from './validate-journey.ts'

export interface WrittenAttribute {
  card: string
  /** JSON path of the setting that names it. */
  field: string
  name: string
  /** What the card's values are. */
  type: AttributeType
}

/** The contact attributes that a journey's cards set. */
export function listWrittenAttributes(definition: JourneyDefinition): WrittenAttribute[] {
  return Object.entries(definition.cards).flatMap(([card, node]) =>
    (registry[node.type]?.writes?.(node.settings) ?? []).map(({ field, ...written }) => ({
      ...written,
      card,
      field: `cards.${card}.settings.${field}`,
    })),
  )
}

/** An attribute that a card sets and that is not declared. */
export type UndeclaredAttribute = FieldProblem & WrittenAttribute

/** What keeps a journey from being published: attributes to be declared first, and names that no attribute may have. */
export async function checkWrittenAttributes(
  em: Em,
  workspaceId: string,
  definition: JourneyDefinition,
): Promise<{ undeclared: UndeclaredAttribute[]; misnamed: FieldProblem[] }> {
  const written = listWrittenAttributes(definition).filter(({ name }) => !isWritableAttribute(name))
  if (written.length === 0) return { undeclared: [], misnamed: [] }
  const types = await loadAttributeTypes(em, workspaceId)
  const unknown = written
    .filter(({ name }) => !types.has(name))
    .map((each) => ({ ...each, severity: 'error' as const, wrong: attributeNameProblem(each.name) }))
  return {
    misnamed: unknown.flatMap(({ severity, card, field, wrong }) =>
      wrong ? [{ severity, card, field, message: wrong }] : [],
    ),
    undeclared: unknown.flatMap(({ wrong, ...each }) => {
      const message = `the attribute "${each.name}" is not declared: declare it, or publish with declareAttributes`
      return wrong ? [] : [{ ...each, message }]
    }),
  }
}

/** Declares what a journey writes. What is written in several types is kept as text. */
export async function declareWritten(
  em: Em,
  workspaceId: string,
  undeclared: UndeclaredAttribute[],
): Promise<void> {
  if (undeclared.length === 0) return
  await lockDefinitions(em, workspaceId)
  const declared = await loadAttributeTypes(em, workspaceId)
  const missing = undeclared.filter(({ name }) => !declared.has(name))
  const wanted = [...Map.groupBy(missing, ({ name }) => name)].map(([name, written]) => {
    const [type, ...others] = new Set(written.map((each) => each.type))
    return { name, type: type && others.length === 0 ? type : ('string' as const), field: written[0]?.field }
  })
  await declareAttributes(em, workspaceId, wanted, (at) => wanted[at]?.field ?? 'draft')
}
