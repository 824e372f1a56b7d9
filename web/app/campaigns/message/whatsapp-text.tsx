import type { ReactNode } from 'react'

const marks: [RegExp, (inside: ReactNode) => ReactNode][] = [
  [/```([^`]+)```/, (inside) => <code>{inside}</code>],
  [/\*(\S(?:[^*\n]*\S)?)\*/, (inside) => <strong>{inside}</strong>],
  [/_(\S(?:[^_\n]*\S)?)_/, (inside) => <em>{inside}</em>],
  [/~(\S(?:[^~\n]*\S)?)~/, (inside) => <s>{inside}</s>],
]

/** A text with WhatsApp's marks: `*bold*`, `_italic_`, `~struck~`, monospace. */
export function WhatsappText({ text }: { text: string }) {
  return <>{inMarks(text)}</>
}

function inMarks(text: string): ReactNode {
  const found = marks
    .map(([pattern, wrap]) => ({ match: pattern.exec(text), wrap }))
    .filter(({ match }) => match !== null && isMark(text, match))
    .toSorted((a, b) => (a.match?.index ?? 0) - (b.match?.index ?? 0))[0]
  if (!found?.match) return text
  const { match, wrap } = found
  return (
    <>
      {text.slice(0, match.index)}
      {wrap(inMarks(match[1] ?? ''))}
      {inMarks(text.slice(match.index + match[0].length))}
    </>
  )
}

/** In `snake_case_words` nothing is italic. */
function isMark(text: string, match: RegExpExecArray): boolean {
  const before = text[match.index - 1] ?? ' '
  const after = text[match.index + match[0].length] ?? ' '
  return !/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)
}
