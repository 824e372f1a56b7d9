import type { Route } from '../kit/route.ts'
import { answerRoutes } from './answer-routes.ts'
import { flowRoutes } from './flow-routes.ts'
import { keyRoutes } from './key-routes.ts'

export const routes: Route[] = [...flowRoutes, ...answerRoutes, ...keyRoutes]
