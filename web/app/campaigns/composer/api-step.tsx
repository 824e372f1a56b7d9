import { Code, Stack, Text } from '@mantine/core'
import { api } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { useComposer } from './composer-context.ts'

/** How another system makes it go out. */
export function ApiStep() {
  const { campaign, draft } = useComposer()
  const names = namesGiven(draft.variants)
  const body = {
    recipients: [{ waId: '491700000001', given: Object.fromEntries(names.map((name) => [name, '…'])) }],
  }
  const address = `${location.origin}${api.address(`/campaigns/${campaign.id}/trigger`)}`
  return (
    <Card title="How to call it">
      <Stack gap="sm">
        <Text size="sm">
          Once it is launched, each call sends the message to the people it names. The values it brings are{' '}
          <Code>{'{{given.name}}'}</Code> in the message.
        </Text>
        <Code block className="app-pre">{`curl -X POST ${address} \\
  -H 'authorization: Bearer <your API key>' \\
  -H 'content-type: application/json' \\
  -d '${JSON.stringify(body)}'`}</Code>
        {names.length === 0 && (
          <Text size="sm" c="dimmed">
            The message names no value of the call yet.
          </Text>
        )}
      </Stack>
    </Card>
  )
}

/** Of `{{given.order_id}}` anywhere in the messages. */
function namesGiven(variants: unknown): string[] {
  const found = JSON.stringify(variants).matchAll(/\bgiven\.([A-Za-z0-9_-]+)/g)
  return [...new Set([...found].map(([, name = '']) => name))]
}
