import { Button, Group, Menu, Stack, Text } from '@mantine/core'
import { ErrorText } from '../../forms/error-text.tsx'
import type { Audience } from '../../../../src/model/campaign-definition.ts'
import { RemoveButton } from '../../forms/remove-button.tsx'
import { ShareInput } from '../../forms/share-input.tsx'
import { Card } from '../../ui/card.tsx'
import { Icon } from '../../ui/icon.tsx'
import { AudiencePart, type Part } from './audience-part.tsx'
import { AudienceSize } from './audience-size.tsx'
import { useComposer } from './composer-context.ts'
import { UploadList } from './upload-list.tsx'

const includes: { label: string; start: Audience['include'][number] }[] = [
  { label: 'Everybody', start: { kind: 'all' } },
  { label: 'A segment', start: { kind: 'segment', segmentId: '' } },
  { label: 'Who fits conditions', start: { kind: 'condition', condition: { kind: 'and', conditions: [] } } },
  { label: 'An uploaded list', start: { kind: 'group', groupId: '' } },
  { label: 'Contacts by name', start: { kind: 'contacts', contactIds: [] } },
]
const excludes: { label: string; start: Audience['exclude'][number] }[] = [
  { label: 'A segment', start: { kind: 'segment', segmentId: '' } },
  { label: 'Who fits conditions', start: { kind: 'condition', condition: { kind: 'and', conditions: [] } } },
  { label: 'Who got another campaign', start: { kind: 'campaign', campaignId: '' } },
]

/** Whom it goes to, whom not, and how many that are today. */
export function AudienceStep() {
  const { draft, change, problemAt } = useComposer()
  const { audience } = draft
  const set = (part: Partial<Audience>) => change({ audience: { ...audience, ...part } })
  return (
    <Stack>
      <Card title="Who gets it">
        <Stack gap="sm">
          <Parts
            parts={audience.include}
            path="audience.include"
            onChange={(include) => set({ include: include as Audience['include'] })}
            choices={includes}
            add="Add people"
            empty="Nobody yet: add everybody, a segment, or people who fit conditions."
            error={problemAt('audience.include') ?? problemAt('audience')}
          />
          <UploadList
            onUploaded={(groupId) => set({ include: [...audience.include, { kind: 'group', groupId }] })}
          />
        </Stack>
      </Card>
      <Card title="Who does not">
        <Parts
          parts={audience.exclude}
          path="audience.exclude"
          onChange={(exclude) => set({ exclude: exclude as Audience['exclude'] })}
          choices={excludes}
          add="Leave people out"
          empty="Nobody is left out, except those who opted out: they never get it."
          error={problemAt('audience.exclude')}
        />
      </Card>
      <HoldOut />
      <AudienceSize />
    </Stack>
  )
}

interface PartsProps {
  parts: Part[]
  path: string
  onChange(parts: Part[]): void
  choices: { label: string; start: Part }[]
  add: string
  empty: string
  error: string | undefined
}

function Parts({ parts, path, onChange, choices, add, empty, error }: PartsProps) {
  const titleOf = (part: Part) => choices.find(({ start }) => start.kind === part.kind)?.label ?? part.kind
  return (
    <Stack gap="sm">
      {parts.length === 0 && (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      )}
      {parts.map((part, at) => (
        <div key={at} className="app-group" role="group" aria-label={`${titleOf(part)} ${at + 1}`}>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Stack gap="xs" style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm" fw={500}>
                {titleOf(part)}
              </Text>
              <AudiencePart
                part={part}
                path={`${path}.${at}`}
                onChange={(changed) => onChange(parts.with(at, changed))}
              />
            </Stack>
            <RemoveButton
              what={`${titleOf(part)} ${at + 1}`}
              onClick={() => onChange(parts.toSpliced(at, 1))}
            />
          </Group>
        </div>
      ))}
      <ErrorText text={error} />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            size="xs"
            variant="light"
            leftSection={<Icon name="plus" size={14} />}
            style={{ alignSelf: 'flex-start' }}
          >
            {add}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {choices.map(({ label, start }) => (
            <Menu.Item key={start.kind} onClick={() => onChange([...parts, structuredClone(start)])}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  )
}

function HoldOut() {
  const { draft, change, problemAt } = useComposer()
  return (
    <Card title="Hold-out">
      <ShareInput
        label="Percent who get nothing"
        description="so that you see what would have happened without the campaign"
        max={50}
        value={draft.holdOut ?? 0}
        error={problemAt('holdOut')}
        onChange={(holdOut) => change({ holdOut })}
        maw={340}
      />
    </Card>
  )
}
