const firstNames =
  'Ann Bob Chandra Deniz Elif Fatima Georg Hanna Ivan Julia Karim Lena Mehmet Nadia Olga Paulo'.split(' ')
const lastNames =
  'Example Smith Yılmaz García Müller Silva Rossi Kumar Nguyen Okafor Larsen Dubois Novak Tanaka'.split(' ')
const cities = 'Berlin Mumbai Madrid Istanbul São Paulo Jakarta Nairobi Lyon Milan Toronto Lagos Hanoi'.split(
  ' ',
)

/** A row a contact, every one with a German mobile number of its own; the same number makes the same row. */
function contactRow(at: number, note = ''): string {
  const first = firstNames[at % firstNames.length] ?? ''
  const last = lastNames[(at * 7) % lastNames.length] ?? ''
  const phone = `+49 151 ${String(10_000_000 + at)}`
  const city = cities[(at * 3) % cities.length] ?? ''
  return `${phone},${first},${last},${first.toLowerCase()}.${at}@example.com,"${city}, Old Town",DE,${1 + (at % 90)}${note && `,${note}`}\n`
}

export const contactColumns = ['phone', 'first_name', 'last_name', 'email', 'city', 'country', 'visits']

/** A file of so many contacts, in pieces. @param note makes rows longer, by a column of its own */
export function* contactsCsv(contacts: number, note = ''): Generator<Buffer, void> {
  yield Buffer.from(`${contactColumns.join(',')}${note && ',note'}\n`)
  for (let from = 0; from < contacts; from += rowsAPiece) {
    const rows = Array.from({ length: Math.min(rowsAPiece, contacts - from) }, (_, at) =>
      contactRow(from + at, note),
    )
    yield Buffer.from(rows.join(''))
  }
}
const rowsAPiece = 2_000
