import { loadContactView } from '../src/contacts/contact-view.ts'
import { forkFor } from '../src/db/orm.ts'
import type { Deps } from '../src/deps.ts'

export function createContactActivities(deps: Deps) {
  return {
    loadContact: (input: { workspaceId: string; contactId: string }) =>
      loadContactView(forkFor(deps.orm, input.workspaceId), input.workspaceId, input.contactId),
  }
}
