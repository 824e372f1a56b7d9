/** A Flow of two screens without an endpoint. */
export const bookingFlow = {
  version: '7.0',
  screens: [
    {
      id: 'BOOK',
      title: 'Book a table',
      data: { name: { type: 'string', __example__: 'Ann' } },
      layout: {
        type: 'SingleColumnLayout',
        children: [
          { type: 'TextHeading', text: 'Hello ${data.name}' },
          { type: 'TextInput', name: 'seats', label: 'Seats', 'input-type': 'number', required: true },
          {
            type: 'Footer',
            label: 'Continue',
            'on-click-action': {
              name: 'navigate',
              next: { type: 'screen', name: 'CONFIRM' },
              payload: { seats: '${form.seats}' },
            },
          },
        ],
      },
    },
    {
      id: 'CONFIRM',
      title: 'Confirm',
      terminal: true,
      data: { seats: { type: 'string', __example__: '2' } },
      layout: {
        type: 'SingleColumnLayout',
        children: [
          { type: 'TextBody', text: '${data.seats} seats' },
          {
            type: 'Footer',
            label: 'Book',
            'on-click-action': { name: 'complete', payload: { seats: '${data.seats}' } },
          },
        ],
      },
    },
  ],
}

/** The same, asking the endpoint after the first screen. */
export const exchangeFlow = {
  ...bookingFlow,
  data_api_version: '3.0',
  routing_model: { BOOK: ['CONFIRM'], CONFIRM: [] },
  screens: [
    {
      ...bookingFlow.screens[0],
      data: {
        name: { type: 'string', __example__: 'Ann' },
        days: { type: 'array', items: { type: 'object' }, __example__: [] },
      },
      layout: {
        type: 'SingleColumnLayout',
        children: [
          { type: 'TextHeading', text: 'Hello ${data.name}' },
          { type: 'TextInput', name: 'seats', label: 'Seats' },
          { type: 'Dropdown', name: 'day', label: 'Day', 'data-source': '${data.days}' },
          {
            type: 'Footer',
            label: 'Continue',
            'on-click-action': {
              name: 'data_exchange',
              payload: { seats: '${form.seats}', day: '${form.day}' },
            },
          },
        ],
      },
    },
    bookingFlow.screens[1],
  ],
}
