import type { Route } from '../kit/route.ts'
import { reportRoutes } from './report-routes.ts'
import { userRoutes } from './user-routes.ts'

/** What becomes of journeys, their cards and messages, and of who is inside. */
export const routes: Route[] = [...reportRoutes, ...userRoutes]
