import type { Route } from '../kit/route.ts'
import { assignmentRuleRoutes } from './assignment-rule-routes.ts'
import { engineRoutes } from './engine-routes.ts'
import { queueRoutes } from './queue-routes.ts'
import { tagRuleRoutes } from './tag-rule-routes.ts'

/** Who gets a chat. */
export const routes: Route[] = [...tagRuleRoutes, ...engineRoutes, ...assignmentRuleRoutes, ...queueRoutes]
