import type { Route } from '../kit/route.ts'
import { exportRoutes } from './export-routes.ts'
import { importRoutes } from './import-routes.ts'

export const routes: Route[] = [...importRoutes, ...exportRoutes]
