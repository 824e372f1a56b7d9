import type { ConsentLanguage } from './consent-words.ts'

/** What surrounds an opt-out word, for workspaces that let it be found in less than a whole message. */
interface ConsentPhrases {
  /** Words that may stand before or after it without changing its sense; any other word keeps it from counting. */
  fillers: string[]
  /** Contain an opt-out word, or nearly, and mean something else. */
  never: string[]
}

export const consentPhrases: Record<ConsentLanguage, ConsentPhrases> = {
  en: {
    fillers: list(
      'please, pls, plz, kindly, now, just, thanks, thank you, hi, hello, messages, me, today, immediately, ok',
    ),
    never:
      list(`don't stop, do not stop, dont stop, never stop, stop by, stop by the shop, stop by today, non stop, nonstop,
      can't stop, full stop, bus stop, one stop shop, stop over, pit stop, unsubscribe? no, don't unsubscribe,
      do not unsubscribe, i did not unsubscribe, why unsubscribe, how do i unsubscribe, stop it some more, shop, step, subscribe`),
  },
  es: {
    fillers: list('por favor, porfa, ya, ahora, gracias, hola, quiero, mensajes'),
    never:
      list(`no pares, no parar, sin parar, no me des de baja, no quiero darme de baja, paso a la baja, temporada baja,
      planta baja, no cancelar suscripción, stop no, no stop, para mañana, para mí, baja el precio`),
  },
  pt: {
    fillers: list('por favor, pfv, já, agora, obrigado, obrigada, oi, olá, quero, mensagens'),
    never:
      list(`não pare, não parar, sem parar, não quero sair, vou sair, vou sair agora, posso sair mais tarde, sair de casa,
      não descadastrar, não cancelar inscrição, non stop`),
  },
  fr: {
    fillers: list("s'il vous plaît, s'il te plaît, svp, stp, maintenant, merci, bonjour, je veux, messages"),
    never:
      list(`n'arrêtez pas, n'arrête pas, ne pas arrêter, sans arrêt, arrêt de bus, arrêt maladie, ne me désabonnez pas,
      je ne veux pas me désabonner, non stop, stop ou encore`),
  },
  de: {
    fillers: list('bitte, jetzt, sofort, danke, hallo, mich, nachrichten, ich möchte'),
    never:
      list(`nicht stoppen, nicht abmelden, nicht abbestellen, nonstop, non stop, bitte nicht abmelden, zwischenstopp,
      ich will mich nicht abmelden, ohne stopp, stopp noch nicht, krank abmelden, anmelden, anmeldung, auftragen, ausfragen, shoppen`),
  },
  it: {
    fillers: list('per favore, per piacere, adesso, ora, subito, grazie, ciao, messaggi, voglio'),
    never:
      list(`non fermarti, non fermare, senza sosta, non cancellarmi, non voglio cancellarmi, ferma in centro, ferma qui,
      dove si ferma, non stop, cancella ordine, fermata, interrompi la chiamata`),
  },
  nl: {
    fillers: list('alsjeblieft, alstublieft, aub, nu, direct, bedankt, dank je, hallo, mij, berichten'),
    never:
      list(`niet stoppen, niet afmelden, stop niet, stop er niet mee, nonstop, non stop, bushalte stop, ik wil niet stoppen,
      niet uitschrijven, aanmelden, shoppen, even langs stoppen`),
  },
  hi: {
    fillers: list('कृपया, प्लीज़, अभी, धन्यवाद, नमस्ते, please, abhi, kripya, plz, ji'),
    never:
      list(`मत रोको, रोको मत, बंद मत करो, बंद मत करें, band mat karo, band mat karna, mat roko, बस स्टॉप, दुकान बंद करें क्या,
      नॉन स्टॉप, दुकान बंद है, dukan band hai, acha, accha`),
  },
  ar: {
    fillers: list('من فضلك, لو سمحت, رجاء, الآن, شكرا, مرحبا, الرسائل'),
    never:
      list(`لا تتوقف, لا توقف, بدون توقف, لا توقف الرسائل, محطة توقف, لا تلغ الاشتراك, لا أريد إلغاء الاشتراك, قف هنا,
      دون توقف`),
  },
  id: {
    fillers: list('tolong, mohon, silakan, sekarang, terima kasih, makasih, halo, ya, pesan'),
    never:
      list(`jangan berhenti, tidak berhenti, tanpa berhenti, jangan hentikan, non stop, nonstop, halte bus, berhenti di toko,
      jangan stop, belum berhenti`),
  },
  tr: {
    fillers: list('lütfen, şimdi, hemen, teşekkürler, merhaba, mesajları, artık'),
    never: list(`durma, sakın durma, durdurma, durdurmayın, non stop, otobüs durağı, aboneliğimi iptal etme,
      aboneliği iptal etmeyin, mesaj göndermeye devam, durmadan, durdu`),
  },
  ru: {
    fillers: list('пожалуйста, сейчас, спасибо, здравствуйте, привет, меня, сообщения, хочу'),
    never:
      list(`не останавливайтесь, не отписывайте, не отписываться, не прекращайте, нон стоп, без остановки, не хочу отписаться,
      стоп машина где, не стоп, подписаться, описка, описаться`),
  },
  bn: {
    fillers: list('দয়া করে, প্লিজ, এখন, ধন্যবাদ, হ্যালো, মেসেজ'),
    never: list('বন্ধ করবেন না, বন্ধ করো না, থামবেন না, থেমো না, দোকান বন্ধ, বাস স্টপ, নন স্টপ, বন্ধ করুন না'),
  },
  ur: {
    fillers: list('براہ کرم, پلیز, ابھی, شکریہ, السلام علیکم, میسج'),
    never: list('مت روکو, بند مت کرو, بند نہ کریں, نہ روکیں, بس اسٹاپ, نان اسٹاپ, دکان بند ہے, روکو مت'),
  },
  zh: {
    fillers: list('请, 請, 谢谢, 謝謝, 吧, 现在, 現在, 你好, 我要, 麻烦, 麻煩, 了'),
    never: list(
      '不要停, 不停, 别停, 別停, 停车, 停車, 停不下来, 不要退订, 不要停止, 不退订, 停止营业, 停电了, 公交停靠',
    ),
  },
  ja: {
    fillers: list('お願いします, おねがいします, してください, です, ありがとう, すぐに, を希望します'),
    never: list(
      '停止しないで, 停止しないでください, 止めないで, バス停, 一時停止中, 解除しないで, ノンストップ, 停止中ですか',
    ),
  },
  ko: {
    fillers: list(
      '부탁합니다, 부탁드립니다, 해주세요, 해 주세요, 합니다, 지금, 감사합니다, 안녕하세요, 제발',
    ),
    never: list(
      '중지하지 마세요, 멈추지 마세요, 구독 취소하지 마세요, 정지하지 마, 버스 정지장, 논스톱, 수신거부 아님, 정류장',
    ),
  },
  vi: {
    fillers: list('làm ơn, vui lòng, xin, ngay, bây giờ, cảm ơn, xin chào, ạ, tôi muốn'),
    never:
      list(`đừng dừng, đừng dừng lại, không dừng, không ngừng, đừng hủy đăng ký, dung, đúng, đúng rồi, trạm dừng,
      không muốn hủy đăng ký, ngừng bắn`),
  },
  th: {
    fillers: list('กรุณา, ช่วย, ครับ, ค่ะ, คะ, ตอนนี้, ขอบคุณ, สวัสดี, ขอ, ด้วย'),
    never: list('อย่าหยุด, ไม่หยุด, ห้ามหยุด, วันหยุด, วันหยุดราชการ, หยุดงาน, ร้านหยุด, อย่ายกเลิกการสมัคร, ไม่ยกเลิกการสมัคร'),
  },
  sw: {
    fillers: list('tafadhali, sasa, asante, habari, hujambo, ujumbe, naomba'),
    never: list(
      'usisimamishe, usisitishe, usiache, usikomeshe, bila kukoma, usijiondoe, kituo cha basi, acha, simama',
    ),
  },
}

function list(words: string): string[] {
  return words.split(/,\s*/)
}
