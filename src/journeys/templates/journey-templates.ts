import { abandonedCart } from './abandoned-cart.ts'
import { appointmentReminder } from './appointment-reminder.ts'
import { eventRegistration } from './event-registration.ts'
import { feedback } from './feedback.ts'
import type { JourneyTemplate } from './journey-template.ts'
import { leadQualification } from './lead-qualification.ts'
import { orderTracking } from './order-tracking.ts'
import { otp } from './otp.ts'
import { reEngagement } from './re-engagement.ts'
import { welcome } from './welcome.ts'
import { winBack } from './win-back.ts'

/** Journeys that are ready to be installed, most wanted first. */
export const journeyTemplates: readonly JourneyTemplate[] = [
  welcome,
  abandonedCart,
  orderTracking,
  leadQualification,
  appointmentReminder,
  feedback,
  reEngagement,
  otp,
  eventRegistration,
  winBack,
]
