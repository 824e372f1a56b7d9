import type { Route } from '../kit/route.ts'
import { memberRoutes } from './member-routes.ts'
import { segmentRoutes } from './segment-routes.ts'

export const routes: Route[] = [...segmentRoutes, ...memberRoutes]
