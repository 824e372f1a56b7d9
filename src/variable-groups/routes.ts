import type { Route } from '../kit/route.ts'
import { groupRoutes } from './group-routes.ts'

export const routes: Route[] = groupRoutes
