import { forkFor } from '../../src/db/orm.ts'
import { sweepOutbox } from '../../src/outbox/relay.ts'
import type { Course } from '../record-histories.ts'

/** Ahead in UTC, and over in Kiritimati, which is fourteen hours further. */
const inFiveHours = new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 19)

/** Runs whose contact changes the time zone while they sleep. */
export const zoneCourses: Course[] = [
  {
    title: 'moved-to-another-time-zone',
    word: 'later',
    definition: {
      start: 'wait',
      triggers: [{ type: 'user-utterance', keywords: ['later'] }],
      cards: {
        wait: {
          type: 'time-delay',
          settings: { delay: { mode: 'until', at: inFiveHours } },
          next: { done: 'say' },
        },
        say: { type: 'message', settings: { text: 'It is time' }, next: {} },
      },
    },
    async play({ deps, workspaceId }, _waId, { sent, state }) {
      const { contact_id: contactId } = await state('waiting')
      await forkFor(deps.orm, workspaceId).execute(
        `update contacts set time_zone = 'Pacific/Kiritimati' where id = ? and workspace_id = ?`,
        [contactId, workspaceId],
      )
      await sweepOutbox(deps)
      await sent(1)
    },
  },
]
