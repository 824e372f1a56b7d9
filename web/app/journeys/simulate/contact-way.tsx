import { Alert, Drawer, Stack, Text, Timeline as Steps } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { SimulatedContact } from '../../api/simulation-shapes.ts'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayTime } from '../../ui/words.ts'

/** One contact's way through a simulation, with the messages as they would read then. */
export function ContactWay({ path, n, onClose }: { path: string; n: number; onClose(): void }) {
  const way = useQuery({
    queryKey: ['simulations', path, 'contact', n],
    queryFn: () => api.get<SimulatedContact>(`${path}/contacts/${n}`),
  })
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={`Contact ${n}`}>
      {way.isPending && <Loading what="the way" />}
      <ProblemNotice error={way.error} />
      {way.data && (
        <Stack>
          <Text>
            {[way.data.contact.firstName, way.data.contact.phone && `+${way.data.contact.phone}`]
              .filter(Boolean)
              .join(', ')}
            : {way.data.state}
            {way.data.reason && `, ${way.data.reason}`}
          </Text>
          {way.data.changed && (
            <Alert color="yellow">The contact was changed since: this is how they would go now.</Alert>
          )}
          {way.data.problem && (
            <Alert color="red" title={`Stuck at ${way.data.problem.cardId}`}>
              {way.data.problem.reason}
            </Alert>
          )}
          <Steps bulletSize={12} lineWidth={2}>
            {stepsOf(way.data).map(({ at, words, isMessage }, place) => (
              <Steps.Item key={place}>
                <Text size="sm" className="app-pre" fw={isMessage ? 500 : undefined}>
                  {isMessage && '← '}
                  {words}
                </Text>
                <Text size="xs" c="dimmed">
                  {sayTime(at)}
                </Text>
              </Steps.Item>
            ))}
          </Steps>
        </Stack>
      )}
    </Drawer>
  )
}

/** What happened and what was sent, in one line of time. */
function stepsOf({ trace, messages }: SimulatedContact) {
  const steps = [
    ...trace.map(({ at, words }) => ({ at, words, isMessage: false })),
    ...messages.map(({ at, text }) => ({ at, words: text, isMessage: true })),
  ]
  return steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
