import { call, link, quickReply, type Starter } from './starter.ts'

/** Dates, bookings and visits. */
export const appointmentStarters: Starter[] = [
  {
    id: 'appointment_confirmed',
    category: 'UTILITY',
    title: 'Appointment confirmed',
    useCase: 'clinic salon service calendar booking',
    shape: { samples: ['Ann', '3 May', '10:30 am'], buttons: [quickReply] },
    texts: {
      en: [
        'Hello {{1}}, your appointment on {{2}} at {{3}} is confirmed. We look forward to seeing you.',
        'Change the date',
      ],
      es: [
        'Hola {{1}}, su cita del {{2}} a las {{3}} está confirmada. Será un placer atenderle.',
        'Cambiar la fecha',
      ],
      pt_BR: [
        'Olá {{1}}, seu horário em {{2}} às {{3}} está confirmado. Será um prazer receber você.',
        'Mudar a data',
      ],
      hi: ['नमस्ते {{1}}, {{2}} को {{3}} बजे आपकी अपॉइंटमेंट पक्की हो गई है। हम आपकी प्रतीक्षा करेंगे।', 'तारीख बदलें'],
      id: [
        'Halo {{1}}, janji temu Anda pada {{2}} pukul {{3}} sudah terkonfirmasi. Sampai bertemu di tempat kami.',
        'Ubah tanggal',
      ],
      ar: ['مرحباً {{1}}، تم تأكيد موعدك يوم {{2}} في الساعة {{3}} ونتطلع إلى استقبالك.', 'تغيير الموعد'],
    },
  },
  {
    id: 'appointment_reminder',
    category: 'UTILITY',
    title: 'Appointment reminder',
    useCase: 'clinic salon service calendar no-show',
    shape: { samples: ['Ann', 'tomorrow', '10:30 am'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'Hello {{1}}, this is a reminder of your appointment {{2}} at {{3}} with us. Will you be there?',
        'Yes, I will',
        'I cannot come',
      ],
      es: {
        body: 'Hola {{1}}, le recordamos su cita de {{2}} a las {{3}} con nosotros. ¿Podrá venir?',
        samples: ['Ana', 'mañana', '10:30'],
        buttons: ['Sí, iré', 'No puedo ir'],
      },
      pt_BR: {
        body: 'Olá {{1}}, lembramos do seu horário de {{2}} às {{3}} conosco. Você vem?',
        samples: ['Ana', 'amanhã', '10:30'],
        buttons: ['Sim, vou', 'Não posso ir'],
      },
      hi: {
        body: 'नमस्ते {{1}}, {{2}} को {{3}} बजे हमारे यहाँ आपकी अपॉइंटमेंट की याद दिला रहे हैं। क्या आप आएंगे?',
        samples: ['अनु', '3 मई', '10:30'],
        buttons: ['हाँ, आऊँगा', 'नहीं आ सकता'],
      },
      id: {
        body: 'Halo {{1}}, kami ingatkan janji temu Anda {{2}} pukul {{3}} di tempat kami. Apakah Anda akan datang?',
        samples: ['Ani', 'besok', '10.30'],
        buttons: ['Ya, saya datang', 'Tidak bisa datang'],
      },
      ar: {
        body: 'مرحباً {{1}}، نذكرك بموعدك معنا {{2}} في الساعة {{3}} كما اتفقنا. هل ستأتي؟',
        samples: ['آنا', 'غداً', '10:30'],
        buttons: ['نعم، سآتي', 'لا أستطيع الحضور'],
      },
    },
  },
  {
    id: 'appointment_moved',
    category: 'UTILITY',
    title: 'Appointment moved',
    useCase: 'clinic salon reschedule new date',
    shape: { samples: ['Ann', '5 May', '2 pm'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'Hello {{1}}, we had to move your appointment to {{2}} at {{3}} and are sorry for the trouble. Does that suit you?',
        'Yes, it does',
        'Another time',
      ],
      es: [
        'Hola {{1}}, tuvimos que mover su cita al {{2}} a las {{3}} y lamentamos las molestias. ¿Le viene bien?',
        'Sí, me viene bien',
        'Otra hora',
      ],
      pt_BR: [
        'Olá {{1}}, precisamos mudar seu horário para {{2}} às {{3}} e pedimos desculpas pelo incômodo. Serve para você?',
        'Sim, serve',
        'Outro horário',
      ],
    },
  },
  {
    id: 'appointment_cancelled',
    category: 'UTILITY',
    title: 'Appointment cancelled',
    useCase: 'clinic salon calendar',
    shape: { samples: ['Ann', '3 May'], buttons: [quickReply] },
    texts: {
      en: [
        'Hello {{1}}, your appointment on {{2}} has been cancelled. Tell us whenever you would like a new one.',
        'Find a new date',
      ],
      es: [
        'Hola {{1}}, su cita del {{2}} ha sido cancelada. Díganos cuando quiera una nueva.',
        'Buscar otra fecha',
      ],
      pt_BR: [
        'Olá {{1}}, seu horário em {{2}} foi cancelado. Fale conosco quando quiser um novo.',
        'Buscar nova data',
      ],
    },
  },
  {
    id: 'stay_confirmed',
    category: 'UTILITY',
    title: 'Stay confirmed',
    useCase: 'hotel travel booking location map',
    shape: { media: 'LOCATION', samples: ['Ann', '3 May', 'HX-204'], buttons: [link('bookings/', 'HX-204')] },
    texts: {
      en: [
        'Hello {{1}}, we are happy to host you from {{2}} on. Your booking number is {{3}}, and above is the way to us.',
        'View booking',
      ],
      es: [
        'Hola {{1}}, nos alegra recibirle a partir del {{2}} en nuestra casa. Su reserva es la {{3}}, y arriba está el mapa.',
        'Ver reserva',
      ],
      pt_BR: [
        'Olá {{1}}, é um prazer receber você a partir de {{2}} em nossa casa. Sua reserva é {{3}}, e acima está o mapa.',
        'Ver reserva',
      ],
      id: [
        'Halo {{1}}, kami senang menyambut Anda mulai {{2}} di tempat kami. Nomor pemesanan Anda {{3}}, dan peta ada di atas.',
        'Lihat pemesanan',
      ],
    },
  },
  {
    id: 'checkin_open',
    category: 'UTILITY',
    title: 'Check-in is open',
    useCase: 'airline travel flight boarding pass',
    shape: { samples: ['Ann', 'LH 454', '3 May'], buttons: [link('checkin/', 'X7Y2Z9')] },
    texts: {
      en: [
        'Hello {{1}}, check-in for your flight {{2}} on {{3}} is open now. You can choose your seat until two hours before departure.',
        'Check in',
      ],
      es: [
        'Hola {{1}}, ya puede facturar para su vuelo {{2}} del {{3}} con nosotros. Elija asiento hasta dos horas antes de la salida.',
        'Facturar',
      ],
      pt_BR: [
        'Olá {{1}}, o check-in do seu voo {{2}} em {{3}} já está aberto. Escolha seu assento até duas horas antes da partida.',
        'Fazer check-in',
      ],
    },
  },
  {
    id: 'table_reserved',
    category: 'UTILITY',
    title: 'Table reserved',
    useCase: 'restaurant reservation dinner',
    shape: { samples: ['Ann', 'four', '3 May', '8 pm'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'Hello {{1}}, your table for {{2}} people on {{3}} at {{4}} is reserved. Please tell us if your plans change.',
        'See you there',
        'Cancel the table',
      ],
      es: {
        body: 'Hola {{1}}, su mesa para {{2}} personas el {{3}} a las {{4}} está reservada. Avísenos si cambian sus planes.',
        samples: ['Ana', 'cuatro', '3 de mayo', '20:00'],
        buttons: ['Allí estaremos', 'Cancelar la mesa'],
      },
      pt_BR: {
        body: 'Olá {{1}}, sua mesa para {{2}} pessoas em {{3}} às {{4}} está reservada. Avise se os planos mudarem.',
        samples: ['Ana', 'quatro', '3 de maio', '20h'],
        buttons: ['Até lá', 'Cancelar a mesa'],
      },
    },
  },
  {
    id: 'class_reminder',
    category: 'UTILITY',
    title: 'Class reminder',
    useCase: 'school course gym education lesson',
    shape: { samples: ['Yoga for beginners', '6 pm', 'room 2'], buttons: [quickReply] },
    texts: {
      en: [
        'Your class {{1}} starts today at {{2}} in {{3}} as usual. Please come ten minutes early.',
        'I cannot come',
      ],
      es: [
        'Su clase {{1}} empieza hoy a las {{2}} en la {{3}} como siempre. Llegue diez minutos antes, por favor.',
        'No puedo ir',
      ],
    },
  },
  {
    id: 'event_ticket',
    category: 'UTILITY',
    title: 'Ticket for an event',
    useCase: 'concert conference ticket picture qr',
    shape: { media: 'IMAGE', samples: ['Ann', 'Open Air Berlin', '3 May'] },
    texts: {
      en: 'Hello {{1}}, here is your ticket for {{2}} on {{3}} as a picture. Show it at the entrance, on paper or on your phone.',
      es: 'Hola {{1}}, aquí tiene su entrada para {{2}} del {{3}} como imagen. Muéstrela en la puerta, en papel o en el móvil.',
      pt_BR:
        'Olá {{1}}, aqui está seu ingresso para {{2}} em {{3}} como imagem. Mostre na entrada, no papel ou no celular.',
    },
  },
  {
    id: 'technician_on_way',
    category: 'UTILITY',
    title: 'Technician on the way',
    useCase: 'repair installation home service visit',
    shape: { samples: ['Ben', '25'], buttons: [call] },
    texts: {
      en: [
        'Our technician {{1}} is on the way to you and will arrive in about {{2}} minutes.',
        'Call the technician',
      ],
      es: ['Nuestro técnico {{1}} va de camino y llegará en unos {{2}} minutos.', 'Llamar al técnico'],
      pt_BR: [
        'Nosso técnico {{1}} está a caminho e chegará em cerca de {{2}} minutos.',
        'Ligar para o técnico',
      ],
      hi: ['हमारे तकनीशियन {{1}} आपके पास आ रहे हैं और लगभग {{2}} मिनट में पहुँच जाएंगे।', 'कॉल करें'],
    },
  },
]
