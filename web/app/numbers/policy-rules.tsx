import { ActionIcon, Button, Group, NumberInput, Select, Stack, TagsInput, Text } from '@mantine/core'
import type { AutopilotPolicy } from '../../../src/model/autopilot.ts'
import { OptionalDuration } from '../forms/duration-input.tsx'
import { RemoveButton } from '../forms/remove-button.tsx'
import { errorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/icon.tsx'
import { fieldProblem } from '../ui/states.tsx'

type Rule = AutopilotPolicy['rules'][number]
type Action = Rule['action']
type Do = Action['do']

const does: Record<Do, string> = {
  'slow-down': 'go on slower',
  stop: 'stop the number’s campaigns',
  'pause-template': 'pause the template, send its fallback',
  'try-again': 'try the contact again later',
  'opt-out': 'take it as an opt-out from marketing',
  'mark-unreachable': 'take the number as not on WhatsApp',
  fail: 'give the message up',
}

const starts: Record<Do, Action> = {
  'slow-down': { do: 'slow-down', factor: 0.5, for: { amount: 5, unit: 'minutes' } },
  stop: { do: 'stop' },
  'pause-template': { do: 'pause-template' },
  'try-again': { do: 'try-again', after: { amount: 24, unit: 'hours' }, attempts: 3 },
  'opt-out': { do: 'opt-out' },
  'mark-unreachable': { do: 'mark-unreachable' },
  fail: { do: 'fail' },
}

interface Props {
  rules: Rule[]
  onChange(rules: Rule[]): void
  error: unknown
}

/** A line for each rule; their order says which counts. */
export function PolicyRules({ rules, onChange, error }: Props) {
  const move = (at: number, by: number) => {
    const rule = rules[at]
    if (rule) onChange(rules.toSpliced(at, 1).toSpliced(at + by, 0, rule))
  }
  return (
    <Stack gap="xs">
      {rules.map((rule, at) => (
        <div key={at} className="app-group" role="group" aria-label={`Rule ${at + 1}`}>
          <Group justify="space-between" mb={4}>
            <Text size="xs" c="dimmed">
              Rule {at + 1}
            </Text>
            <Group gap={2}>
              <MoveButton name="up" at={at} isOff={at === 0} onClick={() => move(at, -1)} />
              <MoveButton name="down" at={at} isOff={at === rules.length - 1} onClick={() => move(at, 1)} />
              <RemoveButton what={`rule ${at + 1}`} onClick={() => onChange(rules.toSpliced(at, 1))} />
            </Group>
          </Group>
          <Group align="flex-start" gap="sm">
            <div style={{ flex: '1 1 15rem' }}>
              <TagsInput
                label="When WhatsApp answers"
                value={rule.codes}
                error={firstProblem(error, at)}
                onChange={(codes) => onChange(rules.with(at, { ...rule, codes }))}
              />
              <Text size="xs" c="dimmed" mt={4}>
                {[...new Set(rule.codes.flatMap((code) => errorWords[code] ?? []))].join(', ')}
              </Text>
            </div>
            <Select
              label="it does this"
              allowDeselect={false}
              data={Object.entries(does).map(([value, label]) => ({ value, label }))}
              value={rule.action.do}
              onChange={(chosen) =>
                onChange(rules.with(at, { ...rule, action: starts[(chosen ?? 'fail') as Do] }))
              }
              w={290}
            />
            <ActionFields
              action={rule.action}
              onChange={(action) => onChange(rules.with(at, { ...rule, action }))}
            />
          </Group>
        </div>
      ))}
      <Button
        size="xs"
        variant="light"
        w="fit-content"
        onClick={() => onChange([...rules, { codes: [], action: starts.fail }])}
      >
        Add a rule
      </Button>
    </Stack>
  )
}

function firstProblem(error: unknown, at: number): string | undefined {
  const places = ['codes', ...Array.from({ length: 50 }, (_, place) => `codes.${place}`), 'action']
  return places.map((place) => fieldProblem(error, `rules.${at}.${place}`)).find(Boolean)
}

interface MoveProps {
  name: 'up' | 'down'
  at: number
  isOff: boolean
  onClick(): void
}

function MoveButton({ name, at, isOff, onClick }: MoveProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      disabled={isOff}
      aria-label={`Move rule ${at + 1} ${name}`}
      onClick={onClick}
    >
      <Icon name={name} size={16} />
    </ActionIcon>
  )
}

function ActionFields({ action, onChange }: { action: Action; onChange(action: Action): void }) {
  if (action.do === 'slow-down')
    return (
      <>
        <NumberInput
          label="to percent"
          min={1}
          max={99}
          value={Math.round(action.factor * 100)}
          onChange={(percent) => onChange({ ...action, factor: (Number(percent) || 50) / 100 })}
          w={100}
        />
        <OptionalDuration
          label="for"
          isRequired
          value={action.for}
          error={undefined}
          onChange={(span) => span && onChange({ ...action, for: span })}
        />
      </>
    )
  if (action.do === 'stop')
    return (
      <OptionalDuration
        label="for (until lifted when empty)"
        value={action.for}
        error={undefined}
        onChange={(span) => onChange({ do: 'stop', ...(span && { for: span }) })}
      />
    )
  if (action.do !== 'try-again') return null
  return (
    <>
      <OptionalDuration
        label="after"
        isRequired
        value={action.after}
        error={undefined}
        onChange={(after) => after && onChange({ ...action, after })}
      />
      <NumberInput
        label="times"
        min={1}
        max={5}
        allowDecimal={false}
        value={action.attempts}
        onChange={(attempts) => onChange({ ...action, attempts: Number(attempts) || 1 })}
        w={80}
      />
    </>
  )
}
