import { Select, Stack, Text, TextInput } from '@mantine/core'
import { ErrorText } from '../../forms/error-text.tsx'
import { useQuery } from '@tanstack/react-query'
import type { CampaignButton, Variant } from '../../../../src/model/campaign-definition.ts'
import type { Template, TemplateButton } from '../../api/campaign-shapes.ts'
import { getAll } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { useComposer } from '../composer/composer-context.ts'
import { useOwnTemplates } from './template-message.tsx'
import { buttonsOf, hasVariable } from './template-slots.ts'
import { PlaceholderInput } from './placeholder-input.tsx'

/** What a tap on each button of the message does. */
export function ButtonActions() {
  const { draft, change, problemAt } = useComposer()
  const templates = useOwnTemplates()
  const found = draft.variants.map(({ message }) => buttonsIn(message, templates))
  const longest = found.toSorted((a, b) => b.length - a.length)[0] ?? []
  const acting = longest
    .map((button, index) => ({ button, index }))
    .filter(({ button }) => button.type === 'QUICK_REPLY' || (button.type === 'URL' && hasVariable(button)))
  if (acting.length === 0) return null
  const actions = draft.buttons ?? []
  const set = (index: number, action: CampaignButton | undefined) =>
    change({ buttons: [...actions.filter((each) => each.index !== index), ...(action ? [action] : [])] })
  return (
    <Card title="Buttons">
      <Stack gap="sm">
        {acting.map(({ button, index }) => (
          <div
            key={index}
            className="app-group"
            role="group"
            aria-label={`Button ${button.text ?? index + 1}`}
          >
            <Stack gap="xs">
              <Text size="sm" fw={500}>
                {button.text}
              </Text>
              <ActionFields
                button={button}
                index={index}
                at={actions.findIndex((each) => each.index === index)}
                action={actions.find((each) => each.index === index)}
                onChange={(action) => set(index, action)}
              />
            </Stack>
          </div>
        ))}
        <ErrorText text={problemAt('buttons')} />
      </Stack>
    </Card>
  )
}

function buttonsIn(message: Variant['message'], templates: Template[]): TemplateButton[] {
  // The buttons of a free message are its own: what comes of them is an ordinary answer.
  if (message.kind === 'direct') return []
  const template = templates.find(({ name }) => name === message.name)
  return template ? buttonsOf(template.components) : []
}

const linkWays = [
  { value: '', label: 'the link of the template opens' },
  { value: 'url', label: 'a counted link opens' },
]
const replyWays = [
  { value: '', label: 'the answer is an ordinary message' },
  { value: 'input', label: 'an answer is kept' },
  { value: 'journey', label: 'a journey starts' },
]

interface ActionProps {
  button: TemplateButton
  index: number
  /** Where it stands in the list, by which problems name it. */
  at: number
  action: CampaignButton | undefined
  onChange(action: CampaignButton | undefined): void
}

function ActionFields({ button, index, at, action, onChange }: ActionProps) {
  const { problemAt } = useComposer()
  const isLink = button.type === 'URL'
  const choose = (type: string | null) => {
    if (type === 'input') onChange({ type, index, input: button.text ?? '' })
    else if (type === 'journey') onChange({ type, index, journeyId: '' })
    else if (type === 'url') onChange({ type, index, url: '' })
    else onChange(undefined)
  }
  return (
    <>
      <Select
        label="When somebody taps it"
        allowDeselect={false}
        data={isLink ? linkWays : replyWays}
        value={action?.type ?? ''}
        error={problemAt(`buttons.${at}`)}
        onChange={choose}
        maw={380}
      />
      {action?.type === 'input' && (
        <TextInput
          label="What is kept"
          description="in a list that is called as the campaign, for later messages to name"
          required
          value={action.input}
          error={problemAt(`buttons.${at}.input`)}
          onChange={(event) => onChange({ ...action, input: event.currentTarget.value })}
          maw={380}
        />
      )}
      {action?.type === 'journey' && (
        <JourneyChoice
          value={action.journeyId}
          error={problemAt(`buttons.${at}.journeyId`)}
          onChange={(journeyId) => onChange({ ...action, journeyId })}
        />
      )}
      {action?.type === 'url' && (
        <PlaceholderInput
          label="Where it leads"
          description="each contact gets an own short link, so that clicks are counted"
          value={action.url}
          path={`buttons.${at}.url`}
          onChange={(url) => onChange({ ...action, url })}
        />
      )}
    </>
  )
}

interface JourneyProps {
  value: string
  error: string | undefined
  onChange(id: string): void
}

export function JourneyChoice({ value, error, onChange }: JourneyProps) {
  const { data = [] } = useQuery({
    queryKey: ['choices', '/journeys'],
    queryFn: () => getAll<Record<string, string>>('/journeys'),
    staleTime: 30_000,
  })
  return (
    <Select
      label="Journey"
      required
      searchable
      placeholder={data.length === 0 ? 'There is none yet' : 'Choose one'}
      data={data.map(({ id = '', name = '' }) => ({ value: id, label: name }))}
      value={value || null}
      error={error}
      onChange={(id) => onChange(id ?? '')}
      maw={380}
    />
  )
}
