/** Words by what they give away, in the languages most templates are written in. `~` stands for any ending. */
const lists = {
  promotion: `
    discount~ sale sales promo~ coupon~ voucher~ offer offers deal deals clearance cashback giveaway bargain~ freebie~
    "black friday" "cyber monday" "special price" "buy now" "shop now" "order now" "limited time" "save up to" "% off"
    "best price" "new collection" "new arrival" "free gift" "upgrade now"
    descuento~ oferta~ rebaja~ promoci~ cupón cupones ahorra "compra ahora" "por tiempo limitado" "envío gratis"
    desconto~ promoç~ liquidação cupom cupons "compre agora" "por tempo limitado" "frete grátis" aproveite
    छूट ऑफर सेल डिस्काउंट कूपन "अभी खरीदें" "सीमित समय"
    diskon promo~ obral kupon penawaran "beli sekarang" "gratis ongkir" "waktu terbatas"
    خصم خصومات عرض عروض تخفيضات تخفيض كوبون "اشتر الآن" "تسوق الآن" "لفترة محدودة"
    remise~ soldes réduction~ "offre spéciale" "achetez maintenant" rabatt~ angebot~ gutschein~ ausverkauf sconto sconti`,
  code: `
    otp "one-time password" "one time password" "one-time code" "verification code" "login code" "security code"
    "access code" passcode "authentication code" "confirmation code"
    "código de verificación" "código de seguridad" "código de acceso" "código de un solo uso"
    "código de verificação" "código de segurança" "código de acesso"
    "सत्यापन कोड" "ओटीपी" "kode verifikasi" "kode otp" "kode keamanan"
    "رمز التحقق" "رمز الدخول" "كلمة المرور لمرة واحدة"
    "code de vérification" "code de sécurité" bestätigungscode sicherheitscode`,
  survey: `
    survey~ questionnaire poll "rate us" "your feedback" "your opinion" "tell us what you think" "take a minute to"
    encuesta~ "tu opinión" "su opinión" pesquisa "sua opinião" सर्वेक्षण "आपकी राय" survei "pendapat anda"
    استبيان استطلاع "رأيك" sondage umfrage`,
  threat: `
    "legal action" lawsuit "take you to court" "sue you" "debt collector" "debt collectors" police arrest~ "or else"
    "face the consequences" "publicly shame" blacklist~
    "acciones legales" demandaremos "cobrador de deudas" policía arrestad~
    "ação judicial" "medidas judiciais" polícia "कानूनी कार्रवाई" पुलिस गिरफ्तार "tindakan hukum" polisi
    "إجراءات قانونية" الشرطة "poursuites judiciaires" "rechtliche schritte"`,
  trade: `
    casino~ betting gambl~ lottery jackpot cigarette~ tobacco vape~ cannabis marijuana cbd steroid~ ammunition firearm~
    "weight loss pill" "weight loss pills" viagra "adult content" escort~ bitcoin crypto~ forex "payday loan" "mlm"
    apuestas casino~ tabaco apostas cassino~ कैसीनो जुआ judi kasino كازينو قمار`,
  trial: `
    "lorem ipsum" "test message" "this is a test" "testing 123" "dummy text" asdf qwerty "mensaje de prueba"
    "mensagem de teste" "pesan uji coba" "رسالة تجريبية" "परीक्षण संदेश"`,
  stop: `
    stop unsubscribe "opt out" "opt-out" "no more messages" "not interested" baja "no recibir" "cancelar suscripción"
    parar sair cancelar descadastrar "बंद करें" रोकें berhenti إيقاف "إلغاء الاشتراك" توقف "se désabonner" abmelden`,
} as const
export type WordList = keyof typeof lists

const patterns = Object.fromEntries(
  Object.entries(lists).map(([name, words]) => [name, toPattern(words)]),
) as Record<WordList, RegExp>

/** The first words of a list that a text holds, as they stand in it. */
export function findWords(text: string, list: WordList): string | undefined {
  return patterns[list].exec(text)?.[0]
}

/** Word by word in any script: `\b` knows Latin letters only. */
function toPattern(words: string): RegExp {
  const entries = [...words.matchAll(/"([^"]+)"|(\S+)/g)].map(([, phrase, word]) => phrase ?? word ?? '')
  const alternatives = entries.map((entry) => {
    const open = entry.endsWith('~')
    const plain = (open ? entry.slice(0, -1) : entry)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\s+/g, '\\s+')
    const start = entry.startsWith('%') ? '' : '(?<![\\p{L}\\p{M}\\p{N}])'
    return `${start}${plain}${open ? '[\\p{L}\\p{M}]*' : '(?![\\p{L}\\p{M}\\p{N}])'}`
  })
  return new RegExp(alternatives.join('|'), 'iu')
}
