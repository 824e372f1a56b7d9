import { listen } from '../db/listen.ts'
import type { Deps } from '../deps.ts'
import { changesChannel } from '../events/note-changes.ts'
import { applyContactChanges } from './apply-contact-changes.ts'

/** Applies changes the moment they are committed anywhere. Stop it before the connections close. */
export function keepSegmentsLive(deps: Deps): { stop(): Promise<void> } {
  let running: Promise<void> | undefined
  let again = false

  async function apply(): Promise<void> {
    do {
      again = false
      try {
        await applyContactChanges(deps)
      } catch (error) {
        deps.log.warn({ err: error }, 'live segments wait; the next change or sweep takes them up')
      }
    } while (again)
    running = undefined
  }

  /** Many commits at once are one round, and one more for those that came during it. */
  function wake(): void {
    again = true
    running ??= apply()
  }

  const listener = listen(deps.config.DATABASE_URL ?? '', changesChannel, deps.log, wake)
  return {
    async stop() {
      await listener.stop()
      await running
    },
  }
}
