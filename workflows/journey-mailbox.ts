import { setHandler } from '@temporalio/workflow'
import type { Reply } from '../src/model/reply.ts'
import { eventArrived, floorLost, replied, sendSettled, type EventArrived } from './contract.ts'

const rememberedEvents = 200

/** What signals brought and no card has taken yet. A repeated signal stays without effect. */
export interface JourneyMailbox {
  hasReply(askKey: string): boolean
  takeReply(askKey: string): Reply | undefined
  /** Another journey has asked the contact something since. */
  hasLostFloor(askKey: string): boolean
  hasEvent(waitKey: string): boolean
  takeEvent(waitKey: string): EventArrived | undefined
  settledSends: Set<string>
  seenEventIds(): string[]
}

export function openMailbox(seenEventIds: string[]): JourneyMailbox {
  const seen = new Set(seenEventIds)
  const replies = new Map<string, Reply>()
  const events = new Map<string, EventArrived>()
  const settledSends = new Set<string>()
  let lostFloor: string | undefined
  const isNew = (id: string) => !seen.has(id) && Boolean(seen.add(id))
  setHandler(replied, ({ eventId, askKey, reply }) => {
    if (isNew(eventId)) replies.set(askKey, reply)
  })
  setHandler(eventArrived, (event) => {
    if (isNew(`${event.eventId} ${event.waitKey}`)) events.set(event.waitKey, event)
  })
  setHandler(floorLost, ({ askKey }) => void (lostFloor = askKey))
  setHandler(sendSettled, ({ sendKey }) => {
    settledSends.add(sendKey)
  })
  return {
    hasReply: (askKey) => replies.has(askKey),
    takeReply: (askKey) => take(replies, askKey),
    hasLostFloor: (askKey) => lostFloor === askKey,
    hasEvent: (waitKey) => events.has(waitKey),
    takeEvent: (waitKey) => take(events, waitKey),
    settledSends,
    seenEventIds: () => [...seen].slice(-rememberedEvents),
  }
}

function take<T>(box: Map<string, T>, key: string): T | undefined {
  const item = box.get(key)
  box.delete(key)
  return item
}
