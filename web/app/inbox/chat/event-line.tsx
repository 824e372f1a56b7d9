import { sayTime } from '../../ui/words.ts'
import type { ChatEvent } from '../../api/inbox-shapes.ts'
import { sayClock } from '../inbox-words.ts'

/** What happened to the conversation, between what was said. */
export function EventLine({ event: { text, at } }: { event: ChatEvent }) {
  return (
    <p className="inbox-event">
      <span>{text.charAt(0).toUpperCase() + text.slice(1)}</span>{' '}
      <time dateTime={at} title={sayTime(at)}>
        {sayClock(at)}
      </time>
    </p>
  )
}
