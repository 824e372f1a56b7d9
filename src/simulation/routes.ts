import type { Route } from '../kit/route.ts'
import { assertionRoutes } from './assertion-routes.ts'
import { audienceRoutes } from './audience-routes.ts'
import { certificationRoutes } from './certification-routes.ts'
import { simulationRoutes } from './simulation-routes.ts'

/** Journeys tried out before they meet anybody. */
export const routes: Route[] = [
  ...simulationRoutes,
  ...audienceRoutes,
  ...assertionRoutes,
  ...certificationRoutes,
]
