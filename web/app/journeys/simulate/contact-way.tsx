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
          {way.data.entry && !way.data.entry.mayEnter && (
            <Alert color="yellow" title="They would not enter now">
              {way.data.entry.obstacles.map((obstacle) => (
                <div key={obstacle}>{obstacle}</div>
              ))}
            </Alert>
          )}
          {way.data.problem && (
            <Alert color="red" title={`Stuck at ${way.data.problem.cardId}`}>
              {way.data.problem.reason}
            </Alert>
          )}
          <Steps bulletSize={12} lineWidth={2}>
            {way.data.trace.map(({ at, kind, words, data }, place) => (
              <Steps.Item key={place}>
                {kind === 'message.planned' && typeof data['text'] === 'string' ? (
                  <Text size="sm" className="app-pre" fw={500}>
                    ← {data['text']}
                  </Text>
                ) : (
                  <Text size="sm">{words}</Text>
                )}
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
