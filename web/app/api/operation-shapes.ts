/** What the platform API answers about bulk operations and pauses, as far as the screens read it. */
type OperationState = 'pending' | 'running' | 'paused' | 'cancelled' | 'completed' | 'stopped'
/** A bulk operation, or a migration, which is one. */
export interface Operation {
  id: string
  kind?: string
  state: OperationState
  total: number
  done: number
  skipped: number
  failed: number
  reason: string | null
  canary: { share: number; passed: boolean } | null
  by: string
  createdAt: string
  endedAt: string | null
}
export interface BulkPreview {
  count: number
  groups: {
    journeyName: string
    version: number
    cardId: string | null
    errorCode: string | null
    count: number
    exampleRunId: string
    exampleReason: string | null
    goesOnAt: string | null
    sends: { cardId: string; inMinutes: number; text: string }[]
    refusal: string | null
  }[]
  foreseenSends: number
  horizonMinutes: number
  takesMinutes: number
  liveOperationId: string | null
}

export interface Hold {
  id: string
  scope: 'workspace' | 'number' | 'journey' | 'contact' | 'run'
  scopeId: string
  kind: 'pause' | 'stop' | 'agent'
  timers: 'freeze' | 'run'
  entrants: 'enter' | 'queue' | 'drop'
  reason: string
  placedBy: string
  placedAt: string
  releasedAt: string | null
  escaped?: number
}
export interface Backlog {
  standing: number
  contacts: number
  queued: number
  overdueMessages: number
  oldestDueAt: string | null
  olderThan: { hours: number; standing: number; queued: number }[]
  comingSoon: number
  takesMinutes: number
  groups: BulkPreview['groups']
}
