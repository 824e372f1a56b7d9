import { ActionIcon, Indicator, Menu, Switch, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { api, type Page } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { sayAgo, sayName } from '../../ui/words.ts'
import { useAskingMs } from './live-context.ts'
import { useNoticeSettings } from './notice-settings.ts'

interface Notice {
  id: string
  kind: string
  conversationId: string | null
  contactName: string | null
  readAt: string | null
  createdAt: string
}
const mostShown = 20

/** What concerns oneself: mentions, and what one was given. */
export function NoticesMenu() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const askingMs = useAskingMs()
  const notices = useQuery({
    queryKey: ['notifications'],
    queryFn: () => api.get<Page<Notice>>('/notifications', { limit: mostShown }),
    refetchInterval: askingMs && 15_000,
  })
  const items = notices.data?.items ?? []
  const unread = items.filter(({ readAt }) => readAt === null).length
  const read = useMutation({
    mutationFn: (ids: string[]) => api.post('/notifications/read', { ids }),
    onSettled: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  })
  return (
    <Menu position="bottom-end" width={320} shadow="md">
      <Menu.Target>
        <Indicator disabled={unread === 0} label={unread} size={16} color="red.8" offset={4}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={unread > 0 ? `Notifications, ${unread} unread` : 'Notifications'}
          >
            <Icon name="bell" />
          </ActionIcon>
        </Indicator>
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
        <Menu.Label>{items.length === 0 ? 'Nothing for you yet' : 'For you'}</Menu.Label>
        {items.map(({ id, kind, contactName, conversationId, readAt, createdAt }) => (
          <Menu.Item
            key={id}
            onClick={() => {
              read.mutate([id])
              if (conversationId) void navigate(`/inbox/${conversationId}`)
            }}
          >
            <Text size="sm" fw={readAt ? 400 : 600}>
              {sayNotice(kind, contactName)}
            </Text>
            <Text size="xs" c="dimmed">
              {sayAgo(createdAt)}
            </Text>
          </Menu.Item>
        ))}
        {unread > 1 && (
          <Menu.Item
            closeMenuOnClick={false}
            onClick={() => read.mutate(items.filter(({ readAt }) => !readAt).map(({ id }) => id))}
          >
            Mark all as read
          </Menu.Item>
        )}
        <Menu.Divider />
        <NoticeSwitches />
      </Menu.Dropdown>
    </Menu>
  )
}

function sayNotice(kind: string, contactName: string | null): string {
  const name = contactName ?? 'a customer'
  if (kind === 'assigned') return `You have the conversation with ${name} now`
  if (kind === 'mentioned') return `You were mentioned: ${name}`
  return `${sayName(kind)}: ${name}`
}

/** How this browser draws attention to new messages. */
function NoticeSwitches() {
  const [settings, setSettings] = useNoticeSettings()
  const mayNotify = 'Notification' in globalThis
  const allow = async (isOn: boolean) => {
    const isAllowed = isOn && (await Notification.requestPermission()) === 'granted'
    setSettings({ ...settings, desktop: isAllowed })
  }
  return (
    <>
      <Menu.Label>New messages, in this browser</Menu.Label>
      <Switch
        m="xs"
        label="Sound"
        checked={settings.sound}
        onChange={(event) => setSettings({ ...settings, sound: event.currentTarget.checked })}
      />
      {mayNotify && (
        <Switch
          m="xs"
          label="Notifications of the desktop"
          description={
            Notification.permission === 'denied' ? 'The browser does not allow them here' : undefined
          }
          disabled={Notification.permission === 'denied'}
          checked={settings.desktop && Notification.permission === 'granted'}
          onChange={(event) => void allow(event.currentTarget.checked)}
        />
      )}
    </>
  )
}
