import type { Route } from '../kit/route.ts'
import { campaignRoutes } from './campaign-routes.ts'
import { followUpRoutes } from './follow-ups/follow-up-routes.ts'
import { runRoutes } from './run-routes.ts'

export const routes: Route[] = [...campaignRoutes, ...runRoutes, ...followUpRoutes]
