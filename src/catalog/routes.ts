import type { Route } from '../kit/route.ts'
import { catalogRoutes } from './catalog-routes.ts'
import { feedRoutes } from './feed-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { productRoutes } from './product-routes.ts'
import { setRoutes } from './set-routes.ts'

/** What is sold and what was ordered. */
export const routes: Route[] = [
  ...catalogRoutes,
  ...feedRoutes,
  ...productRoutes,
  ...setRoutes,
  ...orderRoutes,
]
