import type { Route } from '../kit/route.ts'
import { groupRoutes } from './group-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { userRoutes } from './user-routes.ts'

/** Who works here, how they sign in, and what each may. */
export const routes: Route[] = [...sessionRoutes, ...userRoutes, ...groupRoutes]
