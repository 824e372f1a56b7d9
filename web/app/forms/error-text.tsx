import { Text } from '@mantine/core'

/** What is wrong with something that has no input of its own to say it. */
export function ErrorText({ text }: { text: string | undefined }) {
  if (!text) return null
  return (
    <Text size="sm" c="red" role="alert">
      {text}
    </Text>
  )
}
