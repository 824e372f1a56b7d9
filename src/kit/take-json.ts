import express, { type RequestHandler } from 'express'
import { refuseUnstorableBody } from './storable-text.ts'

/** Journeys of a thousand cards are some hundred kilobytes. */
const bodyLimit = '1mb'

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store')
  next()
}

/** What stands before every API: JSON in, within bounds, and answers that nobody keeps. */
export const takeJson: RequestHandler[] = [
  noStore,
  express.json({ limit: bodyLimit, verify: refuseUnstorableBody }),
]
