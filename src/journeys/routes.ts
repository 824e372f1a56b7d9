import type { Route } from '../kit/route.ts'
import { cardRoutes } from './card-routes.ts'
import { journeyRoutes } from './journey-routes.ts'
import { runRoutes } from './run-routes.ts'
import { simulationRoutes } from './simulation-routes.ts'

/** Journeys from draft to version, their cards, the simulator and the runs. */
export const routes: Route[] = [...journeyRoutes, ...cardRoutes, ...simulationRoutes, ...runRoutes]
