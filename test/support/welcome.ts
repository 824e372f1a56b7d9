/** The demo journey, with a shorter wait where a test asks for one. */
export function welcomeDefinition(timeout: { amount: number; unit: string } = { amount: 2, unit: 'hours' }) {
  return {
    start: 'ask',
    triggers: [{ type: 'user-utterance', keywords: ['hello'] }],
    cards: {
      ask: {
        type: 'interactive-message',
        settings: {
          body: 'Hello {{contact.first_name | "there"}}, shall we begin?',
          buttons: [
            { id: 'yes', title: 'Yes' },
            { id: 'no', title: 'No' },
          ],
          timeout,
        },
        next: { 'button:yes': 'great', 'button:no': 'fine' },
      },
      great: { type: 'message', settings: { text: 'Great, here we go.' } },
      fine: { type: 'message', settings: { text: 'No problem, another time.' } },
    },
  }
}
