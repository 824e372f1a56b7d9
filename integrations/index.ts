import { carddav } from './carddav/carddav.ts'
import { googlePeople } from './google-people/google-people.ts'
import { http } from './http/http.ts'
import type { Integration } from './kit.ts'

/** Every outside system that journeys may call. WhatsApp is no such: it is the channel itself. */
export const integrations: Readonly<Record<string, Integration>> = Object.fromEntries(
  [http, googlePeople, carddav].map((integration) => [integration.id, integration]),
)
