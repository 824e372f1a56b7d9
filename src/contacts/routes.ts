import type { Route } from '../kit/route.ts'
import { contactRoutes } from './contact-routes.ts'
import { eventRoutes } from './event-routes.ts'

/** People, what names them, and what happens to them elsewhere. */
export const routes: Route[] = [...contactRoutes, ...eventRoutes]
