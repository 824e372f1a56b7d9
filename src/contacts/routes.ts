import type { Route } from '../kit/route.ts'
import { attributeRoutes } from './attribute-routes.ts'
import { batchRoutes } from './batch-routes.ts'
import { contactRoutes } from './contact-routes.ts'
import { identityRoutes } from './identity-routes.ts'
import { lookupRoutes } from './lookup-routes.ts'
import { noteRoutes } from './note-routes.ts'
import { profileRoutes } from './profile-routes.ts'
import { viewRoutes } from './view-routes.ts'
import { whatsappRoutes } from './whatsapp-routes.ts'

/** People, what names them, and what is known of them. */
export const routes: Route[] = [
  ...contactRoutes,
  ...identityRoutes,
  ...profileRoutes,
  ...noteRoutes,
  ...attributeRoutes,
  ...batchRoutes,
  ...viewRoutes,
  ...lookupRoutes,
  ...whatsappRoutes,
]
