/** A person as an address book knows one. */
export interface BookContact {
  name: string
  phoneNumbers: { value: string; description: string }[]
  emailAddresses: { value: string; description: string }[]
}

export interface BookPage {
  contacts: BookContact[]
  /** Where the next page begins, for this book alone to understand. */
  next: string | undefined
  /** Undefined where the book does not tell. */
  count: number | undefined
}

export interface BookQuery {
  search: string | undefined
  limit: number
  cursor: string | undefined
}

/** An address book that is searched where it is. */
export interface ContactBook<Call> {
  search(call: Call, query: BookQuery): Promise<BookPage>
  /** @param phone digits only */
  find(call: Call, phone: string): Promise<BookContact[]>
}
