import type { Route } from '../kit/route.ts'
import { accessRoutes } from './access-routes.ts'
import { accountRoutes } from './account-routes.ts'
import { activationRoutes } from './activation-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { groupRoutes } from './group-routes.ts'
import { roleRoutes } from './role-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { twoFactorRoutes } from './two-factor-routes.ts'
import { userRoutes } from './user-routes.ts'

/** Who works here, how they sign in, and what each may. */
export const routes: Route[] = [
  ...sessionRoutes,
  ...activationRoutes,
  ...accountRoutes,
  ...twoFactorRoutes,
  ...userRoutes,
  ...accessRoutes,
  ...groupRoutes,
  ...roleRoutes,
  ...auditRoutes,
]
