import { sayTime } from '../../ui/words.ts'
import type { TimelineEvent } from '../../api/inbox-shapes.ts'
import { sayClock } from '../inbox-words.ts'

/** What happened to the conversation, between what was said. */
export function EventLine({ event: { words, at } }: { event: TimelineEvent }) {
  return (
    <p className="inbox-event">
      <span>{words}</span>{' '}
      <time dateTime={at} title={sayTime(at)}>
        {sayClock(at)}
      </time>
    </p>
  )
}
