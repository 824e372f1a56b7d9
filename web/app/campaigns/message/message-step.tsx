import { Button, Grid, Group, NumberInput, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Variant } from '../../../../src/model/campaign-definition.ts'
import { ErrorText } from '../../forms/error-text.tsx'
import { RemoveButton } from '../../forms/remove-button.tsx'
import { Card } from '../../ui/card.tsx'
import { useComposer } from '../composer/composer-context.ts'
import { startVariant } from '../use-campaign.ts'
import { ButtonActions } from './button-actions.tsx'
import { DirectFields } from './direct-message.tsx'
import { GivenValues } from './given-values.tsx'
import { PreviewPane } from './preview-pane.tsx'
import { TemplateFields } from './template-message.tsx'
import { WinnerFields } from './winner-fields.tsx'

const letters = ['A', 'B', 'C', 'D', 'E']

/** What is sent, how it looks to somebody, what its buttons do, and which of several does best. */
export function MessageStep() {
  const { campaign, draft, change, problemAt } = useComposer()
  const [shown, setShown] = useState(0)
  const { variants } = draft
  const isDrip = campaign.kind === 'drip'
  const add = () => {
    const id = letters.find((letter) => variants.every((variant) => variant.id !== letter)) ?? 'F'
    const first = variants[0]
    change({ variants: [...variants, first ? { ...structuredClone(first), id } : startVariant(id)] })
    setShown(variants.length)
  }
  const remove = (at: number) => {
    const left = variants.toSpliced(at, 1)
    change({ variants: left, ...(left.length < 2 && { winner: undefined }) })
    setShown(0)
  }
  const variant = variants[shown] ?? variants[0]
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack>
          {variants.map((each, at) => (
            <VariantCard
              key={each.id}
              variant={each}
              at={at}
              isAlone={variants.length === 1}
              onFocus={() => setShown(at)}
              onRemove={() => remove(at)}
            />
          ))}
          <ErrorText text={problemAt('variants')} />
          {!isDrip && variants.length < letters.length && (
            <Group>
              <Button variant="light" size="xs" onClick={add}>
                Try another variant against it
              </Button>
            </Group>
          )}
          {variants.length > 1 && <WinnerFields />}
          <ButtonActions />
          <GivenValues />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        {variant && <PreviewPane variants={variants} shown={variant} onShow={setShown} />}
      </Grid.Col>
    </Grid>
  )
}

interface VariantProps {
  variant: Variant
  at: number
  isAlone: boolean
  onFocus(): void
  onRemove(): void
}

function VariantCard({ variant, at, isAlone, onFocus, onRemove }: VariantProps) {
  const { draft, change, problemAt } = useComposer()
  const set = (part: Partial<Variant>) => {
    const changed = draft.variants.with(at, { ...variant, ...part })
    change({ variants: changed })
  }
  const path = `variants.${at}`
  return (
    <div onFocusCapture={onFocus}>
      <Card
        title={isAlone ? 'Message' : `Variant ${variant.id}`}
        action={!isAlone && <RemoveButton what={`variant ${variant.id}`} onClick={onRemove} />}
      >
        <Stack gap="sm">
          <MessageFields
            message={variant.message}
            path={`${path}.message`}
            onChange={(message) => set({ message })}
          />
          {!isAlone && (
            <NumberInput
              label="Share"
              description="how much of the audience gets it, against the others"
              min={0.1}
              max={1_000}
              value={variant.weight}
              error={problemAt(`${path}.weight`)}
              onChange={(weight) => set({ weight: Number(weight) || 1 })}
              maw={300}
            />
          )}
        </Stack>
      </Card>
    </div>
  )
}

interface MessageProps {
  message: Variant['message']
  path: string
  onChange(message: Variant['message']): void
}

/** A template, or messages for whom the window is open. */
export function MessageFields({ message, path, onChange }: MessageProps) {
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="Kind of message"
        value={message.kind}
        data={[
          { value: 'template', label: 'Template' },
          { value: 'direct', label: 'Free message' },
        ]}
        onChange={(kind) =>
          onChange(
            kind === 'template'
              ? { kind: 'template', name: '', values: {} }
              : { kind: 'direct', contents: [{ type: 'text', text: { body: '' } }] },
          )
        }
        style={{ alignSelf: 'flex-start' }}
      />
      {message.kind === 'template' ? (
        <TemplateFields message={message} path={path} onChange={onChange} />
      ) : (
        <DirectFields message={message} path={path} onChange={onChange} />
      )}
      {message.kind === 'template' && message.name === '' && (
        <Text size="sm" c="dimmed">
          WhatsApp lets one begin a conversation with an approved template only.
        </Text>
      )}
    </Stack>
  )
}
