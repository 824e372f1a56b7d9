/** Signs of HTML come as numbers. */
const sign = /&#(\d+);/g

interface Part {
  text: string
  isFound: boolean
}

/** The API's HTML as plain parts, so that nothing of what somebody wrote can ever become a tag. */
function readHeadline(html: string): Part[] {
  const parts = html.split(/<mark>(.*?)<\/mark>/s).map((part, place) => ({
    text: part.replace(sign, (_, code) => String.fromCharCode(Number(code))),
    isFound: place % 2 === 1,
  }))
  return parts.filter(({ text }) => text !== '')
}

/** The words around what was found, which stands out. */
export function Headline({ html }: { html: string }) {
  return readHeadline(html).map(({ text, isFound }, place) =>
    isFound ? <mark key={place}>{text}</mark> : <span key={place}>{text}</span>,
  )
}
