import { end, handOff, type JourneyTemplate } from './journey-template.ts'

const ofThis = {
  kind: 'compare',
  path: 'event.appointment_id',
  operator: 'equals',
  value: '{{vars.appointment_id}}',
} as const

export const appointmentReminder: JourneyTemplate = {
  name: 'appointment-reminder',
  title: 'Appointment reminder',
  description:
    'Confirms an appointment, reminds at nine on the day before where the customer lives, and moves it when asked.',
  needs: {
    events: {
      appointment_booked: { appointment_id: 'string', date: 'date', day: 'string', time: 'string' },
      appointment_cancelled: { appointment_id: 'string' },
    },
    attributes: {},
    templates: ['appointment_confirmed', 'appointment_reminder'],
    segments: {},
  },
  definition: {
    start: 'remember',
    triggers: [{ type: 'custom-event', event: 'appointment_booked' }],
    entry: { reentry: 'always', eventKey: 'appointment_id' },
    cards: {
      remember: {
        type: 'setup-attribute',
        title: 'Which appointment',
        settings: {
          assignments: ['appointment_id', 'date', 'day', 'time'].map((name) => ({
            target: 'variable',
            name,
            value: `{{event.${name} | "soon"}}`,
          })),
        },
        next: { next: 'confirm' },
      },
      confirm: {
        type: 'send-template',
        title: 'Confirmed',
        settings: {
          template: 'appointment_confirmed',
          values: {
            body: { '1': '{{contact.first_name | "there"}}', '2': '{{vars.day}}', '3': '{{vars.time}}' },
          },
          replies: [{ at: '0', text: 'Change the date' }],
          timeout: { amount: 2, unit: 'hours' },
        },
        next: { 'button:0': 'person', other: 'person', timeout: 'wait', interrupted: 'wait', failed: 'wait' },
      },
      wait: {
        type: 'time-delay',
        title: 'Until the day before',
        settings: {
          delay: {
            mode: 'date-attribute',
            attribute: 'vars.date',
            offset: { amount: 1, unit: 'days' },
            direction: 'before',
            time: '09:00',
          },
          event: { name: 'appointment_cancelled', condition: ofThis },
        },
        next: { done: 'remind', event: 'cancelled', failed: 'undated' },
      },
      remind: {
        type: 'send-template',
        title: 'Will you be there?',
        settings: {
          template: 'appointment_reminder',
          values: {
            body: { '1': '{{contact.first_name | "there"}}', '2': '{{vars.day}}', '3': '{{vars.time}}' },
          },
          replies: [
            { at: '0', text: 'Yes, I will' },
            { at: '1', text: 'I cannot come' },
          ],
          timeout: { amount: 12, unit: 'hours' },
        },
        next: {
          'button:0': 'thanks',
          'button:1': 'person',
          other: 'person',
          timeout: 'silent',
          interrupted: 'silent',
          failed: 'silent',
        },
      },
      thanks: {
        type: 'message',
        settings: { text: 'Thank you, {{contact.first_name | "see you"}}. We look forward to it.' },
        next: { next: 'coming' },
      },
      person: handOff('Appointment {{vars.appointment_id}} on {{vars.day}} at {{vars.time}}', {
        back: 'changed',
        nobody: 'changed',
      }),
      coming: end('will come', true),
      silent: end('no answer'),
      changed: end('spoken to'),
      cancelled: end('cancelled'),
      undated: end('without a date', false),
    },
  },
  stories: [
    {
      says: 'the reminder comes on the day before, and is answered',
      vars: { event: { appointment_id: 'a-1', date: '2027-03-15', day: 'Monday', time: '10:30' } },
      windowOpen: false,
      replies: [{ afterMs: 30 * 86_400_000 }, { buttonId: 'button:0' }],
      expected: {
        cards: ['remember', 'confirm', 'wait', 'remind', 'thanks', 'coming'],
        outcome: 'will come',
        goalReached: true,
        text: 'look forward',
      },
    },
    {
      says: 'a cancelled appointment is not reminded of, another one is none of ours',
      vars: { event: { appointment_id: 'a-1', date: '2027-03-15', day: 'Monday', time: '10:30' } },
      windowOpen: false,
      events: [{ name: 'appointment_cancelled', afterMs: 3_600_000, attributes: { appointment_id: 'a-1' } }],
      expected: { cards: ['remember', 'confirm', 'wait', 'cancelled'], outcome: 'cancelled' },
    },
  ],
}
