import type { Route } from '../kit/route.ts'
import { simulationRoutes } from './simulation-routes.ts'

/** Journeys tried out before they meet anybody. */
export const routes: Route[] = [...simulationRoutes]
