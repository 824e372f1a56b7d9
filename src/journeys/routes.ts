import type { Route } from '../kit/route.ts'
import { cardRoutes } from './card-routes.ts'
import { journeyRoutes } from './journey-routes.ts'
import { runRoutes } from './run-routes.ts'

/** Journeys from draft to version, their cards and the runs. */
export const routes: Route[] = [...journeyRoutes, ...cardRoutes, ...runRoutes]
