const words = {
  yes: `1 y yes true t on x ok opted_in opted-in optin opt-in subscribed active checked granted ja j si sì sí sim s oui o vrai
    verdadero verdadeiro wahr vero waar ya iya evet e हाँ हां نعم да д はい 是`,
  no: `0 n no false f off opted_out opted-out optout opt-out unsubscribed inactive unchecked denied none nein não nao non faux
    falso falsch nee tidak hayır hayir नहीं لا нет いいえ 否`,
}

const answers = new Map<string, boolean>([
  ...words.yes.split(/\s+/).map((word) => [word, true] as const),
  ...words.no.split(/\s+/).map((word) => [word, false] as const),
])

/** A cell that says yes or no; undefined when it says neither. */
export function readAnswer(text: string): boolean | undefined {
  return answers.get(text.normalize('NFKC').trim().toLowerCase())
}
