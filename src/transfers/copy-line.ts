/** One line of COPY's text format. */
export function copyLine(values: (string | undefined)[]): string {
  return `${values.map((value) => (value === undefined ? '\\N' : escapeCopy(value))).join('\t')}\n`
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function escapeCopy(value: string): string {
  return /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign) : value
}
