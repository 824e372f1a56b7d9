import { loadContactView } from '../src/contacts/contact-view.ts'
import { setAttributes } from '../src/contacts/set-attributes.ts'
import { forkFor } from '../src/db/orm.ts'
import type { Deps } from '../src/deps.ts'

export function createContactActivities(deps: Deps) {
  return {
    loadContact: (input: { workspaceId: string; contactId: string }) =>
      loadContactView(forkFor(deps.orm, input.workspaceId), input.workspaceId, input.contactId),
    // A chat gives texts: they are read as the type that was declared.
    setAttributes: (input: Omit<Parameters<typeof setAttributes>[1], 'fieldOf' | 'lenient'>) =>
      setAttributes(deps, { ...input, lenient: true }),
  }
}
