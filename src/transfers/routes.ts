import type { Route } from '../kit/route.ts'
import { importRoutes } from './import-routes.ts'

export const routes: Route[] = [...importRoutes]
