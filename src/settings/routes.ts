import type { Route } from '../kit/route.ts'
import { apiKeyRoutes } from './api-key-routes.ts'
import { boundNumberRoutes } from './bound-number-routes.ts'
import { businessProfileRoutes } from './business-profile-routes.ts'
import { numberRoutes } from './number-routes.ts'
import { workspaceRoutes } from './workspace-routes.ts'

/** A workspace's settings: who may call, which numbers it has, what came in unread. */
export const routes: Route[] = [
  ...workspaceRoutes,
  ...numberRoutes,
  ...businessProfileRoutes,
  ...boundNumberRoutes,
  ...apiKeyRoutes,
]
