/** A row of the question how a chat was: which asking it answers, and how many of five. */
export interface SatisfactionTap {
  answerId: string
  score: number
}

const payload = /^satisfaction:([0-9a-f-]{36}):([1-5])$/

export function satisfactionPayload({ answerId, score }: SatisfactionTap): string {
  return `satisfaction:${answerId}:${score}`
}

/** Undefined of anything else that was tapped. */
export function readSatisfaction(choiceId: string | undefined): SatisfactionTap | undefined {
  const match = choiceId === undefined ? null : payload.exec(choiceId)
  return match?.[1] ? { answerId: match[1], score: Number(match[2]) } : undefined
}
