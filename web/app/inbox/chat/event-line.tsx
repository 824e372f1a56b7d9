import { sayTime } from '../../ui/words.ts'
import type { ChatEvent } from '../../api/inbox-shapes.ts'
import { sayClock } from '../inbox-words.ts'

/** What happened to the conversation, between what was said. */
export function EventLine({ event: { text, at } }: { event: ChatEvent }) {
  return (
    <p className="inbox-event">
      <span>{sayEvent(text)}</span>{' '}
      <time dateTime={at} title={sayTime(at)}>
        {sayClock(at)}
      </time>
    </p>
  )
}

/** Times as they are here; of an application its id says nothing to people. */
function sayEvent(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, sayTime)
    .replace(/\bkey [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'an application')
    .replace(/^(?:the|an|a)\b/, (word) => word.charAt(0).toUpperCase() + word.slice(1))
}
