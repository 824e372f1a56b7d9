import { link, quickReply, type Starter } from './starter.ts'

const stop = 'Reply STOP to opt out'
const parar = 'Responda BAJA para no recibir más'
const sair = 'Responda SAIR para não receber mais'

/** Products: pictures, videos, catalogs and cards. */
export const productStarters: Starter[] = [
  {
    id: 'new_arrivals',
    category: 'MARKETING',
    title: 'New arrivals',
    useCase: 'fashion shop collection picture',
    shape: { media: 'IMAGE', samples: ['Ann', 'summer shoes'], buttons: [link('new')] },
    texts: {
      en: {
        body: 'Hello {{1}}, our {{2}} have just arrived and wait for you in the shop and online.',
        footer: stop,
        buttons: ['See what is new'],
      },
      es: {
        body: 'Hola {{1}}, acaban de llegar nuestras {{2}} y le esperan en la tienda y en línea.',
        samples: ['Ana', 'sandalias de verano'],
        footer: parar,
        buttons: ['Ver novedades'],
      },
      pt_BR: {
        body: 'Olá {{1}}, nossas {{2}} acabaram de chegar e esperam por você na loja e no site.',
        samples: ['Ana', 'sandálias de verão'],
        footer: sair,
        buttons: ['Ver novidades'],
      },
      id: {
        body: 'Halo {{1}}, koleksi {{2}} kami baru saja tiba dan menunggu Anda di toko maupun daring.',
        samples: ['Ani', 'sepatu musim panas'],
        footer: 'Balas BERHENTI untuk berhenti',
        buttons: ['Lihat yang baru'],
      },
    },
  },
  {
    id: 'product_video',
    category: 'MARKETING',
    title: 'A product in motion',
    useCase: 'launch video demo',
    shape: { media: 'VIDEO', samples: ['Ann'], buttons: [link('products/trail-shoe')] },
    texts: {
      en: {
        body: 'Hello {{1}}, this is our new trail shoe, on the mountain it was made for. Which path will you take with it?',
        footer: stop,
        buttons: ['See the shoe'],
      },
    },
  },
  {
    id: 'browse_catalog',
    category: 'MARKETING',
    title: 'Browse our catalog',
    useCase: 'catalog shop products browse',
    shape: { samples: ['Ann'], buttons: [{ type: 'CATALOG' }] },
    texts: {
      en: {
        body: 'Hello {{1}}, you can now browse all our products right here in the chat and put together an order.',
        footer: stop,
        buttons: ['View catalog'],
      },
      es: {
        body: 'Hola {{1}}, ahora puede ver todos nuestros productos aquí en el chat y preparar su pedido.',
        footer: parar,
        buttons: ['Ver catálogo'],
      },
      pt_BR: {
        body: 'Olá {{1}}, agora você pode ver todos os nossos produtos aqui na conversa e montar seu pedido.',
        footer: sair,
        buttons: ['Ver catálogo'],
      },
    },
  },
  {
    id: 'picked_for_you',
    category: 'MARKETING',
    title: 'Picked for you',
    useCase: 'products list recommendation catalog',
    shape: { samples: ['Ann'], buttons: [{ type: 'MPM' }] },
    texts: {
      en: {
        header: 'Picked for you',
        body: 'Hello {{1}}, we went through our shelves and put together a few things that may suit you.',
        footer: stop,
        buttons: ['View items'],
      },
    },
  },
  {
    id: 'three_novelties',
    category: 'MARKETING',
    title: 'Three novelties as cards',
    useCase: 'carousel cards pictures collection',
    shape: {
      samples: ['Ann'],
      cards: { media: 'IMAGE', buttons: [link('products/', 'blue-shoes'), quickReply] },
    },
    texts: {
      en: {
        body: 'Hello {{1}}, these three came in this week. Reply STOP to hear no more from us.',
        cards: [
          'Blue shoes of soft leather, made to walk far.',
          'Red shoes for evenings, light as a feather.',
          'Green boots that keep the rain out.',
        ],
        buttons: ['Have a look', 'Tell me more'],
      },
      es: {
        body: 'Hola {{1}}, estos tres llegaron esta semana. Responda BAJA para no recibir más mensajes.',
        cards: [
          'Zapatos azules de cuero suave, para andar lejos.',
          'Zapatos rojos para la noche, ligeros como pluma.',
          'Botas verdes que no dejan pasar la lluvia.',
        ],
        buttons: ['Echar un vistazo', 'Cuénteme más'],
      },
    },
  },
]
