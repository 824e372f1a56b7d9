import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Profile } from '../../api/shapes.ts'
import { attributeValue } from '../../audience/contact-values.ts'
import { sayValue } from '../../ui/words.ts'

export function useProfile(contactId: string) {
  return useQuery({
    queryKey: ['contact', contactId, 'profile'],
    queryFn: () => api.get<Profile>(`/contacts/${contactId}/profile`),
  })
}

/** Puts in what is known of the contact; `{{contact.city | "there"}}` has its own word for what is not. */
export function useFillIn(contactId: string): (text: string) => string {
  const profile = useProfile(contactId).data
  return (text) =>
    text.replaceAll(
      /\{\{\s*contact\.([\w.]+)\s*(?:\|\s*"([^"]*)"\s*)?\}\}/g,
      (whole, name: string, fallback?: string) => {
        if (!profile) return whole
        const listed = profile.attributes.find((attribute) => attribute.name === name)?.value
        return sayValue(listed ?? attributeValue(profile.contact, name)) || fallback || whole
      },
    )
}
