import { Badge } from '@mantine/core'

const words: Record<string, [words: string, color: string]> = {
  GREEN: ['high', 'teal'],
  YELLOW: ['medium', 'yellow'],
  RED: ['low', 'red'],
}

/** WhatsApp's rating, by how people took the number's messages lately. */
export function QualityBadge({ quality }: { quality: string | null }) {
  const [text, color] = words[quality ?? ''] ?? ['not known yet', 'gray']
  return (
    <Badge variant="light" color={color}>
      {text}
    </Badge>
  )
}
