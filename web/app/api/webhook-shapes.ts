export interface WebhookEndpoint {
  id: string
  name: string
  url: string
  form: 'standard' | 'wabbit'
  kinds: string[]
  failingSince: string | null
  disabledAt: string | null
  disabledReason: string | null
}

export interface WebhookDelivery {
  id: string
  seq: number
  kind: string
  state: 'pending' | 'delivered' | 'failed'
  attempts: number
  nextAt: string | null
  status: number | null
  error: string | null
  createdAt: string
}
