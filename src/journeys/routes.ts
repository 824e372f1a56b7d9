import type { Route } from '../kit/route.ts'
import { cardRoutes } from './card-routes.ts'
import { journeyRoutes } from './journey-routes.ts'
import { runRoutes } from './run-routes.ts'
import { templateRoutes } from './template-routes.ts'

/** Journeys from draft to version, ready-made ones, their cards and the runs. */
export const routes: Route[] = [...journeyRoutes, ...templateRoutes, ...cardRoutes, ...runRoutes]
