import type { Route } from '../kit/route.ts'
import { apiKeyRoutes } from './api-key-routes.ts'
import { numberRoutes } from './number-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { userRoutes } from './user-routes.ts'
import { workspaceRoutes } from './workspace-routes.ts'

/** A workspace's settings: who may sign in and call, which numbers it has, what came in unread. */
export const routes: Route[] = [
  ...sessionRoutes,
  ...workspaceRoutes,
  ...userRoutes,
  ...numberRoutes,
  ...apiKeyRoutes,
]
