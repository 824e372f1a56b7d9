/** One message of each kind, as Meta's reference shows them. */
export const menu = {
  type: 'list',
  header: { type: 'text', text: 'Menu' },
  body: { text: 'Dishes of the day for {{contact.first_name | "you"}}' },
  footer: { text: 'Until 3 pm' },
  action: {
    button: 'Choose',
    sections: [
      { title: 'Warm', rows: [{ id: 'soup', title: 'Soup', description: 'Of lentils' }] },
      { title: 'Cold', rows: [{ id: 'salad', title: 'Salad' }] },
    ],
  },
}
const link = 'https://example.com/a.png'

export const blockExamples = [
  menu,
  {
    type: 'voice_call',
    body: { text: 'Shall we talk?' },
    action: { name: 'voice_call', parameters: { display_text: 'Call us', ttl_minutes: 60 } },
  },
  {
    type: 'button',
    header: { type: 'image', image: { link } },
    body: { text: 'Shall we?' },
    action: {
      buttons: [
        { type: 'reply', reply: { id: 'yes', title: 'Yes' } },
        { type: 'reply', reply: { id: 'no', title: 'No' } },
      ],
    },
  },
  {
    type: 'flow',
    header: { type: 'text', text: 'Booking' },
    body: { text: 'Book a table' },
    footer: { text: 'A minute' },
    action: {
      name: 'flow',
      parameters: {
        flow_message_version: '3',
        flow_id: '77',
        flow_cta: 'Book',
        mode: 'published',
        flow_action: 'navigate',
        flow_action_payload: { screen: 'BOOK', data: { name: '{{contact.first_name | "you"}}' } },
      },
    },
  },
  {
    type: 'cta_url',
    body: { text: 'Look' },
    action: { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://example.com' } },
  },
  { type: 'location_request_message', body: { text: 'Where are you?' }, action: { name: 'send_location' } },
  {
    type: 'address_message',
    body: { text: 'Where to?' },
    action: { name: 'address_message', parameters: { country: 'IN' } },
  },
  { type: 'product', body: { text: 'This one' }, action: { catalog_id: '1', product_retailer_id: 'sku-1' } },
  {
    type: 'product_list',
    header: { type: 'text', text: 'Ours' },
    body: { text: 'Choose' },
    action: {
      catalog_id: '1',
      sections: [{ title: 'All', product_items: [{ product_retailer_id: 'sku-1' }] }],
    },
  },
  {
    type: 'catalog_message',
    body: { text: 'Everything' },
    action: { name: 'catalog_message', parameters: { thumbnail_product_retailer_id: 'sku-1' } },
  },
]
