import { link, quickReply, type Starter } from './starter.ts'

const stop = 'Reply STOP to opt out'
const parar = 'Responda BAJA para no recibir más'
const sair = 'Responda SAIR para não receber mais'

/** News and invitations. */
export const campaignStarters: Starter[] = [
  {
    id: 'welcome_new_customer',
    category: 'MARKETING',
    title: 'Welcome',
    useCase: 'onboarding newsletter first message',
    shape: { samples: ['Ann'], buttons: [link('start'), quickReply] },
    texts: {
      en: [
        'Welcome, {{1}}! We are glad that you are here. Have a look around our shop, and write to us whenever you need advice.',
        'Look around',
        'Stop messages',
      ],
      es: [
        '¡Bienvenida a casa, {{1}}! Nos alegra tenerle aquí. Visite nuestra tienda y escríbanos cuando necesite consejo.',
        'Ver la tienda',
        'Darme de baja',
      ],
      pt_BR: [
        'Boas-vindas, {{1}}! Estamos felizes em ter você aqui. Conheça a nossa loja e escreva quando precisar de ajuda.',
        'Ver a loja',
        'Sair da lista',
      ],
      hi: [
        'आपका स्वागत है, {{1}} जी! हमें खुशी है कि आप यहाँ हैं। हमारी दुकान देखें और सलाह के लिए कभी भी लिखें।',
        'दुकान देखें',
        'संदेश बंद करें',
      ],
      id: [
        'Selamat bergabung, {{1}}! Kami senang Anda ada di sini. Silakan lihat toko kami dan hubungi kami kapan saja untuk saran.',
        'Lihat toko',
        'Berhenti',
      ],
      ar: [
        'أهلاً بك معنا يا {{1}}! يسعدنا انضمامك إلينا. تصفح متجرنا وراسلنا متى احتجت إلى نصيحة.',
        'تصفح المتجر',
        'إيقاف الرسائل',
      ],
    },
  },
  {
    id: 'event_invitation',
    category: 'MARKETING',
    title: 'Invitation to an event',
    useCase: 'store opening party location map',
    shape: {
      media: 'LOCATION',
      samples: ['Ann', '3 May', '6 pm'],
      buttons: [quickReply, quickReply, quickReply],
    },
    texts: {
      en: [
        'Hello {{1}}, we open our new store on {{2}} at {{3}} with music and a drink on the house. Will you come?',
        'I will come',
        'Maybe',
        'Stop messages',
      ],
      es: [
        'Hola {{1}}, abrimos nuestra nueva tienda el {{2}} a las {{3}} con música y una copa por nuestra cuenta. ¿Vendrá?',
        'Iré',
        'Quizás',
        'Darme de baja',
      ],
    },
  },
  {
    id: 'webinar_invitation',
    category: 'MARKETING',
    title: 'Invitation to a webinar',
    useCase: 'b2b online training event',
    shape: {
      samples: ['Ann', 'Bookkeeping made easy', '3 May', '5 pm'],
      buttons: [link('webinars/', 'bookkeeping'), quickReply],
    },
    texts: {
      en: [
        'Hello {{1}}, join our online talk “{{2}}” on {{3}} at {{4}} from wherever you are. Seats are limited and cost nothing.',
        'Save my seat',
        'Stop messages',
      ],
      es: [
        'Hola {{1}}, acompáñenos en la charla en línea «{{2}}» el {{3}} a las {{4}} desde donde esté. Las plazas son limitadas y sin costo.',
        'Reservar plaza',
        'Darme de baja',
      ],
      pt_BR: [
        'Olá {{1}}, participe da nossa palestra on-line “{{2}}” em {{3}} às {{4}} de onde você estiver. As vagas são limitadas e sem custo.',
        'Reservar vaga',
        'Sair da lista',
      ],
    },
  },
  {
    id: 'birthday_wishes',
    category: 'MARKETING',
    title: 'Birthday wishes',
    useCase: 'birthday gift loyalty surprise',
    shape: { media: 'IMAGE', samples: ['Ann', '31 May'], buttons: [link('gift')] },
    texts: {
      en: {
        body: 'Happy birthday, {{1}}! A small gift waits for you in our shop until {{2}} with our best wishes.',
        footer: stop,
        buttons: ['See my gift'],
      },
      es: {
        body: '¡Feliz cumpleaños, {{1}}! Un pequeño regalo le espera en la tienda hasta el {{2}} con nuestros mejores deseos.',
        footer: parar,
        buttons: ['Ver mi regalo'],
      },
      pt_BR: {
        body: 'Feliz aniversário, {{1}}! Um presente espera por você na loja até {{2}} com os nossos melhores votos.',
        footer: sair,
        buttons: ['Ver meu presente'],
      },
    },
  },
  {
    id: 'cart_reminder',
    category: 'MARKETING',
    title: 'Something is in your cart',
    useCase: 'shop abandoned cart checkout',
    shape: { samples: ['Ann', 'Blue shoes'], buttons: [link('cart/', 'c-2041'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, you left {{2}} in your cart. We keep it for you until tomorrow evening.',
        'Go to my cart',
        'Stop messages',
      ],
      es: [
        'Hola {{1}}, dejó {{2}} en su carrito. Se lo guardamos hasta mañana por la noche.',
        'Ir a mi carrito',
        'Darme de baja',
      ],
      pt_BR: [
        'Olá {{1}}, você deixou {{2}} no carrinho. Guardamos para você até amanhã à noite.',
        'Ver meu carrinho',
        'Sair da lista',
      ],
      hi: ['नमस्ते {{1}}, आपके कार्ट में {{2}} रह गया है। हम इसे कल शाम तक आपके लिए रखेंगे।', 'कार्ट देखें', 'संदेश बंद करें'],
      id: [
        'Halo {{1}}, Anda meninggalkan {{2}} di keranjang. Kami simpan untuk Anda sampai besok malam.',
        'Buka keranjang',
        'Berhenti',
      ],
      ar: [
        'مرحباً {{1}}، تركت {{2}} في سلة مشترياتك. سنحتفظ بها لك حتى مساء الغد.',
        'فتح السلة',
        'إيقاف الرسائل',
      ],
    },
  },
  {
    id: 'we_miss_you',
    category: 'MARKETING',
    title: 'We miss you',
    useCase: 'win back inactive customers',
    shape: { samples: ['Ann'], buttons: [link('new'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, it has been a while! Much is new in our shop since your last visit. Shall we show you?',
        'Show me',
        'Stop messages',
      ],
      es: [
        'Hola {{1}}, ¡cuánto tiempo! Hay mucho nuevo en la tienda desde su última visita. ¿Se lo mostramos?',
        'Quiero verlo',
        'Darme de baja',
      ],
    },
  },
  {
    id: 'monthly_news',
    category: 'MARKETING',
    title: 'Monthly news',
    useCase: 'newsletter magazine content',
    shape: {
      media: 'IMAGE',
      samples: ['May', 'how to care for leather shoes'],
      buttons: [link('news/', '2026-05')],
    },
    texts: {
      en: {
        body: 'Our news for {{1}} are here. This time we write about {{2}} and about the people behind our shop.',
        footer: stop,
        buttons: ['Read on'],
      },
      es: {
        body: 'Ya están nuestras noticias de {{1}} para usted. Esta vez hablamos de {{2}} y de las personas de nuestra tienda.',
        samples: ['mayo', 'cómo cuidar el cuero'],
        footer: parar,
        buttons: ['Seguir leyendo'],
      },
    },
  },
  {
    id: 'loyalty_points',
    category: 'MARKETING',
    title: 'Loyalty points',
    useCase: 'loyalty points balance reward club',
    shape: { samples: ['Ann', '420', '31 May'], buttons: [link('points'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, you have collected {{2}} points so far. Those of last year are valid until {{3}} and can be used in every store.',
        'Use my points',
        'Stop messages',
      ],
      hi: [
        'नमस्ते {{1}}, आपने अब तक {{2}} अंक जमा किए हैं। पिछले साल के अंक {{3}} तक मान्य हैं और हर दुकान में चलते हैं।',
        'अंक इस्तेमाल करें',
        'संदेश बंद करें',
      ],
    },
  },
]
