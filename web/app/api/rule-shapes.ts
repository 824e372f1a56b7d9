import type { JsonObject } from '../../../src/model/json.ts'

interface Named {
  id: string
  name: string
}

export interface TagRule {
  id: string
  position: number
  tag: Named | null
  user: Named | null
  group: Named | null
  method: 'round_robin' | 'let_group_decide' | null
}

export interface RuleEngine {
  url: string
  headerNames: string[]
  timeoutMs: number
  enabled: boolean
  failingSince: string | null
  lastError: string | null
  lastErrorAt: string | null
  lastAnswerAt: string | null
  lastIgnored: { at: string; entries: { entry: string; reason: string }[] } | null
}

export interface EngineTrial {
  ok: boolean
  error: string | null
  ms: number
  entries: { entry: string; would: string; ok: boolean }[]
}

export interface AssignmentRule {
  id: string
  name: string
  enabled: boolean
  position: number
  definition: JsonObject
}
