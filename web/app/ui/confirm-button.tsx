import { Button, Group, Modal, Stack, Text, type ButtonProps } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'

interface Props extends Pick<ButtonProps, 'size' | 'loading'> {
  /** On the button, and on the one that does it. */
  label: string
  question: string
  /** What it comes to, and that it cannot be taken back. */
  words: string
  onConfirm(): void
}

/** For what cannot be taken back: it asks once more. */
export function ConfirmButton({ label, question, words, onConfirm, ...button }: Props) {
  const [isAsking, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button variant="light" color="red" {...button} onClick={open}>
        {label}
      </Button>
      <Modal opened={isAsking} onClose={close} title={question}>
        <Stack>
          <Text size="sm">{words}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Not now
            </Button>
            <Button
              color="red"
              onClick={() => {
                close()
                onConfirm()
              }}
            >
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
