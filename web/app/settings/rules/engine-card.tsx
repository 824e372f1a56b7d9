import { Alert, Button, Checkbox, Group, List, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { EngineTrial, RuleEngine } from '../../api/rule-shapes.ts'
import { PairsField } from '../../forms/object-fields.tsx'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'
import { sayAgo, sayTime } from '../../ui/words.ts'

const key = ['rule-engine']

/** A program of one's own that decides who gets a chat; where it does not answer the default rules do. */
export function EngineCard() {
  const found = useQuery({
    queryKey: key,
    queryFn: () => api.get<{ engine: RuleEngine | null }>('/rule-engine'),
  })
  return (
    <Card title="A rule engine of your own">
      <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
      {found.data && <EngineForm key={JSON.stringify(found.data)} engine={found.data.engine} />}
    </Card>
  )
}

function EngineForm({ engine }: { engine: RuleEngine | null }) {
  const [wish, setWish] = useState<Wish>({
    ...{ url: engine?.url ?? '', timeoutMs: engine?.timeoutMs ?? 5_000, enabled: engine?.enabled ?? true },
  })
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: key })
  const save = useMutation({
    mutationFn: () => api.put('/rule-engine', wish),
    onSuccess: async () => {
      notifications.show({ color: 'teal', message: 'The rule engine is saved.' })
      await onSuccess()
    },
  })
  const drop = useMutation({ mutationFn: () => api.delete('/rule-engine'), onSuccess })
  const ask = useMutation({
    mutationFn: () => {
      const { enabled: _, ...asked } = wish
      return api.post<EngineTrial>('/rule-engine/test', asked)
    },
  })
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        It is told of each message and each tagging, and answers who gets the chat. Where it does not answer,
        the rules above decide.
      </Text>
      {engine && <Standing engine={engine} />}
      <EngineFields engine={engine} value={wish} onChange={setWish} error={save.error ?? ask.error} />
      <ProblemNotice error={save.error ?? drop.error ?? ask.error} />
      {ask.data && <Trial trial={ask.data} />}
      <Group>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          Save
        </Button>
        <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
          Try it
        </Button>
        {engine && (
          <ConfirmButton
            label="Do without it"
            question="Do without the rule engine?"
            words="Its address and headers are forgotten."
            loading={drop.isPending}
            onConfirm={() => drop.mutate()}
          />
        )}
      </Group>
    </Stack>
  )
}

interface Wish {
  url: string
  timeoutMs: number
  enabled: boolean
  /** Undefined: as they are. */
  headers?: Record<string, string> | undefined
}
interface FieldsProps {
  engine: RuleEngine | null
  value: Wish
  onChange(value: Wish): void
  error: unknown
}

function EngineFields({ engine, value, onChange, error }: FieldsProps) {
  const set = (part: Partial<Wish>) => onChange({ ...value, ...part })
  return (
    <>
      <TextInput
        label="Address"
        placeholder="https://rules.example.com/webhook"
        value={value.url}
        error={fieldProblem(error, 'url')}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      <PairsField
        schema={{
          description: engine?.headerNames.length
            ? `kept as they are unless you write some: ${engine.headerNames.join(', ')}`
            : 'sent along, e.g. Authorization',
        }}
        label="Headers"
        isRequired={false}
        value={value.headers}
        onChange={(given) => set({ headers: given as Record<string, string> | undefined })}
        path="headers"
        problemAt={(path) => fieldProblem(error, path)}
        renderPart={() => null}
      />
      <NumberInput
        label="Waits for an answer, milliseconds"
        min={500}
        max={10_000}
        step={500}
        value={value.timeoutMs}
        error={fieldProblem(error, 'timeoutMs')}
        onChange={(given) => set({ timeoutMs: Number(given) })}
        maw={240}
      />
      <Checkbox
        label="It is asked"
        checked={value.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
    </>
  )
}

function Standing({ engine }: { engine: RuleEngine }) {
  const { failingSince, lastError, lastAnswerAt, lastIgnored } = engine
  return (
    <>
      {failingSince && (
        <Alert color="red" title={`It has not answered since ${sayTime(failingSince)}`}>
          {lastError} The default rules decide meanwhile.
        </Alert>
      )}
      {!failingSince && lastAnswerAt && <Text size="sm">It answered last {sayAgo(lastAnswerAt)}.</Text>}
      {lastIgnored && (
        <Alert color="yellow" title={`Not everything it answered ${sayAgo(lastIgnored.at)} could be done`}>
          <List size="sm">
            {lastIgnored.entries.map(({ entry, reason }) => (
              <List.Item key={entry}>
                {entry}: {reason}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  )
}

function Trial({ trial: { ok, error, ms, entries } }: { trial: EngineTrial }) {
  return (
    <Alert
      color={ok ? 'teal' : 'red'}
      title={ok ? `It answered in ${ms} ms` : 'It did not answer as it should'}
    >
      {error}
      {ok && entries.length === 0 && 'It would do nothing with the newest message.'}
      <List size="sm">
        {entries.map((each) => (
          <List.Item key={each.entry}>
            {each.entry}: {each.would}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
