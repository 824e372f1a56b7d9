import { link, quickReply, type Starter } from './starter.ts'

const stop = 'Reply STOP to opt out'
const parar = 'Responda BAJA para no recibir más'
const sair = 'Responda SAIR para não receber mais'

/** Prices, codes and what ends soon. */
export const offerStarters: Starter[] = [
  {
    id: 'seasonal_sale',
    category: 'MARKETING',
    title: 'Seasonal sale',
    useCase: 'sale discount summer winter picture',
    shape: { media: 'IMAGE', samples: ['Ann', '30%', '31 May'], buttons: [link('sale')] },
    texts: {
      en: {
        body: 'Hello {{1}}, our summer sale has begun: up to {{2}} off until {{3}} in all stores and online.',
        footer: stop,
        buttons: ['Shop the sale'],
      },
      es: {
        body: 'Hola {{1}}, empezaron las rebajas de verano: hasta {{2}} de descuento hasta el {{3}} en tiendas y en línea.',
        footer: parar,
        buttons: ['Ver rebajas'],
      },
      pt_BR: {
        body: 'Olá {{1}}, a liquidação de verão começou: até {{2}} de desconto até {{3}} nas lojas e no site.',
        footer: sair,
        buttons: ['Ver a liquidação'],
      },
      hi: {
        body: 'नमस्ते {{1}}, हमारी गर्मियों की सेल शुरू हो गई है: {{2}} तक सभी दुकानों में {{3}} तक की छूट पाएं।',
        samples: ['अनु', '31 मई', '30%'],
        footer: 'बंद करने के लिए STOP लिखें',
        buttons: ['सेल देखें'],
      },
      id: {
        body: 'Halo {{1}}, obral musim panas dimulai: diskon hingga {{2}} sampai {{3}} di semua toko dan daring.',
        footer: 'Balas BERHENTI untuk berhenti',
        buttons: ['Lihat obral'],
      },
      ar: {
        body: 'مرحباً {{1}}، بدأت تخفيضات الصيف: خصم يصل إلى {{2}} حتى {{3}} في جميع الفروع وعلى الموقع.',
        footer: 'أرسل إيقاف لعدم تلقي الرسائل',
        buttons: ['تسوق الآن'],
      },
    },
  },
  {
    id: 'coupon_for_you',
    category: 'MARKETING',
    title: 'Coupon code',
    useCase: 'coupon discount code copy',
    shape: {
      samples: ['Ann', '25%', '31 May'],
      buttons: [{ type: 'COPY_CODE', example: 'SUMMER25' }, link('shop')],
    },
    texts: {
      en: {
        header: 'A coupon for you',
        body: 'Hello {{1}}, take {{2}} off your next order until {{3}} with the code below. Just copy it and enter it when you pay.',
        footer: stop,
        buttons: ['Go to the shop'],
      },
      es: {
        header: 'Un cupón para usted',
        body: 'Hola {{1}}, llévese {{2}} de descuento en su próximo pedido hasta el {{3}} con el código de abajo. Cópielo y úselo al pagar.',
        footer: parar,
        buttons: ['Ir a la tienda'],
      },
      pt_BR: {
        header: 'Um cupom para você',
        body: 'Olá {{1}}, ganhe {{2}} de desconto no próximo pedido até {{3}} com o código abaixo. Copie e use ao pagar.',
        footer: sair,
        buttons: ['Ir para a loja'],
      },
      id: {
        header: 'Kupon untuk Anda',
        body: 'Halo {{1}}, nikmati potongan {{2}} untuk pesanan berikutnya sampai {{3}} dengan kode di bawah. Salin dan masukkan saat membayar.',
        footer: 'Balas BERHENTI untuk berhenti',
        buttons: ['Ke toko'],
      },
    },
  },
  {
    id: 'weekend_offer',
    category: 'MARKETING',
    title: 'Offer of the weekend',
    useCase: 'limited-time offer countdown picture',
    shape: {
      media: 'IMAGE',
      samples: ['Ann', '25%'],
      hasExpiration: true,
      buttons: [{ type: 'COPY_CODE', example: 'WEEKEND25' }, link('shop')],
    },
    texts: {
      en: {
        offer: 'Expiring offer!',
        body: 'Good news, {{1}}! This weekend all shoes are {{2}} off with your code. Reply STOP to opt out.',
        buttons: ['Shop now'],
      },
      es: {
        offer: '¡Acaba pronto!',
        body: '¡Buenas noticias, {{1}}! Este fin de semana todos los zapatos tienen {{2}} de descuento con su código. Responda BAJA para no recibir más.',
        buttons: ['Comprar ahora'],
      },
    },
  },
  {
    id: 'early_bird',
    category: 'MARKETING',
    title: 'Early bird',
    useCase: 'limited-time offer tickets course booking',
    shape: { samples: ['Ann', 'the spring course', '20%'], buttons: [link('courses/', 'spring')] },
    texts: {
      en: {
        offer: 'Early bird price',
        body: 'Hello {{1}}, book {{2}} this week and pay {{3}} less than later. Reply STOP to opt out.',
        buttons: ['Book my place'],
      },
      pt_BR: {
        offer: 'Preço antecipado',
        body: 'Olá {{1}}, reserve {{2}} nesta semana e pague {{3}} menos do que depois. Responda SAIR para não receber mais.',
        samples: ['Ana', 'o curso de primavera', '20%'],
        buttons: ['Reservar vaga'],
      },
    },
  },
  {
    id: 'free_shipping',
    category: 'MARKETING',
    title: 'Free shipping',
    useCase: 'shop delivery promotion',
    shape: { samples: ['Ann', 'Sunday'], buttons: [link('shop'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, until {{2}} we send every order free of charge, whatever it weighs.',
        'Order something',
        'Stop messages',
      ],
      es: {
        body: 'Hola {{1}}, hasta el {{2}} enviamos todos los pedidos sin costo, pesen lo que pesen.',
        samples: ['Ana', 'domingo'],
        buttons: ['Hacer un pedido', 'Darme de baja'],
      },
      pt_BR: {
        body: 'Olá {{1}}, até {{2}} enviamos todos os pedidos sem custo, seja qual for o peso.',
        samples: ['Ana', 'domingo'],
        buttons: ['Fazer um pedido', 'Sair da lista'],
      },
    },
  },
  {
    id: 'refer_a_friend',
    category: 'MARKETING',
    title: 'Refer a friend',
    useCase: 'referral reward friends',
    shape: { samples: ['Ann', '$10', 'ANN-2041'], buttons: [link('refer/', 'ANN-2041'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, do you like it here? Tell your friends: you both get {{2}} when they order with your word {{3}} for the first time.',
        'Tell a friend',
        'Stop messages',
      ],
      es: [
        'Hola {{1}}, ¿le gusta nuestra tienda? Cuéntelo a sus amigos: ambos reciben {{2}} cuando pidan con su palabra {{3}} por primera vez.',
        'Contarlo',
        'Darme de baja',
      ],
    },
  },
  {
    id: 'members_first',
    category: 'MARKETING',
    title: 'Members go first',
    useCase: 'loyalty early access vip presale',
    shape: { samples: ['Ann', 'Thursday', '9 am'], buttons: [link('members'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, as a member you see our new collection before all others: from {{2}} at {{3}} on, only for you.',
        'Go first',
        'Stop messages',
      ],
    },
  },
  {
    id: 'bundles_as_cards',
    category: 'MARKETING',
    title: 'Bundles as video cards',
    useCase: 'carousel cards video bundle offer',
    shape: {
      samples: ['Ann', 'Sunday'],
      cards: { media: 'VIDEO', buttons: [link('bundles/', 'breakfast')] },
    },
    texts: {
      en: {
        body: 'Hello {{1}}, until {{2}} our bundles cost less than their parts. Reply STOP to hear no more from us.',
        cards: [
          'Breakfast for two: coffee, honey and jam.',
          'Evening for four: pasta, oil and wine glasses.',
        ],
        buttons: ['See the bundle'],
      },
    },
  },
]
