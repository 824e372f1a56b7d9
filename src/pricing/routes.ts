import type { Route } from '../kit/route.ts'
import { rateCardRoutes } from './rate-card-routes.ts'

/** What messages cost. */
export const routes: Route[] = [...rateCardRoutes]
