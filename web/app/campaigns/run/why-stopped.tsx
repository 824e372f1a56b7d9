import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { RunProgress } from '../../api/report-shapes.ts'
import { useHealth } from '../../numbers/use-health.ts'
import { sayTime } from '../../ui/words.ts'

interface Props {
  run: RunProgress
  numberId: string | undefined
}

/** Why it stands still, and what helps. */
export function WhyStopped({ run, numberId }: Props) {
  const { state, reason, endedAt } = run
  if (endedAt === null && state !== 'paused' && state !== 'stopped') return <HeldUp numberId={numberId} />
  if (reason === null || (state !== 'stopped' && state !== 'failed' && state !== 'paused')) return null
  const title = { stopped: 'It was stopped', failed: 'It could not be done', paused: 'It is paused' }[state]
  return (
    <Alert color={state === 'paused' ? 'yellow' : 'red'} title={title} role="alert">
      <Stack gap={4}>
        <Text size="sm">{reason}</Text>
        {state === 'stopped' && (
          <Text size="sm">
            Nothing is lost: who has not got it yet gets it when it goes on. See{' '}
            <NumberLink numberId={numberId} />, correct what is wrong there, and let it go on; or cancel the
            rest.
          </Text>
        )}
      </Stack>
    </Alert>
  )
}

/** What keeps a run back that is under way: a stop of its number, or WhatsApp's limit. */
function HeldUp({ numberId }: { numberId: string | undefined }) {
  const health = useHealth(numberId).data
  if (!health) return null
  const { reach, stops } = health
  const isFull = reach.room === 0
  if (!isFull && stops.length === 0) return null
  return (
    <Alert color="yellow" title="Something holds it up" role="alert">
      <Stack gap={4}>
        {stops.map(({ id, scope, template, factor, reason }) => (
          <Text key={id} size="sm">
            {
              {
                campaigns: 'The number’s campaigns stand still',
                template: `The template ${template} is not sent`,
                pace: `Campaigns go at ${Math.round((factor ?? 1) * 100)} % of their speed`,
              }[scope]
            }
            : {reason}.
          </Text>
        ))}
        {isFull && (
          <Text size="sm">
            The number has written to as many new people as WhatsApp lets it in 24 hours; it goes on
            {reach.roomAt ? ` ${sayTime(reach.roomAt)}` : ' when there is room'}.
          </Text>
        )}
        <Text size="sm">
          It goes on by itself when that is over. See <NumberLink numberId={numberId} />.
        </Text>
      </Stack>
    </Alert>
  )
}

function NumberLink({ numberId }: { numberId: string | undefined }) {
  return (
    <Anchor component={Link} to={numberId ? `/numbers/${numberId}` : '/numbers'} size="sm">
      how the number is
    </Anchor>
  )
}
