/** A quick reply of a campaign: whose run it is of, and at which place it stands. */
export interface CampaignTap {
  runId: string
  index: number
}

const payload = /^campaign:([0-9a-f-]{36}):(\d)$/

export function tapPayload({ runId, index }: CampaignTap): string {
  return `campaign:${runId}:${index}`
}

/** Undefined of any other button's payload. */
export function readTap(text: string | undefined): CampaignTap | undefined {
  const match = text === undefined ? null : payload.exec(text)
  return match?.[1] ? { runId: match[1], index: Number(match[2]) } : undefined
}
