/** What the platform API answers about the health of numbers, as far as the screens read it. */
export interface NumberLine {
  id: string
  displayNumber: string
  messagesPerSecond: number
  messagingLimit: number | null
}
export interface NumberHealth {
  quality: string | null
  throughput: string | null
  restriction: string | null
  knownAt: string | null
  reach: {
    limit: number | null
    forCampaigns: number | null
    used: number
    room: number | null
    roomAt: string | null
  }
  stops: NumberStop[]
}
export interface NumberStop {
  id: string
  scope: 'campaigns' | 'template' | 'pace'
  template: string | null
  code: string | null
  reason: string
  by: string
  factor: number | null
  until: string | null
  placedAt: string
  liftedAt: string | null
}
