import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import type { FieldError } from '../model/errors.ts'
import { interactiveSchema, type Interactive } from '../model/interactive.ts'
import type { JsonObject } from '../model/json.ts'
import { describeContent } from '../model/message.ts'
import { renderTemplate } from '../model/template.ts'

export interface BlockPreview {
  /** As the customer would see it. */
  content: JsonObject
  text: string
  /** Placeholders without a value and without a fallback: it would not be sent to this contact. */
  missing: string[]
  /** Limits of WhatsApp that the filled-in texts break. */
  problems: FieldError[]
}

/** Fills a block in with a contact's values, and says what would keep it from being sent. Nothing is sent. */
export async function previewBlock(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; content: Interactive; contactId?: string | undefined; vars: JsonObject },
): Promise<BlockPreview> {
  const { workspaceId, content, contactId, vars } = input
  const contact =
    contactId === undefined
      ? {}
      : await loadContactView(forkFor(deps.orm, workspaceId), workspaceId, contactId)
  const { value, missing } = renderTemplate(content, { contact, vars, event: vars['event'] ?? {} })
  const { error } = interactiveSchema.safeParse(value)
  return {
    content: value as unknown as JsonObject,
    text: describeContent({ type: 'interactive', interactive: value }),
    missing,
    problems: error ? toFieldErrors(error, 'content') : [],
  }
}
