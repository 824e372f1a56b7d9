import { Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { InboxSettings } from '../../../../src/model/inbox-settings.ts'
import type { JsonObject } from '../../../../src/model/json.ts'
import { api } from '../../api/client.ts'
import type { JsonSchema } from '../../api/journey-shapes.ts'
import { useSchema } from '../../api/use-schema.ts'
import { SchemaFields } from '../../forms/schema-fields.tsx'
import { Card } from '../../ui/card.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../../ui/states.tsx'

const key = ['inbox-settings']

/** Which settings stand together, under which heading. */
const parts: [title: string, names: (keyof InboxSettings)[]][] = [
  ['When somebody is there', ['businessHours']],
  ['Deadlines and whoever does not answer', ['assignOnAnswer', 'deadlines', 'unattended', 'returning']],
  ['What a chat says by itself', ['welcome', 'unavailable', 'nudge']],
  ['How a chat ends', ['closure', 'satisfaction']],
]

/** Hours, deadlines, timers, and what chats say by themselves. */
export function InboxSection() {
  const settings = useQuery({
    queryKey: key,
    queryFn: () => api.get<{ settings: JsonObject }>('/inbox-settings'),
  })
  const { schema, error } = useSchema('InboxSettings')
  return (
    <>
      <PageTitle title="How the inbox runs" />
      <ProblemNotice error={settings.error ?? error} onRetry={() => void settings.refetch()} />
      {settings.data && schema ? (
        <Form key={JSON.stringify(settings.data)} stored={settings.data.settings} schema={schema} />
      ) : (
        !(settings.error ?? error) && <Loading what="settings" />
      )}
    </>
  )
}

function Form({ stored, schema }: { stored: JsonObject; schema: JsonSchema }) {
  const [wish, setWish] = useState(stored)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => api.put('/inbox-settings', wish),
    onSuccess: async () => {
      notifications.show({ color: 'teal', message: 'The inbox goes by this from now on.' })
      await client.invalidateQueries({ queryKey: key })
    },
  })
  const isChanged = JSON.stringify(wish) !== JSON.stringify(stored)
  const known = parts.flatMap(([, names]): string[] => names)
  const others = Object.keys(schema.properties ?? {}).filter((name) => !known.includes(name))
  const shown = others.length > 0 ? [...parts, ['More', others] as const] : parts
  return (
    <Stack>
      {shown.map(([title, names]) => (
        <Card key={title} title={title}>
          <SchemaFields
            schema={{ ...schema, properties: pick(schema.properties ?? {}, names) }}
            value={wish}
            onChange={setWish}
            problemAt={(path) => fieldProblem(save.error, path)}
          />
        </Card>
      ))}
      <ProblemNotice error={save.error} />
      <Group>
        <Button disabled={!isChanged} loading={save.isPending} onClick={() => save.mutate()}>
          Save
        </Button>
        {isChanged && (
          <Button variant="default" onClick={() => setWish(stored)}>
            Take back
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function pick<T>(all: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}
