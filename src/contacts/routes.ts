import type { Route } from '../kit/route.ts'
import { contactRoutes } from './contact-routes.ts'

/** People and what names them. */
export const routes: Route[] = [...contactRoutes]
