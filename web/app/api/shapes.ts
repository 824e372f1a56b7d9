import type { Condition } from '../../../src/model/conditions.ts'
import type { AttributeType } from '../../../src/model/event-attributes.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'

/** What the platform API answers, as far as the screens read it. */
export interface Attribute {
  name: string
  type: AttributeType
  label: string
  description: string | null
  kind: 'system' | 'custom'
  writable: boolean
}

export interface Contact {
  id: string
  name: string | null
  attributes: JsonObject
  tags: string[]
  optedOutAt: string | null
  mergedInto: string | null
  lastSeenAt: string | null
  spamAt: string | null
  source: string | null
  createdAt: string
  updatedAt: string
  identities: Identity[]
}

interface Identity {
  id: string
  kind: string
  value: string
  source: string
  validFrom: string
  validTo: string | null
}

export interface Profile {
  contact: Contact
  attributes: (Pick<Attribute, 'name' | 'label' | 'type' | 'kind'> & { value: Json })[]
  segments: { id: string; name: string; kind: SegmentKind; enteredAt: string }[]
  journeys: { runId: string; name: string; state: string; startedAt: string }[]
  conversations: { id: string; number: string; lastMessageAt: string | null; windowOpen: boolean }[]
  counts: Record<string, number>
}

export interface Consent {
  optedOutAt: string | null
  categories: {
    category: string
    state: 'opted_in' | 'opted_out' | null
    source: string | null
    text: string | null
    at: string | null
  }[]
}

export interface TimelineItem {
  id: string
  at: string
  kind: string
  type: string
  words: string
  why: string | null
}

export interface Note {
  id: string
  body: string
  authorName: string
  createdAt: string
}

export interface ContactFilter {
  search?: string
  condition?: Condition
}
export interface ContactSort {
  by: string
  direction: 'asc' | 'desc'
}
export interface SavedView {
  id: string
  name: string
  shared: boolean
  isDefault: boolean
  mine: boolean
  query: ContactFilter & { sort?: ContactSort; columns?: string[] }
}

export type SegmentKind = 'static' | 'live'
export interface Segment {
  id: string
  name: string
  kind: SegmentKind
  condition: Condition | null
  members: number
  timeDependent: boolean
  evaluatedAt: string | null
  createdAt: string
}
export interface SegmentPreview {
  count: number
  estimated: boolean
  sample: { contactId: string; name: string | null; phone: string | null }[]
}

export interface ImportColumn {
  column: string
  to: string
  name?: string
  separator?: string
  identifies?: boolean
  create?: { type: AttributeType }
}
export interface Import {
  id: string
  name: string
  state:
    | 'uploading'
    | 'uploaded'
    | 'ready'
    | 'running'
    | 'paused'
    | 'checked'
    | 'completed'
    | 'cancelled'
    | 'failed'
  stage: string
  bytes: number
  dryRun: boolean
  columns: { name: string; samples: string[] }[]
  warnings: string[]
  mapping: { columns: ImportColumn[] } | null
  progress: Record<
    'share' | 'rowsRead' | 'rejected' | 'duplicates' | 'created' | 'updated' | 'unchanged' | 'skipped',
    number
  >
  error: string | null
  createdAt: string
  /** Of the answer to an upload only. */
  suggestion?: ImportColumn[]
}
