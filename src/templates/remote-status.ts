import { readComponents } from '../model/template-components.ts'
import type { TemplateStatus } from './template-row.ts'

const known: Readonly<Record<string, TemplateStatus>> = {
  APPROVED: 'approved',
  REINSTATED: 'approved',
  UNARCHIVED: 'approved',
  FLAGGED: 'flagged',
  PENDING: 'pending',
  IN_REVIEW: 'pending',
  REJECTED: 'rejected',
  PAUSED: 'paused',
  DISABLED: 'disabled',
  LOCKED: 'locked',
  IN_APPEAL: 'in_appeal',
  LIMIT_EXCEEDED: 'limit_exceeded',
  PENDING_DELETION: 'pending_deletion',
  ARCHIVED: 'archived',
  DELETED: 'deleted',
}

/** WhatsApp's word in ours. One that we do not know cannot be sent, until the next sync knows better. */
export function toStatus(word: string): TemplateStatus {
  return Object.hasOwn(known, word) ? (known[word] ?? 'pending') : 'pending'
}

/** Whether two templates say the same. WhatsApp turns samples into addresses of its own, so they do not count. */
export function isSameContent(ours: unknown, theirs: unknown): boolean {
  return outline(ours) === outline(theirs)
}

function outline(components: unknown): string {
  return JSON.stringify(readComponents(components), (key, value: unknown) =>
    key === 'example' ? undefined : value,
  )
}
