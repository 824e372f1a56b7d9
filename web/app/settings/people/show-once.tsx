import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core'

interface Props {
  title: string
  words: string
  value: string
}

/** A link or a key that nobody can look up later. */
export function ShowOnce({ title, words, value }: Props) {
  return (
    <Alert color="teal" title={title} role="status">
      <Stack gap="xs">
        <Text size="sm">{words}</Text>
        <Group gap="xs" wrap="nowrap">
          <TextInput aria-label={title} readOnly value={value} style={{ flex: 1 }} />
          <CopyButton value={value}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Alert>
  )
}
