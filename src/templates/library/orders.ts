import { call, link, quickReply, type Starter } from './starter.ts'

const track = link('orders/', '4711')

/** From the order to the door. */
export const orderStarters: Starter[] = [
  {
    id: 'order_confirmed',
    category: 'UTILITY',
    title: 'Order confirmed',
    useCase: 'shop e-commerce receipt purchase',
    shape: { samples: ['Ann', '4711', '$42.00'], buttons: [track] },
    texts: {
      en: [
        'Hello {{1}}, thank you for your order {{2}}. The total is {{3}}, and we will tell you as soon as it ships.',
        'View order',
      ],
      es: [
        'Hola {{1}}, gracias por su pedido {{2}}. El total es de {{3}} y le avisaremos en cuanto salga de nuestro almacén.',
        'Ver pedido',
      ],
      pt_BR: [
        'Olá {{1}}, obrigado pelo seu pedido {{2}}. O total é de {{3}} e avisaremos assim que ele for enviado.',
        'Ver pedido',
      ],
      hi: ['नमस्ते {{1}}, आपके ऑर्डर {{2}} के लिए धन्यवाद। कुल राशि {{3}} है और भेजे जाते ही हम आपको बताएंगे।', 'ऑर्डर देखें'],
      id: [
        'Halo {{1}}, terima kasih atas pesanan {{2}}. Totalnya {{3}} dan kami akan mengabari Anda begitu dikirim.',
        'Lihat pesanan',
      ],
      ar: [
        'مرحباً {{1}}، شكراً لطلبك رقم {{2}}. المبلغ الإجمالي {{3}} وسنخبرك فور شحن الطلب إليك.',
        'عرض الطلب',
      ],
    },
  },
  {
    id: 'order_shipped',
    category: 'UTILITY',
    title: 'Order shipped',
    useCase: 'shop e-commerce delivery tracking',
    shape: { samples: ['Ann', '4711', 'Friday, 3 May'], buttons: [track] },
    texts: {
      en: [
        'Hello {{1}}, your order {{2}} has left our warehouse. It should be with you by {{3}} at the latest.',
        'Track order',
      ],
      es: [
        'Hola {{1}}, su pedido {{2}} ha salido de nuestro almacén. Debería recibirlo antes del {{3}} a más tardar.',
        'Seguir pedido',
      ],
      pt_BR: [
        'Olá {{1}}, seu pedido {{2}} saiu do nosso depósito. Ele deve chegar até {{3}} no máximo.',
        'Rastrear pedido',
      ],
      hi: [
        'नमस्ते {{1}}, आपका ऑर्डर {{2}} हमारे गोदाम से निकल चुका है। यह {{3}} तक आपके पास पहुँच जाएगा।',
        'ऑर्डर ट्रैक करें',
      ],
      id: [
        'Halo {{1}}, pesanan {{2}} sudah berangkat dari gudang kami. Pesanan akan tiba paling lambat {{3}} di alamat Anda.',
        'Lacak pesanan',
      ],
      ar: [
        'مرحباً {{1}}، غادر طلبك رقم {{2}} مستودعنا. من المتوقع أن يصل إليك قبل {{3}} على أبعد تقدير.',
        'تتبع الطلب',
      ],
    },
  },
  {
    id: 'out_for_delivery',
    category: 'UTILITY',
    title: 'Out for delivery today',
    useCase: 'courier delivery shipping parcel',
    shape: { samples: ['4711', '2 pm and 4 pm'], buttons: [track, call] },
    texts: {
      en: [
        'Your order {{1}} is on its way and will reach you today between {{2}}. Please keep your phone at hand.',
        'Follow live',
        'Call the courier',
      ],
      es: [
        'Su pedido {{1}} está en camino y llegará hoy entre las {{2}}. Tenga el teléfono a mano, por favor.',
        'Seguir en vivo',
        'Llamar al repartidor',
      ],
      pt_BR: [
        'Seu pedido {{1}} está a caminho e chegará hoje entre {{2}}. Mantenha o telefone por perto, por favor.',
        'Acompanhar',
        'Ligar',
      ],
      hi: [
        'आपका ऑर्डर {{1}} रास्ते में है और आज {{2}} के बीच आप तक पहुँचेगा। कृपया अपना फ़ोन पास रखें।',
        'लाइव देखें',
        'कॉल करें',
      ],
      id: [
        'Pesanan {{1}} sedang dalam perjalanan dan tiba hari ini antara {{2}}. Mohon pastikan ponsel Anda aktif.',
        'Pantau langsung',
        'Telepon kurir',
      ],
      ar: [
        'طلبك رقم {{1}} في الطريق وسيصل إليك اليوم بين {{2}}. يرجى إبقاء هاتفك قريباً منك.',
        'تتبع مباشر',
        'اتصل بالمندوب',
      ],
    },
  },
  {
    id: 'order_delivered',
    category: 'UTILITY',
    title: 'Order delivered',
    useCase: 'shop delivery proof arrived',
    shape: { samples: ['4711', '3:12 pm'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'Your order {{1}} was delivered at {{2}} today. Has everything arrived as it should?',
        'Yes, all is fine',
        'Something is wrong',
      ],
      es: [
        'Su pedido {{1}} fue entregado a las {{2}} de hoy. ¿Ha llegado todo como debía?',
        'Sí, todo bien',
        'Hay un problema',
      ],
      pt_BR: [
        'Seu pedido {{1}} foi entregue às {{2}} de hoje. Chegou tudo como deveria?',
        'Sim, tudo certo',
        'Há um problema',
      ],
      hi: [
        'आपका ऑर्डर {{1}} आज {{2}} पर पहुँचा दिया गया है। क्या सब कुछ ठीक से मिला?',
        'हाँ, सब ठीक है',
        'कुछ समस्या है',
      ],
      id: [
        'Pesanan {{1}} sudah diterima pukul {{2}} hari ini. Apakah semuanya tiba dengan baik?',
        'Ya, semuanya baik',
        'Ada masalah',
      ],
      ar: [
        'تم تسليم طلبك رقم {{1}} في الساعة {{2}} اليوم. هل وصل كل شيء كما يجب؟',
        'نعم، كل شيء بخير',
        'توجد مشكلة',
      ],
    },
  },
  {
    id: 'order_delayed',
    category: 'UTILITY',
    title: 'Order delayed',
    useCase: 'shop delivery late apology',
    shape: { samples: ['Ann', '4711', 'Monday, 6 May'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'Hello {{1}}, we are sorry: your order {{2}} takes longer than planned. The new date is {{3}}. Is that all right for you?',
        'That is fine',
        'Cancel my order',
      ],
      es: [
        'Hola {{1}}, lo sentimos: su pedido {{2}} tarda más de lo previsto. La nueva fecha es el {{3}}. ¿Le parece bien?',
        'Está bien',
        'Cancelar pedido',
      ],
      pt_BR: [
        'Olá {{1}}, pedimos desculpas: seu pedido {{2}} vai demorar mais que o previsto. A nova data é {{3}}. Tudo bem para você?',
        'Tudo bem',
        'Cancelar pedido',
      ],
    },
  },
  {
    id: 'order_cancelled',
    category: 'UTILITY',
    title: 'Order cancelled',
    useCase: 'shop refund stop order',
    shape: { samples: ['4711', '$42.00', 'five working days'] },
    texts: {
      en: 'Your order {{1}} has been cancelled as you wished. The amount of {{2}} will be back on your account within {{3}} from now.',
      es: {
        body: 'Su pedido {{1}} ha sido cancelado como usted pidió. El importe de {{2}} volverá a su cuenta en un plazo de {{3}} desde hoy.',
        samples: ['4711', '42,00 €', 'cinco días hábiles'],
      },
      pt_BR: {
        body: 'Seu pedido {{1}} foi cancelado como você pediu. O valor de {{2}} voltará para a sua conta em até {{3}} a partir de hoje.',
        samples: ['4711', 'R$ 42,00', 'cinco dias úteis'],
      },
    },
  },
  {
    id: 'pickup_ready',
    category: 'UTILITY',
    title: 'Ready for pick-up',
    useCase: 'shop store click and collect',
    shape: { media: 'LOCATION', samples: ['4711', '8 pm', 'A-204'], buttons: [quickReply] },
    texts: {
      en: [
        'Your order {{1}} is ready for you. Our store is open until {{2}} today; please show the pick-up number {{3}} at the counter.',
        'I am on my way',
      ],
      es: [
        'Su pedido {{1}} está listo. La tienda abre hoy hasta las {{2}}; muestre el número de recogida {{3}} en el mostrador.',
        'Voy en camino',
      ],
      pt_BR: [
        'Seu pedido {{1}} está pronto para você. A loja fica aberta hoje até as {{2}}; mostre o número {{3}} no balcão de retirada.',
        'Estou a caminho',
      ],
    },
  },
  {
    id: 'return_received',
    category: 'UTILITY',
    title: 'Return received',
    useCase: 'shop return refund exchange',
    shape: { samples: ['Ann', '4711', '$42.00'] },
    texts: {
      en: 'Hello {{1}}, we have received what you sent back from order {{2}}. We will refund {{3}} to you within five working days.',
      es: 'Hola {{1}}, hemos recibido la devolución de su pedido {{2}}. Le reembolsaremos {{3}} en un plazo de cinco días hábiles.',
      pt_BR:
        'Olá {{1}}, recebemos a devolução do seu pedido {{2}}. Vamos reembolsar {{3}} para você em até cinco dias úteis.',
    },
  },
  {
    id: 'delivery_missed',
    category: 'UTILITY',
    title: 'Delivery missed',
    useCase: 'courier parcel new date reschedule',
    shape: { samples: ['4711', '4 pm'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'We tried to deliver your order {{1}} at {{2}} today and found nobody at home. When shall we come again?',
        'Tomorrow',
        'Leave it at the shop',
      ],
      es: [
        'Intentamos entregar su pedido {{1}} a las {{2}} de hoy y no había nadie en casa. ¿Cuándo volvemos?',
        'Mañana',
        'Dejarlo en la tienda',
      ],
      pt_BR: [
        'Tentamos entregar seu pedido {{1}} às {{2}} de hoje e não havia ninguém em casa. Quando voltamos?',
        'Amanhã',
        'Deixar na loja',
      ],
    },
  },
  {
    id: 'order_invoice',
    category: 'UTILITY',
    title: 'Invoice of an order',
    useCase: 'shop bill receipt document pdf',
    shape: { media: 'DOCUMENT', samples: ['Ann', '4711'] },
    texts: {
      en: 'Hello {{1}}, attached you will find the invoice of your order {{2}} for your records.',
      es: 'Hola {{1}}, adjuntamos la factura de su pedido {{2}} para que la guarde.',
      pt_BR: 'Olá {{1}}, segue em anexo a nota fiscal do seu pedido {{2}} para o seu controle.',
      id: 'Halo {{1}}, terlampir faktur untuk pesanan {{2}} sebagai arsip Anda.',
    },
  },
  {
    id: 'item_unavailable',
    category: 'UTILITY',
    title: 'An item is not available',
    useCase: 'shop stock replacement',
    shape: { samples: ['4711', 'Blue shoes, size 39'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'We are sorry: in your order {{1}} the item {{2}} is no longer available. What would you like us to do?',
        'Send the rest',
        'Call me',
      ],
    },
  },
]
