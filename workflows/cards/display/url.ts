import { z } from 'zod'
import type { MessageContent } from '../../../src/model/message.ts'
import { durationMs, durationSchema } from '../../../src/model/schedule.ts'
import { withUtm } from '../../../src/model/utm.ts'
import { defineCard, failed, next, type Outlet } from '../card.ts'
import { body, footer, header, headerReferences, text, toParts, webLink } from '../message-parts.ts'

const utmValue = z.string().trim().min(1).max(200).optional()
const settingsSchema = z.object({
  header,
  body,
  footer,
  button: text(20).meta({ title: 'Button' }),
  url: webLink.meta({ title: 'Where it leads' }),
  track: z.boolean().default(true).meta({
    title: 'Count clicks',
    description: 'The button leads over a link of ours, which tells who followed it',
  }),
  utm: z
    .object({
      source: utmValue,
      medium: utmValue,
      campaign: utmValue,
      term: utmValue,
      content: utmValue,
    })
    .optional()
    .meta({ title: 'UTM', description: 'Added to the address, where it does not say it itself' }),
  wait: durationSchema.optional().meta({
    title: 'Wait for a click',
    description: 'Until then; without one the journey goes on at once',
  }),
})
type Settings = z.infer<typeof settingsSchema>

const clicked: Outlet = { id: 'clicked', label: 'Clicked' }

/** A button that leads to a page. */
export const url = defineCard<Settings>({
  type: 'url',
  group: 'display',
  label: 'URL',
  icon: 'link',
  settings: settingsSchema,
  outlets: ({ wait }) =>
    wait ? [clicked, { ...next, label: 'Not clicked in time' }, failed] : [next, failed],
  refers: (settings) => headerReferences(settings.header),
  check: ({ track, wait }) =>
    wait && !track ? [['wait', 'clicks are known only when they are counted: switch `track` on']] : [],
  run: async (context, settings) => {
    const { atMs, messageId } = await context.send(toContent(settings))
    if (!settings.wait) return next.id
    const isThisOne = {
      kind: 'compare',
      path: 'event.message_id',
      operator: 'equals',
      value: messageId,
    } as const
    const untilMs = atMs + durationMs(settings.wait)
    const click = await context.waitForEvent('link_clicked', isThisOne, untilMs, messageId)
    return click ? clicked.id : next.id
  },
})

function toContent(settings: Settings): MessageContent {
  const parameters = {
    display_text: settings.button,
    url: withUtm(settings.url, settings.utm ?? {}),
    ...(settings.track && { tracked: true }),
  }
  return {
    type: 'interactive',
    interactive: { type: 'cta_url', ...toParts(settings), action: { name: 'cta_url', parameters } },
  }
}
