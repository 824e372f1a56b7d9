import { SimpleGrid, Text } from '@mantine/core'

/** Large numbers with what each counts; a color marks what should not be there. */
export function Counts({ counts }: { counts: [words: string, count: number | string, color?: string][] }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} role="status">
      {counts.map(([words, count, color]) => (
        <div key={words}>
          <Text size="xl" fw={700} c={color}>
            {count.toLocaleString()}
          </Text>
          <Text size="sm" c="dimmed">
            {words}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  )
}
