import type { Route } from '../kit/route.ts'
import { connectionRoutes } from './connection-routes.ts'
import { integrationRoutes } from './integration-routes.ts'

/** Outside systems: what they are, the credentials for them, and trying them out. */
export const routes: Route[] = [...integrationRoutes, ...connectionRoutes]
