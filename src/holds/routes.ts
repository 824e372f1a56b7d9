import type { Route } from '../kit/route.ts'
import { pauseRoutes } from './pause-routes.ts'
import { stopRoutes } from './stop-routes.ts'

/** Pauses with what piles up at them, and the emergency stop. */
export const routes: Route[] = [...pauseRoutes, ...stopRoutes]
