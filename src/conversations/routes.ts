import type { Route } from '../kit/route.ts'
import { assignmentRoutes } from './assignment-routes.ts'
import { labelRoutes } from './label-routes.ts'
import { tagRoutes } from './tag-routes.ts'
import { taggingRoutes } from './tagging-routes.ts'
import { conversationRoutes } from './conversation-routes.ts'

/** The team inbox: conversations, who has them, and what people leave in them. */
export const routes: Route[] = [
  ...conversationRoutes,
  ...assignmentRoutes,
  ...labelRoutes,
  ...tagRoutes,
  ...taggingRoutes,
]
