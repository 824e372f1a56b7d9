import { Avatar, Button, Group, Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { Icon } from '../../ui/icon.tsx'
import { useInbox } from '../inbox-context.ts'
import { useDeed, type Deed } from '../use-deeds.ts'
import { usePeople, useTeams } from '../use-people.ts'

interface Props {
  ids: string[]
  /** Of one conversation: who has it. */
  assignee?: Conversation['assignee'] | undefined
  onClose(): void
  onDone?: () => void
}

/** Whom conversations are given to: a person, a team, nobody. */
export function AssignDialog({ ids, assignee, onClose, onDone }: Props) {
  const [search, setSearch] = useState('')
  const deed = useDeed()
  const choices = useChoices(search)
  const done = () => {
    onDone?.()
    onClose()
  }
  const give = (to: Omit<Extract<Deed, { type: 'assign' }>, 'type'>) =>
    deed.mutate({ ids, deed: { type: 'assign', ...to } }, { onSuccess: done })
  return (
    <Modal opened onClose={onClose} title={ids.length === 1 ? 'Assign to' : `Assign ${ids.length} to`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const [first] = choices
          if (first) give(first.to)
        }}
      >
        <Stack gap="xs">
          <TextInput
            aria-label="Find a person or a team"
            placeholder="Name of a person or a team"
            data-autofocus
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <ul className="inbox-choices">
            {choices.map((choice) => (
              <li key={choice.key}>
                <ChoiceButton
                  choice={choice}
                  isHolder={assignee?.user?.id === choice.key || assignee?.group?.id === choice.key}
                  disabled={deed.isPending}
                  onClick={() => give(choice.to)}
                />
              </li>
            ))}
          </ul>
          {choices.length === 0 && <Text c="dimmed">Nobody is called that.</Text>}
          <Group justify="space-between">
            <Button
              variant="default"
              disabled={deed.isPending}
              onClick={() => give({ userId: null, groupId: null })}
            >
              Nobody
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

interface ChoiceProps {
  choice: ReturnType<typeof useChoices>[number]
  isHolder: boolean
  disabled: boolean
  onClick(): void
}

function ChoiceButton({ choice: { name, isTeam, what }, isHolder, ...button }: ChoiceProps) {
  return (
    <UnstyledButton className="inbox-choice" {...button}>
      <Avatar name={isTeam ? '' : name} color="initials" size={28} radius="xl" alt="">
        {isTeam && <Icon name="contacts" size={16} />}
      </Avatar>
      <Text size="sm">{name}</Text>
      <Text size="xs" c="dimmed" ml="auto">
        {isHolder ? 'has it' : what}
      </Text>
    </UnstyledButton>
  )
}

/** Oneself stands first. */
function useChoices(search: string) {
  const { me } = useInbox()
  const people = usePeople()
  const teams = useTeams()
  const choices = [
    ...people
      .toSorted((a, b) => Number(b.id === me) - Number(a.id === me))
      .map(({ id, name, role }) => ({
        ...{ key: id, name: id === me ? `${name} (me)` : name, isTeam: false, to: { userId: id } },
        what: role === 'app' ? 'bot' : '',
      })),
    ...teams.map(({ id, name }) => ({ key: id, name, isTeam: true, what: 'team', to: { groupId: id } })),
  ]
  const words = search.trim().toLowerCase()
  return choices.filter(({ name }) => name.toLowerCase().includes(words))
}
