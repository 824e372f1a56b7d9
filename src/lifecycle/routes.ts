import type { Route } from '../kit/route.ts'
import { satisfactionRoutes } from './satisfaction-routes.ts'
import { scheduledRoutes } from './scheduled-routes.ts'
import { settingsRoutes } from './settings-routes.ts'

/** What chats do by the clock, and by themselves. */
export const routes: Route[] = [...settingsRoutes, ...scheduledRoutes, ...satisfactionRoutes]
