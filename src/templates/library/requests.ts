import { call, link, quickReply, type Starter } from './starter.ts'

/** Requests, repairs and what customers say afterwards. */
export const requestStarters: Starter[] = [
  {
    id: 'request_received',
    category: 'UTILITY',
    title: 'Request received',
    useCase: 'support ticket help desk case',
    shape: { samples: ['Ann', 'T-2041', 'one working day'] },
    texts: {
      en: 'Hello {{1}}, thank you for writing to us. Your request has the number {{2}}, and we will answer within {{3}} at the latest.',
      es: {
        body: 'Hola {{1}}, gracias por escribirnos. Su solicitud tiene el número {{2}} y responderemos en {{3}} como máximo.',
        samples: ['Ana', 'T-2041', 'un día hábil'],
      },
      pt_BR: {
        body: 'Olá {{1}}, obrigado por escrever para nós. Sua solicitação tem o número {{2}} e responderemos em {{3}} no máximo.',
        samples: ['Ana', 'T-2041', 'um dia útil'],
      },
      hi: {
        body: 'नमस्ते {{1}}, हमें लिखने के लिए धन्यवाद। आपके अनुरोध का नंबर {{2}} है और हम {{3}} में उत्तर देंगे।',
        samples: ['अनु', 'T-2041', 'एक कार्य दिवस'],
      },
      id: {
        body: 'Halo {{1}}, terima kasih telah menghubungi kami. Nomor permintaan Anda {{2}} dan kami akan menjawab dalam {{3}} ke depan.',
        samples: ['Ani', 'T-2041', 'satu hari kerja'],
      },
      ar: {
        body: 'مرحباً {{1}}، شكراً لتواصلك معنا. رقم طلبك هو {{2}} وسنرد عليك خلال {{3}} على الأكثر.',
        samples: ['آنا', 'T-2041', 'يوم عمل واحد'],
      },
    },
  },
  {
    id: 'request_update',
    category: 'UTILITY',
    title: 'News about a request',
    useCase: 'support ticket status progress',
    shape: {
      samples: ['Ann', 'T-2041', 'our workshop has your device'],
      buttons: [link('requests/', 'T-2041'), quickReply],
    },
    texts: {
      en: [
        'Hello {{1}}, there is news about your request {{2}} from last week: {{3}}. We will keep you posted.',
        'See details',
        'I have a question',
      ],
      es: {
        body: 'Hola {{1}}, hay novedades sobre su solicitud {{2}} de la semana pasada: {{3}}. Le mantendremos al tanto.',
        samples: ['Ana', 'T-2041', 'el taller tiene su equipo'],
        buttons: ['Ver detalles', 'Tengo una pregunta'],
      },
    },
  },
  {
    id: 'request_solved',
    category: 'UTILITY',
    title: 'Request solved?',
    useCase: 'support ticket close confirm',
    shape: { samples: ['Ann', 'T-2041'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'Hello {{1}}, we believe that your request {{2}} has been solved. Is that so?',
        'Yes, thank you',
        'Not yet',
      ],
      es: [
        'Hola {{1}}, creemos que su solicitud {{2}} ha quedado resuelta. ¿Es así?',
        'Sí, gracias',
        'Todavía no',
      ],
      pt_BR: [
        'Olá {{1}}, acreditamos que sua solicitação {{2}} foi resolvida. Está certo?',
        'Sim, obrigado',
        'Ainda não',
      ],
      hi: ['नमस्ते {{1}}, हमें लगता है कि आपका अनुरोध {{2}} पूरा हो गया है। क्या यह सही है?', 'हाँ, धन्यवाद', 'अभी नहीं'],
      id: [
        'Halo {{1}}, menurut kami permintaan {{2}} Anda sudah selesai. Apakah benar?',
        'Ya, terima kasih',
        'Belum',
      ],
      ar: ['مرحباً {{1}}، نعتقد أن طلبك {{2}} قد تم حله. هل هذا صحيح؟', 'نعم، شكراً', 'ليس بعد'],
    },
  },
  {
    id: 'agent_follow_up',
    category: 'UTILITY',
    title: 'An agent comes back to you',
    useCase: 'support chat reopen window conversation',
    shape: { samples: ['Ann', 'your delivery of 3 May'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'Hello {{1}}, we have an answer to your question about {{2}} now. May we go on here?',
        'Yes, please',
        'Not needed any more',
      ],
      es: {
        body: 'Hola {{1}}, ya tenemos respuesta a su pregunta sobre {{2}} de estos días. ¿Seguimos por aquí?',
        samples: ['Ana', 'la entrega del 3 de mayo'],
        buttons: ['Sí, por favor', 'Ya no hace falta'],
      },
      pt_BR: {
        body: 'Olá {{1}}, já temos uma resposta à sua pergunta sobre {{2}} destes dias. Podemos continuar aqui?',
        samples: ['Ana', 'a entrega de 3 de maio'],
        buttons: ['Sim, por favor', 'Não precisa mais'],
      },
    },
  },
  {
    id: 'visit_feedback',
    category: 'UTILITY',
    title: 'How was your visit?',
    useCase: 'feedback survey satisfaction clinic store',
    shape: { samples: ['Ann', '3 May'], buttons: [quickReply, quickReply, quickReply] },
    texts: {
      en: [
        'Hello {{1}}, you were with us on {{2}} for an appointment. How satisfied were you with it?',
        'Very satisfied',
        'It was all right',
        'Not satisfied',
      ],
      es: [
        'Hola {{1}}, nos visitó el {{2}} por una cita. ¿Qué tan satisfecho quedó con ella?',
        'Muy satisfecho',
        'Estuvo bien',
        'Nada satisfecho',
      ],
      pt_BR: [
        'Olá {{1}}, você esteve conosco em {{2}} para um atendimento. Qual foi o seu grau de satisfação?',
        'Muito satisfeito',
        'Foi razoável',
        'Insatisfeito',
      ],
      id: [
        'Halo {{1}}, Anda mengunjungi kami pada {{2}} untuk janji temu. Seberapa puas Anda dengan layanan kami?',
        'Sangat puas',
        'Cukup baik',
        'Tidak puas',
      ],
    },
  },
  {
    id: 'visit_documents',
    category: 'UTILITY',
    title: 'Papers of a visit',
    useCase: 'clinic vet workshop report document pdf',
    shape: { media: 'DOCUMENT', samples: ['Ann', '3 May'] },
    texts: { en: 'Hello {{1}}, attached you will find the report of your visit on {{2}} as we promised.' },
  },
  {
    id: 'service_outage',
    category: 'UTILITY',
    title: 'Service interruption',
    useCase: 'telecom energy internet maintenance',
    shape: { samples: ['Riverside', '9 am', '2 pm'], buttons: [link('status')] },
    texts: {
      en: [
        'Because of urgent works there will be no service at your address in {{1}} today from {{2}} to {{3}} at the latest. We are sorry for the trouble.',
        'See current state',
      ],
      es: [
        'Por obras urgentes no habrá servicio en su domicilio de {{1}} hoy desde las {{2}} hasta las {{3}} como máximo. Lamentamos las molestias.',
        'Ver el estado',
      ],
      pt_BR: [
        'Devido a obras urgentes não haverá serviço no seu endereço em {{1}} hoje das {{2}} até as {{3}} no máximo. Pedimos desculpas.',
        'Ver a situação',
      ],
    },
  },
  {
    id: 'address_check',
    category: 'UTILITY',
    title: 'Is your address right?',
    useCase: 'delivery address form flow shop',
    shape: {
      samples: ['4711', '12 Hill Street, Springfield'],
      buttons: [quickReply, { type: 'FLOW', flow_name: 'address_form', flow_action: 'navigate' }],
    },
    texts: {
      en: [
        'Before we send your order {{1}} to {{2}} tomorrow, please check that the address is right.',
        'It is right',
        'Change address',
      ],
      es: [
        'Antes de enviar su pedido {{1}} a {{2}} mañana, compruebe por favor que la dirección es correcta.',
        'Es correcta',
        'Cambiar dirección',
      ],
    },
  },
  {
    id: 'repair_done',
    category: 'UTILITY',
    title: 'Repair done',
    useCase: 'workshop car garage device video',
    shape: { media: 'VIDEO', samples: ['Ann', 'bicycle', '$42.00'], buttons: [call] },
    texts: {
      en: [
        'Hello {{1}}, your {{2}} is repaired, as the video shows. The bill comes to {{3}} and you can pick it up from today on.',
        'Call the workshop',
      ],
    },
  },
]
