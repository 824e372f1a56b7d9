/** What people write, as a whole message, to stop or to start again. */
export interface ConsentWords {
  /** No more messages. */
  stop: string[]
  /** No more advertising; the words of WhatsApp's own opt-out button are among them. */
  stopMarketing: string[]
  start: string[]
  /** Accents make other words of single ones: "đúng" (right) must not pass for "dừng" (stop). */
  accentsMatter?: true
}

/**
 * The words that ship. Left out on purpose is what is an ordinary answer in one of the languages, even where some operators
 * use it: cancel, end, quit (orders, menus), "basta" and "хватит" (enough), "acha" (Swahili: leave, Hindi: all right),
 * "dur" (Turkish: stop, French: hard), "para" (Spanish: stop, Turkish: money), "बंद" (closed), "alta" (Spanish: high).
 * A workspace adds what is right for it.
 */
export const consentWords = {
  en: {
    stop: list(`stop, stop all, stopall, unsubscribe, unsubscribe me, unsub, opt out, optout, opt me out,
      stop messages, stop messaging, stop messaging me, stop texting me, stop sending me messages,
      remove me, do not contact me, don't contact me, do not message me, don't message me,
      no more messages`),
    stopMarketing:
      list(`stop promotions, stop promotion, stop promos, stop marketing, stop marketing messages, stop ads,
      stop offers, no more promotions, no more offers, unsubscribe from promos,
      unsubscribe from promotions`),
    start: list(
      `start, unstop, subscribe, resubscribe, opt in, optin, opt me in, start messages, resume messages`,
    ),
  },
  es: {
    stop: list(`stop, baja, darme de baja, dar de baja, quiero darme de baja, dame de baja, desuscribir,
      desuscribirme, cancelar suscripción, anular suscripción, no más mensajes, no quiero más mensajes,
      detener mensajes, parar`),
    stopMarketing: list(`detener promociones, parar promociones, no más promociones, cancelar promociones,
      no más publicidad, dejar de recibir promociones, baja promociones`),
    start: list(
      `suscribirme, suscribir, suscríbeme, reanudar, reanudar mensajes, volver a suscribirme, iniciar`,
    ),
  },
  pt: {
    stop: list(`stop, sair, parar, descadastrar, descadastre, me descadastre, cancelar inscrição,
      cancelar assinatura, não quero mais mensagens, não quero receber mensagens,
      não quero receber mais mensagens, parar mensagens`),
    stopMarketing:
      list(`parar promoções, interromper promoções, cancelar promoções, chega de promoções, sem promoções,
      não quero promoções, não quero receber promoções`),
    start: list(`iniciar, começar, inscrever, inscrever-me, quero receber mensagens,
      reativar mensagens`),
  },
  fr: {
    stop: list(`stop, arrêt, arrêter, arrêtez, désabonner, me désabonner, désabonnement, désinscription,
      désinscrire, me désinscrire, désinscrivez-moi, désabonnez-moi, plus de messages,
      ne plus recevoir de messages`),
    stopMarketing: list(`arrêter les promotions, arrêter les promos, stop pub, stop promo, stop promotions,
      plus de publicité, plus de promotions, ne plus recevoir de promotions`),
    start:
      list(`démarrer, commencer, m'abonner, s'abonner, abonnez-moi, réabonner, me réabonner, me réinscrire,
      reprendre`),
  },
  de: {
    stop: list(`stop, stopp, abmelden, abbestellen, austragen, abmeldung, bitte abmelden, keine nachrichten mehr,
      nachrichten stoppen, keine nachrichten, mich abmelden, newsletter abbestellen`),
    stopMarketing: list(`werbung stoppen, keine werbung, keine werbung mehr, stop werbung, angebote stoppen,
      keine angebote mehr, werbeaktionen stoppen, werbenachrichten stoppen`),
    start: list(`start, starten, abonnieren, wieder anmelden, neu anmelden, wieder abonnieren,
      nachrichten starten`),
  },
  it: {
    stop: list(`stop, ferma, fermati, disiscrivimi, disiscrizione, cancellami, annulla iscrizione,
      cancella iscrizione, cancellare iscrizione, basta messaggi, niente più messaggi,
      non voglio più messaggi, interrompi`),
    stopMarketing:
      list(`interrompi promozioni, stop promozioni, basta promozioni, niente promozioni, basta pubblicità,
      interrompi le promozioni, niente pubblicità`),
    start: list(`inizia, iscrivimi, abbonami, riprendi, riprendi messaggi, iscrivimi di nuovo, riattiva`),
  },
  nl: {
    stop: list(`stop, stoppen, afmelden, uitschrijven, afmelding, schrijf mij uit, meld mij af,
      geen berichten meer, stop berichten, opzeggen nieuwsbrief`),
    stopMarketing:
      list(`stop reclame, geen reclame, geen reclame meer, stop promoties, geen aanbiedingen meer,
      geen promoties`),
    start: list(`start, opnieuw aanmelden, weer aanmelden, abonneren, hervatten, berichten hervatten,
      meld mij aan`),
  },
  hi: {
    stop: list(`स्टॉप, रोकें, रोको, बंद करें, बंद करो, बंद कर दो, मैसेज बंद करें, मैसेज बंद करो, संदेश बंद करें,
      सदस्यता समाप्त करें, सदस्यता रद्द करें, अनसब्सक्राइब, मैसेज मत भेजो, band karo, band kare,
      band karen, message band karo, msg band karo, message mat bhejo, msg mat bhejo, roko`),
    stopMarketing: list(`प्रमोशन बंद करें, प्रचार बंद करें, विज्ञापन बंद करें, ऑफर बंद करें, promotion band karo,
      offer band karo`),
    start: list(`स्टार्ट, शुरू, शुरू करें, शुरू करो, चालू करें, सदस्यता लें, सब्सक्राइब, shuru karo, shuru karen,
      chalu karo`),
  },
  ar: {
    stop: list(`توقف, قف, إيقاف, أوقف, ستوب, إلغاء الاشتراك, ألغ الاشتراك, ألغي الاشتراك, الغاء اشتراكي,
      أوقف الرسائل, إيقاف الرسائل, لا ترسل رسائل, لا أريد رسائل, وقف الرسائل`),
    stopMarketing: list(`إيقاف العروض, أوقف العروض, إيقاف العروض الترويجية, لا أريد إعلانات, إيقاف الإعلانات,
      لا أريد عروض`),
    start: list(`ابدأ, ابدأ الرسائل, اشترك, استئناف, استئناف الرسائل, إعادة الاشتراك, تفعيل الاشتراك, ستارت`),
  },
  id: {
    stop: list(`stop, berhenti, berhenti berlangganan, hentikan, hentikan pesan, unreg, jangan kirim pesan,
      stop pesan, berhenti kirim pesan, jangan kirim pesan lagi, batal langganan, batalkan langganan`),
    stopMarketing: list(
      `hentikan promosi, stop promosi, stop promo, berhenti promosi, jangan kirim promosi, stop iklan`,
    ),
    start: list(`mulai, berlangganan, langganan lagi, berlangganan lagi, lanjutkan langganan, mulai lagi`),
  },
  tr: {
    stop: list(`durdur, ret, stop, abonelikten çık, aboneliği iptal et, aboneliğimi iptal et, mesaj gönderme,
      mesaj göndermeyin, mesaj istemiyorum, mesajları durdur, listeden çıkar, beni listeden çıkar`),
    stopMarketing: list(`promosyonları durdur, kampanyaları durdur, reklam istemiyorum, reklamları durdur,
      kampanya istemiyorum`),
    start: list(`başlat, başla, abone ol, tekrar abone ol, mesajları başlat, yeniden başlat`),
  },
  ru: {
    stop: list(`стоп, отписаться, отписка, отпишите, отпишите меня, остановить, прекратить, прекратите,
      не пишите мне, не пишите мне больше, больше не пишите, остановить рассылку, отключить рассылку,
      остановите`),
    stopMarketing:
      list(`остановить рекламу, отключить рекламу, не присылайте рекламу, без рекламы, остановить акции,
      стоп реклама`),
    start: list(`старт, подписаться, подписка, подпишите меня, возобновить, возобновить рассылку, начать`),
  },
  bn: {
    stop: list(`স্টপ, বন্ধ করুন, বন্ধ করো, থামুন, থামাও, আনসাবস্ক্রাইব, মেসেজ বন্ধ করুন, মেসেজ বন্ধ করো,
      বার্তা বন্ধ করুন, মেসেজ পাঠাবেন না, সাবস্ক্রিপশন বাতিল করুন`),
    stopMarketing: list(`প্রচার বন্ধ করুন, বিজ্ঞাপন বন্ধ করুন, অফার বন্ধ করুন, প্রমোশন বন্ধ করুন`),
    start: list(`স্টার্ট, শুরু, শুরু করুন, চালু করুন, সাবস্ক্রাইব, সাবস্ক্রাইব করুন`),
  },
  ur: {
    stop: list(`اسٹاپ, سٹاپ, روکیں, روکو, بند کریں, بند کرو, پیغامات بند کریں, میسج بند کریں, میسج بند کرو,
      ان سبسکرائب, میسج مت بھیجیں, رکنیت ختم کریں`),
    stopMarketing: list(`اشتہارات بند کریں, پروموشن بند کریں, آفرز بند کریں`),
    start: list(`اسٹارٹ, شروع, شروع کریں, چالو کریں, سبسکرائب, سبسکرائب کریں, دوبارہ شروع کریں`),
  },
  zh: {
    stop: list(
      `停止, 退订, 退訂, 取消订阅, 取消訂閱, 停, 不要再发, 不要再發, 不要再发消息, 不要再發訊息, 停止发送, 停止發送`,
    ),
    stopMarketing: list(
      `停止推广, 停止推廣, 停止促销, 停止促銷, 不要广告, 不要廣告, 停止广告, 停止廣告, 停止接收促销信息`,
    ),
    start: list(`开始, 開始, 订阅, 訂閱, 重新订阅, 重新訂閱, 恢复, 恢復, 恢复订阅, 恢復訂閱`),
  },
  ja: {
    stop: list(
      `停止, 配信停止, ストップ, 配信解除, 購読解除, 登録解除, 配信を停止, 配信停止希望, 送らないでください, やめてください`,
    ),
    stopMarketing: list(`プロモーションを停止, 広告停止, 広告を停止, 広告不要, 宣伝停止, キャンペーン停止`),
    start: list(`スタート, 開始, 再開, 配信再開, 購読, 再購読, 配信を再開`),
  },
  ko: {
    stop: list(
      `중지, 수신거부, 수신 거부, 구독취소, 구독 취소, 구독해지, 구독 해지, 스톱, 정지, 메시지 중지, 보내지 마세요`,
    ),
    stopMarketing: list(
      `광고 중지, 광고 수신거부, 광고 수신 거부, 프로모션 중지, 광고 거부, 마케팅 수신거부`,
    ),
    start: list(`시작, 구독, 수신동의, 수신 동의, 다시 구독, 재구독, 수신 재개`),
  },
  vi: {
    stop: list(`dừng, dừng lại, ngừng, ngừng lại, ngừng gửi tin, ngừng nhận tin, hủy đăng ký, huỷ đăng ký,
      dừng gửi tin, từ chối nhận tin, đừng nhắn tin nữa, không nhận tin nữa, stop`),
    stopMarketing:
      list(`dừng quảng cáo, ngừng quảng cáo, dừng khuyến mãi, ngừng khuyến mãi, từ chối quảng cáo,
      chặn quảng cáo`),
    start: list(`bắt đầu, đăng ký lại, đăng ký nhận tin, nhận tin lại, tiếp tục nhận tin`),
    accentsMatter: true,
  },
  th: {
    stop: list(`หยุด, สต็อป, สต๊อป, หยุดส่ง, หยุดส่งข้อความ, เลิกรับข้อความ, ยกเลิกการสมัคร, ยกเลิกรับข่าวสาร,
      เลิกติดตาม, ไม่รับข้อความ`),
    stopMarketing: list(`หยุดโปรโมชั่น, หยุดโฆษณา, ไม่รับโฆษณา, ไม่รับโปรโมชั่น, หยุดรับโปรโมชั่น`),
    start: list(`เริ่ม, เริ่มต้น, เริ่มใหม่, สมัครรับข่าวสาร, สมัครใหม่, รับข่าวสาร, สตาร์ท`),
  },
  sw: {
    stop: list(`stop, simamisha, sitisha, jiondoe, komesha, acha kutuma, acha kunitumia ujumbe, niondoe,
      sitaki ujumbe`),
    stopMarketing: list(
      `sitisha matangazo, simamisha matangazo, acha matangazo, sitaki matangazo, sitisha promosheni`,
    ),
    start: list(`anza, anza tena, jiunge, jiunge tena, endelea kutuma, rejesha ujumbe`),
  },
} satisfies Record<string, ConsentWords>

export const consentLanguages = Object.keys(consentWords) as ConsentLanguage[]
export type ConsentLanguage = keyof typeof consentWords

function list(words: string): string[] {
  return words.split(/,\s*/)
}
