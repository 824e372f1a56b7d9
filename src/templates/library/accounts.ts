import { link, quickReply, type Starter } from './starter.ts'

/** What happens to a customer's account, papers and memberships. */
export const accountStarters: Starter[] = [
  {
    id: 'account_created',
    category: 'UTILITY',
    title: 'Account created',
    useCase: 'sign up registration onboarding',
    shape: { samples: ['Ann', 'ann@example.com'], buttons: [link('account')] },
    texts: {
      en: [
        'Hello {{1}}, your account for {{2}} has been created as you asked. You can complete your profile whenever you like.',
        'Open my account',
      ],
      es: [
        'Hola {{1}}, su cuenta para {{2}} ha sido creada como pidió. Puede completar su perfil cuando quiera.',
        'Abrir mi cuenta',
      ],
      pt_BR: [
        'Olá {{1}}, sua conta para {{2}} foi criada como você pediu. Complete seu perfil quando quiser.',
        'Abrir minha conta',
      ],
      hi: [
        'नमस्ते {{1}}, आपके अनुरोध पर {{2}} के लिए आपका खाता बन गया है। आप जब चाहें अपनी प्रोफ़ाइल पूरी कर सकते हैं।',
        'खाता खोलें',
      ],
      id: [
        'Halo {{1}}, akun Anda untuk {{2}} sudah dibuat sesuai permintaan. Anda dapat melengkapi profil kapan saja.',
        'Buka akun saya',
      ],
      ar: [
        'مرحباً {{1}}، تم إنشاء حسابك للبريد {{2}} كما طلبت. يمكنك إكمال ملفك الشخصي متى شئت.',
        'فتح حسابي',
      ],
    },
  },
  {
    id: 'profile_changed',
    category: 'UTILITY',
    title: 'Profile changed',
    useCase: 'security account settings address',
    shape: { samples: ['Ann', 'e-mail address', '3 May'], buttons: [quickReply] },
    texts: {
      en: [
        'Hello {{1}}, the {{2}} of your account was changed on {{3}} by you. If that was somebody else, tell us at once.',
        'That was not me',
      ],
      es: {
        body: 'Hola {{1}}, se cambió {{2}} de su cuenta el {{3}} a petición suya. Si no fue usted, avísenos enseguida.',
        samples: ['Ana', 'el correo', '3 de mayo'],
        buttons: ['No fui yo'],
      },
      pt_BR: {
        body: 'Olá {{1}}, o {{2}} da sua conta foi alterado em {{3}} a seu pedido. Se não foi você, avise a gente logo.',
        samples: ['Ana', 'e-mail', '3 de maio'],
        buttons: ['Não fui eu'],
      },
    },
  },
  {
    id: 'new_sign_in',
    category: 'UTILITY',
    title: 'New sign-in',
    useCase: 'security alert login device',
    shape: { samples: ['Firefox on Linux', '3 May, 10:30 am'], buttons: [quickReply, quickReply] },
    texts: {
      en: [
        'Your account was opened from a new device: {{1}} on {{2}} local time. Was that you?',
        'Yes, it was me',
        'No, lock it',
      ],
      es: [
        'Se abrió su cuenta desde un dispositivo nuevo: {{1}} el {{2}} hora local. ¿Fue usted?',
        'Sí, fui yo',
        'No, bloquear',
      ],
      pt_BR: [
        'Sua conta foi aberta em um novo aparelho: {{1}} em {{2}} no horário local. Foi você?',
        'Sim, fui eu',
        'Não, bloquear',
      ],
    },
  },
  {
    id: 'document_needed',
    category: 'UTILITY',
    title: 'A document is missing',
    useCase: 'application paperwork insurance bank upload',
    shape: { samples: ['Ann', 'A-2041', 'a proof of address'], buttons: [link('applications/', 'A-2041')] },
    texts: {
      en: [
        'Hello {{1}}, to go on with your application {{2}} we still need {{3}} from you. You can upload it on our website.',
        'Upload document',
      ],
      es: {
        body: 'Hola {{1}}, para continuar con su solicitud {{2}} aún necesitamos {{3}} de su parte. Puede subirlo en nuestra web.',
        samples: ['Ana', 'A-2041', 'un comprobante de domicilio'],
        buttons: ['Subir documento'],
      },
    },
  },
  {
    id: 'application_received',
    category: 'UTILITY',
    title: 'Application received',
    useCase: 'job school loan visa request',
    shape: { samples: ['Ann', 'A-2041', 'two weeks'] },
    texts: {
      en: 'Hello {{1}}, we have received your application. Its number is {{2}}, and you will hear from us within {{3}} at the latest.',
      es: {
        body: 'Hola {{1}}, hemos recibido su solicitud. Su número es {{2}} y tendrá noticias nuestras en {{3}} como máximo.',
        samples: ['Ana', 'A-2041', 'dos semanas'],
      },
      id: {
        body: 'Halo {{1}}, permohonan Anda sudah kami terima. Nomornya {{2}} dan kami akan mengabari dalam {{3}} ke depan.',
        samples: ['Ani', 'A-2041', 'dua minggu'],
      },
    },
  },
  {
    id: 'application_approved',
    category: 'UTILITY',
    title: 'Application approved',
    useCase: 'job school loan visa decision',
    shape: { samples: ['Ann', 'A-2041'], buttons: [link('applications/', 'A-2041'), quickReply] },
    texts: {
      en: [
        'Good news, {{1}}: your application {{2}} has been approved. The next steps are waiting in your account.',
        'See next steps',
        'I have a question',
      ],
      es: [
        'Buenas noticias, {{1}}: su solicitud {{2}} ha sido aprobada. Los próximos pasos le esperan en su cuenta.',
        'Ver los pasos',
        'Tengo una pregunta',
      ],
      pt_BR: [
        'Boas notícias, {{1}}: sua solicitação {{2}} foi aprovada. Os próximos passos estão na sua conta.',
        'Ver os passos',
        'Tenho uma dúvida',
      ],
    },
  },
  {
    id: 'membership_expiring',
    category: 'UTILITY',
    title: 'Membership ends soon',
    useCase: 'gym club subscription policy renewal',
    shape: { samples: ['Ann', '31 May'], buttons: [link('membership'), quickReply] },
    texts: {
      en: [
        'Hello {{1}}, your membership ends on {{2}} this year. If you would like to stay, you can extend it in your account.',
        'Extend it',
        'I have a question',
      ],
      es: [
        'Hola {{1}}, su membresía termina el {{2}} de este año. Si desea continuar, puede ampliarla en su cuenta.',
        'Ampliar',
        'Tengo una pregunta',
      ],
    },
  },
  {
    id: 'policy_issued',
    category: 'UTILITY',
    title: 'Policy issued',
    useCase: 'insurance contract document pdf',
    shape: { media: 'DOCUMENT', samples: ['Ann', 'P-77120', '1 June'] },
    texts: {
      en: 'Hello {{1}}, attached you will find your policy {{2}} as a document. You are covered from {{3}} on, day and night.',
    },
  },
]
