import { Button, Modal, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { CardType } from '../../api/journey-shapes.ts'
import { Loading } from '../../ui/states.tsx'
import { useCardTypes } from '../use-journey.ts'
import { withNewCard, type Place } from './edit-draft.ts'

const groups: Record<CardType['group'], string> = {
  display: 'Say and ask',
  rule: 'Decide and wait',
  utility: 'Do',
  plugin: 'Applications',
}

interface Props {
  draft: JsonObject
  place: Place | undefined
  onClose(): void
  onMade(draft: JsonObject, id: string): void
}

/** The kinds of cards there are; the one that is chosen goes to the place. */
export function Palette({ draft, place, onClose, onMade }: Props) {
  const types = useCardTypes()
  const add = (type: CardType) => {
    const { draft: made, id } = withNewCard(draft, type, place)
    onClose()
    onMade(made, id)
  }
  return (
    <Modal opened onClose={onClose} title="Add a card" size="lg">
      {types.length === 0 && <Loading what="the cards" />}
      <Stack>
        {Object.entries(groups).map(([group, title]) => {
          const own = types.filter((each) => each.group === group)
          if (own.length === 0) return null
          return (
            <section key={group} aria-label={title}>
              <Title order={3} size="h6" mb={6}>
                {title}
              </Title>
              <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="xs">
                {own.map((type) => (
                  <Button key={type.type} variant="default" onClick={() => add(type)}>
                    {type.label}
                  </Button>
                ))}
              </SimpleGrid>
            </section>
          )
        })}
        <Text size="sm" c="dimmed">
          What came there so far comes after the new card.
        </Text>
      </Stack>
    </Modal>
  )
}
