import { call, link, quickReply, type Starter } from './starter.ts'

/** Money that came, is due or goes back. */
export const paymentStarters: Starter[] = [
  {
    id: 'payment_received',
    category: 'UTILITY',
    title: 'Payment received',
    useCase: 'billing finance receipt thank you',
    shape: { samples: ['Ann', '$42.00', 'INV-2041'], buttons: [link('receipts/', 'INV-2041')] },
    texts: {
      en: [
        'Hello {{1}}, we have received your payment of {{2}} for invoice {{3}} in full. Thank you very much.',
        'View receipt',
      ],
      es: [
        'Hola {{1}}, hemos recibido su pago de {{2}} de la factura {{3}} por completo. Muchas gracias.',
        'Ver recibo',
      ],
      pt_BR: [
        'Olá {{1}}, recebemos o seu pagamento de {{2}} da fatura {{3}} por completo. Muito obrigado.',
        'Ver recibo',
      ],
      hi: {
        body: 'नमस्ते {{1}}, बिल {{2}} के लिए {{3}} का आपका भुगतान हमें मिल गया है। बहुत धन्यवाद।',
        samples: ['अनु', 'INV-2041', '₹420'],
        buttons: ['रसीद देखें'],
      },
      id: [
        'Halo {{1}}, pembayaran sebesar {{2}} untuk tagihan {{3}} sudah kami terima. Terima kasih banyak.',
        'Lihat kuitansi',
      ],
      ar: ['مرحباً {{1}}، استلمنا دفعتك بقيمة {{2}} للفاتورة {{3}} كاملة. شكراً جزيلاً لك.', 'عرض الإيصال'],
    },
  },
  {
    id: 'payment_due',
    category: 'UTILITY',
    title: 'Payment due soon',
    useCase: 'billing finance invoice reminder',
    shape: { samples: ['Ann', 'INV-2041', '$42.00', '10 May'], buttons: [link('pay/', 'INV-2041')] },
    texts: {
      en: [
        'Hello {{1}}, a friendly reminder: invoice {{2}} of {{3}} is due on {{4}} this month. If you have paid already, just ignore this message.',
        'Pay now',
      ],
      es: [
        'Hola {{1}}, un recordatorio amable: la factura {{2}} de {{3}} vence el {{4}} de este mes. Si ya la pagó, ignore este mensaje.',
        'Pagar ahora',
      ],
      pt_BR: [
        'Olá {{1}}, um lembrete: a fatura {{2}} de {{3}} vence em {{4}} deste mês. Se já pagou, por favor desconsidere esta mensagem.',
        'Pagar agora',
      ],
      id: [
        'Halo {{1}}, sekadar mengingatkan: tagihan {{2}} sebesar {{3}} jatuh tempo pada {{4}} bulan ini. Abaikan pesan ini bila Anda sudah membayar.',
        'Bayar sekarang',
      ],
    },
  },
  {
    id: 'payment_failed',
    category: 'UTILITY',
    title: 'Payment failed',
    useCase: 'billing card declined subscription',
    shape: { samples: ['Ann', '$42.00'], buttons: [link('billing'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, your payment of {{2}} did not go through. Please check your payment method in your account.',
        'Check payment',
        'I need help',
      ],
      es: [
        'Hola {{1}}, su pago de {{2}} no se pudo realizar. Revise por favor el método de pago en su cuenta.',
        'Revisar pago',
        'Necesito ayuda',
      ],
      pt_BR: [
        'Olá {{1}}, seu pagamento de {{2}} não foi concluído. Verifique a forma de pagamento na sua conta.',
        'Verificar',
        'Preciso de ajuda',
      ],
    },
  },
  {
    id: 'refund_issued',
    category: 'UTILITY',
    title: 'Refund issued',
    useCase: 'billing money back return',
    shape: { samples: ['$42.00', '4711'] },
    texts: {
      en: 'We have refunded {{1}} for your order {{2}} today. Depending on your bank it takes up to five working days.',
      es: 'Hoy hemos reembolsado {{1}} por su pedido {{2}} a su cuenta. Según su banco puede tardar hasta cinco días hábiles.',
      pt_BR:
        'Hoje reembolsamos {{1}} do seu pedido {{2}} para a sua conta. Dependendo do banco, leva até cinco dias úteis.',
      ar: 'قمنا اليوم بإعادة مبلغ {{1}} عن طلبك رقم {{2}} إلى حسابك. قد يستغرق الأمر خمسة أيام عمل.',
    },
  },
  {
    id: 'renewal_notice',
    category: 'UTILITY',
    title: 'Subscription renews',
    useCase: 'billing subscription plan yearly',
    shape: { samples: ['Ann', 'Basic', '10 May', '$9.00'], buttons: [link('account/plan'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, your plan {{2}} renews on {{3}} for {{4}} as agreed. You can change or end it in your account at any time.',
        'Manage plan',
        'I have a question',
      ],
      es: [
        'Hola {{1}}, su plan {{2}} se renueva el {{3}} por {{4}} como se acordó. Puede cambiarlo o terminarlo en su cuenta cuando quiera.',
        'Gestionar plan',
        'Tengo una pregunta',
      ],
      pt_BR: [
        'Olá {{1}}, seu plano {{2}} renova em {{3}} por {{4}} conforme combinado. Você pode mudar ou encerrar na sua conta quando quiser.',
        'Gerenciar plano',
        'Tenho uma dúvida',
      ],
    },
  },
  {
    id: 'invoice_ready',
    category: 'UTILITY',
    title: 'Monthly invoice',
    useCase: 'billing document pdf telecom energy',
    shape: { media: 'DOCUMENT', samples: ['Ann', 'April', '$42.00', '10 May'] },
    texts: {
      en: 'Hello {{1}}, attached is your invoice for {{2}} over {{3}} in total. It is due on {{4}} by bank transfer or card.',
      es: {
        body: 'Hola {{1}}, adjuntamos su factura de {{2}} por {{3}} en total. Vence el {{4}} por transferencia o tarjeta.',
        samples: ['Ana', 'abril', '42,00 €', '10 de mayo'],
      },
      pt_BR: {
        body: 'Olá {{1}}, segue sua fatura de {{2}} no valor de {{3}} no total. Ela vence em {{4}} por transferência ou cartão.',
        samples: ['Ana', 'abril', 'R$ 42,00', '10 de maio'],
      },
    },
  },
  {
    id: 'statement_ready',
    category: 'UTILITY',
    title: 'Statement ready',
    useCase: 'bank finance account monthly',
    shape: { samples: ['Ann', 'April'], buttons: [link('statements/', '2026-04')] },
    texts: {
      en: [
        'Hello {{1}}, your account statement for {{2}} is ready for you in our app and on our website.',
        'Open statement',
      ],
      hi: ['नमस्ते {{1}}, महीने {{2}} का आपका खाता विवरण हमारे ऐप और वेबसाइट पर तैयार है।', 'विवरण खोलें'],
    },
  },
  {
    id: 'quote_ready',
    category: 'UTILITY',
    title: 'Quote ready',
    useCase: 'insurance trade estimate proposal',
    shape: { media: 'DOCUMENT', samples: ['Ann', 'a new kitchen', '31 May'], buttons: [quickReply, call] },
    texts: {
      en: [
        'Hello {{1}}, here is the quote for {{2}} that you asked for. It holds until {{3}} and we gladly answer your questions.',
        'I have a question',
        'Call us',
      ],
      es: [
        'Hola {{1}}, aquí está el presupuesto de {{2}} que nos pidió. Es válido hasta el {{3}} y con gusto aclaramos dudas.',
        'Tengo una pregunta',
        'Llamar',
      ],
    },
  },
]
