import { Anchor } from '@mantine/core'

/** A report as a file. */
export function CsvLink({ href, what }: { href: string; what: string }) {
  return (
    <Anchor href={href} download size="sm">
      CSV, {what}
    </Anchor>
  )
}
