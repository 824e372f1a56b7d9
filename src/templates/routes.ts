import type { Route } from '../kit/route.ts'
import { templateAccountRoutes } from './account-routes.ts'
import { libraryRoutes } from './library-routes.ts'
import { templateActionRoutes } from './template-action-routes.ts'
import { templateRoutes } from './template-routes.ts'

export const routes: Route[] = [
  ...templateRoutes,
  ...templateActionRoutes,
  ...templateAccountRoutes,
  ...libraryRoutes,
]
