import { Paper, Table } from '@mantine/core'
import type { ReactNode } from 'react'

/** The table of a page of things: it scrolls by itself where it is wider than the page. */
export function ListTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={320} type="native">
        <Table highlightOnHover aria-label={label}>
          {children}
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}
