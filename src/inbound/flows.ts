import express, { Router } from 'express'
import type { Deps } from '../deps.ts'
import { answerFlow } from '../flows/answer-flow.ts'

/** A screen's answers, with pictures as references. */
const maximumBody = '1mb'

/** What customers' phones ask while a Flow is open: encrypted, signed, answered in text. */
export function flowEndpoint(deps: Deps): Router {
  const router = Router()
  const raw = express.raw({ type: () => true, limit: maximumBody })
  router.post('/:id/data', raw, async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const signature = request.get('x-hub-signature-256')
    const answer = await answerFlow(deps, { id: request.params.id ?? '', body, signature })
    response.status(answer.status).type('text/plain').send(answer.body)
  })
  return router
}
