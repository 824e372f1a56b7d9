import { Text } from '@mantine/core'
import { useLive } from './live-context.ts'

/** What stands on the screen may be old, and is looked at again and again. */
export function LostBanner() {
  const { state } = useLive()
  return (
    <div role="status">
      {state === 'lost' && (
        <Text size="sm" className="inbox-lost">
          The connection was lost. Connecting again …
        </Text>
      )}
    </div>
  )
}
