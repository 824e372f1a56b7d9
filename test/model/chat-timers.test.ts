import { planTimers, silenceEndsMs, type ChatState } from '../../src/model/chat-timers.ts'
import { inboxSettingsSchema } from '../../src/model/inbox-settings.ts'

const minute = 60_000
const hour = 60 * minute
const now = Date.parse('2026-11-20T12:00:00Z')
const waiting = now - 10 * minute

const chat = (more: Partial<ChatState> = {}): ChatState => ({
  ...{ nowMs: now, status: 'open', spam: false, snoozedUntilMs: null },
  ...{ assignedUserId: 'ann', assignedGroupId: null, assignedAtMs: now - hour },
  ...{ waitingSinceMs: waiting, windowEndsMs: waiting + 24 * hour, activeAtMs: waiting, isAsked: false },
  ...{ episode: { id: 'e', openedMs: now - hour, firstResponseMs: null }, handed: null, closed: null },
  ...more,
})
const settings = inboxSettingsSchema.parse({
  deadlines: { firstResponseMinutes: 30, resolutionMinutes: 120 },
  unattended: { afterMinutes: 15 },
  returning: { afterMinutes: 5 },
  nudge: { message: { text: 'Still there?' } },
  closure: { afterMinutes: 60 },
  satisfaction: { question: 'How was it?', delayMinutes: 2, everyDays: 30 },
})
const plan = (more: Partial<ChatState> = {}, given = settings) =>
  Object.fromEntries(planTimers(chat(more), given).map(({ kind, dueMs }) => [kind, (dueMs - now) / minute]))

test('a chat in which the customer waits', () => {
  expect(plan()).toEqual({ 'first-response': 20, resolution: 60, unattended: 5, nudge: 24 * 60 - 70 })
})

test('an answer ends what hangs on it, and silence begins to count', () => {
  const answered = { waitingSinceMs: null, activeAtMs: now - minute }
  expect(plan(answered)).toEqual({ resolution: 60, closure: 59 })
  expect(plan({ ...answered, episode: { id: 'e', openedMs: now, firstResponseMs: now } })).toEqual({
    ...{ resolution: 120, closure: 59 },
  })
})

test('whoever gets a chat has their own time to answer it', () => {
  expect(plan({ assignedAtMs: now - minute })['unattended']).toBe(14)
  const [before, after] = ['ann', 'ben'].map((assignedUserId) =>
    planTimers(chat({ assignedUserId }), settings).find(({ kind }) => kind === 'unattended'),
  )
  expect(before?.basis).not.toBe(after?.basis)
  expect(plan({ assignedUserId: null })).not.toHaveProperty('unattended')
})

test('a chat that was handed on goes back by its own time', () => {
  expect(plan({ handed: { eventId: 'a', atMs: now - 2 * minute } })['return']).toBe(3)
})

test('a snoozed chat sleeps until its time: nobody is passed over and nothing is closed meanwhile', () => {
  const snoozed = { status: 'snoozed', snoozedUntilMs: now + hour } as const
  expect(plan({ ...snoozed, waitingSinceMs: null })).toEqual({ snooze: 60, resolution: 60 })
  expect(
    silenceEndsMs(chat({ ...snoozed, waitingSinceMs: null }), inboxSettingsSchema.parse({}), hour),
  ).toBeUndefined()
})

test('a journey that awaits an answer is neither interrupted nor closed', () => {
  expect(plan({ isAsked: true, waitingSinceMs: null })).toEqual({ resolution: 60 })
})

test('the nudge is of the window: once for each, and none when it is over', () => {
  const nudged = (more: Partial<ChatState>) =>
    planTimers(chat(more), settings).find(({ kind }) => kind === 'nudge')?.basis
  expect(nudged({})).toBe(nudged({ waitingSinceMs: now }))
  expect(nudged({})).not.toBe(nudged({ windowEndsMs: now + hour }))
  expect(nudged({ windowEndsMs: now - 1 })).toBeUndefined()
  const always = inboxSettingsSchema.parse({ nudge: { when: 'chat-is-open', message: { text: 'Hi' } } })
  expect(plan({ waitingSinceMs: null }, always)).toEqual({ nudge: 24 * 60 - 70 })
})

test('after the end the question is asked, of chats of people, and not too often', () => {
  const over = { id: 'e', closedMs: now - minute, byPeople: true, askedMs: null }
  expect(plan({ episode: null, closed: over })).toEqual({ satisfaction: 1 })
  expect(plan({ episode: null, closed: { ...over, byPeople: false } })).toEqual({})
  expect(plan({ episode: null, closed: { ...over, askedMs: now - 29 * 24 * hour } })).toEqual({})
  expect(plan({ episode: null, closed: { ...over, askedMs: now - 31 * 24 * hour } })).toEqual({
    satisfaction: 1,
  })
})

test('spam has no clock', () => {
  expect(plan({ spam: true, status: 'snoozed', snoozedUntilMs: now })).toEqual({})
})

test('unset, silence closes what nobody has on their desk', () => {
  const unset = inboxSettingsSchema.parse({})
  expect(silenceEndsMs(chat({ assignedUserId: null }), unset, hour)).toBe(waiting + hour)
  expect(silenceEndsMs(chat(), unset, hour)).toBeUndefined()
  expect(silenceEndsMs(chat({ waitingSinceMs: null }), unset, hour)).toBe(waiting + hour)
  expect(silenceEndsMs(chat({ waitingSinceMs: null }), settings, hour)).toBeUndefined()
})
