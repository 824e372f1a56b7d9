import type { ConsentLanguage } from './consent-words.ts'

/** What we answer, in the contact's language; a workspace may write its own. */
interface ConsentReplies {
  stopped: string
  stoppedMarketing: string
  started: string
}

export const consentReplies: Record<ConsentLanguage, ConsentReplies> = {
  en: {
    stopped: 'You are unsubscribed and will get no more messages from us. Send START to receive them again.',
    stoppedMarketing: 'You will get no more promotions from us. Send START to receive them again.',
    started: 'Welcome back! You will receive our messages again. Send STOP at any time to end them.',
  },
  es: {
    stopped:
      'Te has dado de baja y no recibirás más mensajes nuestros. Envía START para volver a recibirlos.',
    stoppedMarketing: 'No recibirás más promociones nuestras. Envía START para volver a recibirlas.',
    started:
      '¡Bienvenido de nuevo! Volverás a recibir nuestros mensajes. Envía STOP para dejar de recibirlos.',
  },
  pt: {
    stopped:
      'Você foi descadastrado e não receberá mais mensagens nossas. Envie START para voltar a recebê-las.',
    stoppedMarketing: 'Você não receberá mais promoções nossas. Envie START para voltar a recebê-las.',
    started: 'Bem-vindo de volta! Você voltará a receber nossas mensagens. Envie STOP para parar.',
  },
  fr: {
    stopped:
      'Vous êtes désabonné et ne recevrez plus nos messages. Envoyez START pour les recevoir à nouveau.',
    stoppedMarketing: 'Vous ne recevrez plus nos promotions. Envoyez START pour les recevoir à nouveau.',
    started:
      'Heureux de vous revoir ! Vous recevrez à nouveau nos messages. Envoyez STOP pour ne plus les recevoir.',
  },
  de: {
    stopped:
      'Sie sind abgemeldet und erhalten keine Nachrichten mehr von uns. Mit START erhalten Sie sie wieder.',
    stoppedMarketing: 'Sie erhalten keine Werbung mehr von uns. Mit START erhalten Sie sie wieder.',
    started: 'Willkommen zurück! Sie erhalten unsere Nachrichten wieder. Mit STOP melden Sie sich ab.',
  },
  it: {
    stopped:
      'La tua iscrizione è annullata e non riceverai altri messaggi. Invia START per riceverli di nuovo.',
    stoppedMarketing: 'Non riceverai più le nostre promozioni. Invia START per riceverle di nuovo.',
    started: 'Bentornato! Riceverai di nuovo i nostri messaggi. Invia STOP per non riceverli più.',
  },
  nl: {
    stopped: 'Je bent afgemeld en krijgt geen berichten meer van ons. Stuur START om ze weer te ontvangen.',
    stoppedMarketing: 'Je krijgt geen reclame meer van ons. Stuur START om die weer te ontvangen.',
    started: 'Welkom terug! Je ontvangt onze berichten weer. Stuur STOP om je af te melden.',
  },
  hi: {
    stopped: 'आपकी सदस्यता समाप्त कर दी गई है, अब आपको हमारे संदेश नहीं मिलेंगे। दोबारा पाने के लिए START भेजें।',
    stoppedMarketing: 'अब आपको हमारे प्रचार संदेश नहीं मिलेंगे। दोबारा पाने के लिए START भेजें।',
    started: 'वापसी पर स्वागत है! आपको हमारे संदेश फिर मिलेंगे। बंद करने के लिए STOP भेजें।',
  },
  ar: {
    stopped: 'تم إلغاء اشتراكك ولن تصلك رسائل منا بعد الآن. أرسل START لتلقيها من جديد.',
    stoppedMarketing: 'لن تصلك عروضنا بعد الآن. أرسل START لتلقيها من جديد.',
    started: 'مرحبا بعودتك! ستصلك رسائلنا من جديد. أرسل STOP لإيقافها.',
  },
  id: {
    stopped:
      'Anda telah berhenti berlangganan dan tidak akan menerima pesan kami lagi. Kirim START untuk menerimanya kembali.',
    stoppedMarketing: 'Anda tidak akan menerima promosi kami lagi. Kirim START untuk menerimanya kembali.',
    started: 'Selamat datang kembali! Anda akan menerima pesan kami lagi. Kirim STOP untuk berhenti.',
  },
  tr: {
    stopped: 'Aboneliğiniz sona erdi, bizden artık mesaj almayacaksınız. Yeniden almak için START yazın.',
    stoppedMarketing: 'Bizden artık promosyon mesajı almayacaksınız. Yeniden almak için START yazın.',
    started: 'Tekrar hoş geldiniz! Mesajlarımızı yeniden alacaksınız. Durdurmak için STOP yazın.',
  },
  ru: {
    stopped:
      'Вы отписались и больше не будете получать наши сообщения. Чтобы получать их снова, отправьте START.',
    stoppedMarketing: 'Вы больше не будете получать нашу рекламу. Чтобы получать её снова, отправьте START.',
    started: 'С возвращением! Вы снова будете получать наши сообщения. Чтобы отписаться, отправьте STOP.',
  },
  bn: {
    stopped: 'আপনার সাবস্ক্রিপশন বন্ধ হয়েছে, আপনি আর আমাদের বার্তা পাবেন না। আবার পেতে START পাঠান।',
    stoppedMarketing: 'আপনি আর আমাদের প্রচারমূলক বার্তা পাবেন না। আবার পেতে START পাঠান।',
    started: 'আবার স্বাগতম! আপনি আবার আমাদের বার্তা পাবেন। বন্ধ করতে STOP পাঠান।',
  },
  ur: {
    stopped:
      'آپ کی رکنیت ختم کر دی گئی ہے، اب آپ کو ہمارے پیغامات نہیں ملیں گے۔ دوبارہ پانے کے لیے START بھیجیں۔',
    stoppedMarketing: 'اب آپ کو ہمارے تشہیری پیغامات نہیں ملیں گے۔ دوبارہ پانے کے لیے START بھیجیں۔',
    started: 'خوش آمدید! آپ کو ہمارے پیغامات دوبارہ ملیں گے۔ بند کرنے کے لیے STOP بھیجیں۔',
  },
  zh: {
    stopped: '您已退订，不会再收到我们的消息。如需重新接收，请发送 START。',
    stoppedMarketing: '您不会再收到我们的推广消息。如需重新接收，请发送 START。',
    started: '欢迎回来！您将重新收到我们的消息。如需停止，请发送 STOP。',
  },
  ja: {
    stopped: '配信を停止しました。今後メッセージは届きません。再開するには START と送信してください。',
    stoppedMarketing: 'プロモーションの配信を停止しました。再開するには START と送信してください。',
    started: 'おかえりなさい。メッセージの配信を再開します。停止するには STOP と送信してください。',
  },
  ko: {
    stopped: '수신거부가 완료되어 더 이상 메시지를 보내지 않습니다. 다시 받으시려면 START를 보내 주세요.',
    stoppedMarketing: '더 이상 광고 메시지를 보내지 않습니다. 다시 받으시려면 START를 보내 주세요.',
    started: '다시 오신 것을 환영합니다! 메시지를 다시 보내 드립니다. 중지하려면 STOP을 보내 주세요.',
  },
  vi: {
    stopped: 'Bạn đã hủy đăng ký và sẽ không nhận tin nhắn từ chúng tôi nữa. Gửi START để nhận lại.',
    stoppedMarketing: 'Bạn sẽ không nhận tin khuyến mãi từ chúng tôi nữa. Gửi START để nhận lại.',
    started: 'Chào mừng bạn trở lại! Bạn sẽ lại nhận tin nhắn của chúng tôi. Gửi STOP để dừng.',
  },
  th: {
    stopped: 'คุณยกเลิกการสมัครแล้ว และจะไม่ได้รับข้อความจากเราอีก ส่ง START เพื่อรับอีกครั้ง',
    stoppedMarketing: 'คุณจะไม่ได้รับข้อความโปรโมชั่นจากเราอีก ส่ง START เพื่อรับอีกครั้ง',
    started: 'ยินดีต้อนรับกลับมา! คุณจะได้รับข้อความจากเราอีกครั้ง ส่ง STOP เพื่อหยุดรับ',
  },
  sw: {
    stopped: 'Umejiondoa na hutapokea tena ujumbe wetu. Tuma START ili uupokee tena.',
    stoppedMarketing: 'Hutapokea tena matangazo yetu. Tuma START ili uyapokee tena.',
    started: 'Karibu tena! Utapokea ujumbe wetu tena. Tuma STOP ili kusitisha.',
  },
}
