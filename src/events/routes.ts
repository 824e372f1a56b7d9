import type { Route } from '../kit/route.ts'
import { eventHistoryRoutes } from './event-history-routes.ts'
import { eventRoutes } from './event-routes.ts'

/** What happens to contacts: declared types, and the events themselves. */
export const routes: Route[] = [...eventRoutes, ...eventHistoryRoutes]
