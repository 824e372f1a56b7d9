import { ActionIcon, Group, Loader, Text } from '@mantine/core'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Attachment } from './use-attachments.ts'

export function AttachmentChips({
  attachments,
  onRemove,
}: {
  attachments: Attachment[]
  onRemove(key: string): void
}) {
  if (attachments.length === 0) return null
  return (
    <ul className="inbox-attachments" aria-label="Attachments">
      {attachments.map(({ key, name, share, stored, problem }) => (
        <li key={key} className="inbox-attachment">
          {stored?.kind === 'image' ? (
            <img src={api.address(`/media/${stored.id}/file`)} alt="" />
          ) : (
            <Icon name="file" size={20} />
          )}
          <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
            <Text size="xs" truncate c={problem ? 'red' : undefined} title={problem ?? name}>
              {problem ? `${name}: ${problem}` : name}
            </Text>
            {!stored && !problem && (
              <>
                <Loader size={12} />
                <Text size="xs" c="dimmed">
                  {Math.round(share * 100)} %
                </Text>
              </>
            )}
          </Group>
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={`Leave ${name} out`}
            onClick={() => onRemove(key)}
          >
            <Icon name="close" size={12} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  )
}
