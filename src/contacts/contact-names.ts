/** Of `contacts c`, in SQL: the name as lists show it. */
export const contactName = `coalesce(c.name, nullif(concat_ws(' ', c.first_name, c.last_name), ''))`

/** Of `contacts c`, in SQL: the person's WhatsApp number as it is now. */
export const contactPhone = `(select i.value from identities i where i.contact_id = c.id and i.kind = 'wa_id'
  and i.valid_to is null order by i.valid_from desc limit 1)`
