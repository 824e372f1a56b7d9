import type { Route } from '../kit/route.ts'
import { assignmentRoutes } from './assignment-routes.ts'
import { bulkRoutes } from './bulk-routes.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { episodeRoutes } from './episode-routes.ts'
import { exportRoutes } from './export-routes.ts'
import { labelRoutes } from './label-routes.ts'
import { noteRoutes } from './note-routes.ts'
import { ownRoutes } from './own-routes.ts'
import { savedResponseRoutes } from './saved-response-routes.ts'
import { tagRoutes } from './tag-routes.ts'
import { taggingRoutes } from './tagging-routes.ts'
import { timelineRoutes } from './timeline-routes.ts'
import { viewRoutes } from './view-routes.ts'

/** The team inbox: conversations, who has them, and what people leave in them. */
export const routes: Route[] = [
  // Before the conversation by its id: `counts` is none.
  ...viewRoutes,
  ...bulkRoutes,
  ...conversationRoutes,
  ...assignmentRoutes,
  ...episodeRoutes,
  ...labelRoutes,
  ...tagRoutes,
  ...taggingRoutes,
  ...noteRoutes,
  ...ownRoutes,
  ...savedResponseRoutes,
  ...timelineRoutes,
  ...exportRoutes,
]
