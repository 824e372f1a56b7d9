import type { Route } from '../kit/route.ts'
import { attributeRoutes } from './attribute-routes.ts'
import { contactRoutes } from './contact-routes.ts'
import { whatsappRoutes } from './whatsapp-routes.ts'

/** People and what names them. */
export const routes: Route[] = [...contactRoutes, ...attributeRoutes, ...whatsappRoutes]
