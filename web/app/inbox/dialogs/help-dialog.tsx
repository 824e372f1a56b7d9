import { Kbd, Modal, Table } from '@mantine/core'

const keys: [keys: string[], words: string][] = [
  [['j', 'k'], 'next and previous conversation'],
  [['Enter'], 'write into it'],
  [['e'], 'close it, or reopen it'],
  [['a'], 'assign it'],
  [['s'], 'snooze it'],
  [['l'], 'label it'],
  [['u'], 'mark it unread'],
  [['n'], 'write a note'],
  [['x'], 'choose it, for doing something to many'],
  [['i'], 'show or hide the customer'],
  [['/'], 'search'],
  [['Esc'], 'out of an input, and back to the list'],
  [['Ctrl', 'Enter'], 'send (Enter alone sends too; Shift and Enter begin a line)'],
  [['?'], 'this list'],
]

export function HelpDialog({ onClose }: { onClose(): void }) {
  return (
    <Modal opened onClose={onClose} title="Keys">
      <Table withRowBorders={false} aria-label="Keys">
        <Table.Tbody>
          {keys.map(([pressed, words]) => (
            <Table.Tr key={words}>
              <Table.Td w={130}>
                {pressed.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{words}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
