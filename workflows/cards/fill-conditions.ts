import type { Condition } from '../../src/model/conditions.ts'
import { listPlaceholders, renderTemplate, textScope } from '../../src/model/template.ts'
import type { CardContext } from './card.ts'

/** Conditions may compare with what a text can say: `event.orderId` equals `{{vars.order_id}}`. What is not there equals nothing. */
export async function fillConditions(context: CardContext, conditions: Condition[]): Promise<Condition[]> {
  const named = listPlaceholders(conditions)
  if (named.length === 0) return conditions
  const needsContact = named.some(({ path }) => path.startsWith('contact.'))
  const contact = needsContact ? await context.loadContact() : {}
  return renderTemplate(conditions, textScope({ contact, vars: context.vars, nowMs: context.now() })).value
}
