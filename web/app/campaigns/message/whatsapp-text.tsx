import type { ReactNode } from 'react'

/** Nothing within an address or a code is a mark. */
const marks: [RegExp, (inside: string, isLinked: boolean) => ReactNode][] = [
  [
    /https?:\/\/[^\s<>"']*[^\s<>"'.,:;!?)\]}*_~`]/,
    (address, isLinked) => (isLinked ? <SafeLink address={address} /> : <u>{address}</u>),
  ],
  [/```([^`]+)```/, (inside) => <code>{inside}</code>],
  [/`([^`\n]+)`/, (inside) => <code>{inside}</code>],
  [/\*(\S(?:[^*\n]*\S)?)\*/, (inside, isLinked) => <strong>{inMarks(inside, isLinked)}</strong>],
  [/_(\S(?:[^_\n]*\S)?)_/, (inside, isLinked) => <em>{inMarks(inside, isLinked)}</em>],
  [/~(\S(?:[^~\n]*\S)?)~/, (inside, isLinked) => <s>{inMarks(inside, isLinked)}</s>],
]

/** A text with WhatsApp's marks: `*bold*`, `_italic_`, `~struck~`, monospace, quoted lines. @param isLinked addresses can be followed */
export function WhatsappText({ text, isLinked = false }: { text: string; isLinked?: boolean }) {
  return text.split(/^((?:> .*(?:\n|$))+)/m).map((part, at) =>
    at % 2 === 0 ? (
      <span key={at}>{inMarks(part, isLinked)}</span>
    ) : (
      <blockquote key={at} className="phone-quote">
        {inMarks(part.replaceAll(/^> /gm, '').trimEnd(), isLinked)}
      </blockquote>
    ),
  )
}

/** The other side learns neither where it was clicked, nor gets hold of the window. */
function SafeLink({ address }: { address: string }) {
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {address}
    </a>
  )
}

function inMarks(text: string, isLinked: boolean): ReactNode {
  const found = marks
    .map(([pattern, wrap]) => ({ match: pattern.exec(text), wrap }))
    .filter(({ match }) => match !== null && isMark(text, match))
    .toSorted((a, b) => (a.match?.index ?? 0) - (b.match?.index ?? 0))[0]
  if (!found?.match) return text
  const { match, wrap } = found
  return (
    <>
      {text.slice(0, match.index)}
      {wrap(match[1] ?? match[0], isLinked)}
      {inMarks(text.slice(match.index + match[0].length), isLinked)}
    </>
  )
}

/** In `snake_case_words` nothing is italic. */
function isMark(text: string, match: RegExpExecArray): boolean {
  const before = text[match.index - 1] ?? ' '
  const after = text[match.index + match[0].length] ?? ' '
  if (match[1] === undefined) return !/[\p{L}\p{N}]/u.test(before)
  return !/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)
}
