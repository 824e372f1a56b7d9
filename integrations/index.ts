import { http } from './http/http.ts'
import type { Integration } from './kit.ts'

/** Every outside system that journeys may call. WhatsApp is no such: it is the channel itself. */
export const integrations: Readonly<Record<string, Integration>> = Object.fromEntries(
  [http].map((integration) => [integration.id, integration]),
)
