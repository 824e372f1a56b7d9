/** Zero-width characters, soft hyphens, variation selectors, bidi marks: nobody sees them. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu
/** Arabic tatweel and harakat with the Quranic signs, Hebrew points, nuktas of the Indic scripts: often left out. */
const optionalMarks =
  /[\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0591-\u05c7\u093c\u09bc\u0a3c\u0abc\u0b3c\u0ccc]/gu
const edges = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu
/** Letters that people type for one another, whatever the keyboard. */
const lookalikes: Record<string, string> = {
  // Turkish: I is the capital of both i and the dotless one.
  ı: 'i',
  // Arabic: alef with its hamzas, and the final yeh and teh marbuta.
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ى: 'ي',
  ة: 'ه',
  // Urdu and Persian keyboards have letters of their own.
  ی: 'ي',
  ے: 'ي',
  ک: 'ك',
  ہ: 'ه',
  ھ: 'ه',
  ۃ: 'ه',
  // Russian.
  ё: 'е',
}
const lookalike = new RegExp(`[${Object.keys(lookalikes).join('')}]`, 'gu')

/**
 * The same words written otherwise become the same text: width, case, typographic signs, invisible characters, optional
 * marks, spaces, and whatever surrounds them (punctuation, emoji, WhatsApp's `*bold*`). Accents stay: see `bareWords`.
 */
export function foldWords(text: string): string {
  // Taking signs away may bring others together; a few rounds settle what one leaves.
  let folded = text
  for (let round = 0; round < 8; round += 1) {
    const next = foldOnce(folded)
    if (next === folded) break
    folded = next
  }
  return folded
}

function foldOnce(text: string): string {
  return (
    text
      .replace(invisible, '')
      .normalize('NFKC')
      .toLowerCase()
      // The dot that lower case leaves of the Turkish capital İ.
      .replaceAll('i\u0307', 'i')
      .normalize('NFD')
      .replace(optionalMarks, '')
      .normalize('NFC')
      .replace(lookalike, (letter) => lookalikes[letter] ?? letter)
      .replace(/[\u2018\u2019\u02bc`´]/gu, "'")
      .replace(/[\s_\p{Pd}]+/gu, ' ')
      .replace(edges, '')
  )
}

/** Folded words without the accents of the Latin and Greek scripts, as on a keyboard that has none: "arrêt" is "arret". */
export function bareWords(folded: string): string {
  return folded
    .normalize('NFD')
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}]\p{M}*)\p{M}/gu, '')
    .normalize('NFC')
    .replaceAll('đ', 'd')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
}
