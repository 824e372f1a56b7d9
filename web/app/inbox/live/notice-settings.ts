import { useLocalStorage } from '@mantine/hooks'

/** How this browser draws attention; each has its own. */
export interface NoticeSettings {
  sound: boolean
  desktop: boolean
}
const none: NoticeSettings = { sound: false, desktop: false }

export function useNoticeSettings() {
  return useLocalStorage<NoticeSettings>({
    key: 'inbox-notices',
    defaultValue: none,
    getInitialValueInEffect: false,
  })
}
