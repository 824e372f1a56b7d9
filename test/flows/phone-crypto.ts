import { webcrypto } from 'node:crypto'

const { subtle } = webcrypto

export interface PhoneRequest {
  body: { encrypted_flow_data: string; encrypted_aes_key: string; initial_vector: string }
  /** Reads the answer; throws when it was not made for this request. */
  open(answer: string): Promise<unknown>
}

/**
 * A phone's side of Meta's scheme, written against Web Crypto: another implementation than the one that it tests.
 * WhatsApp's own IVs have 16 bytes.
 */
export async function encryptAsPhone(publicKeyPem: string, question: unknown): Promise<PhoneRequest> {
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt', 'decrypt'])
  const iv = webcrypto.getRandomValues(new Uint8Array(16))
  const text = new TextEncoder().encode(JSON.stringify(question))
  const data = await subtle.encrypt({ name: 'AES-GCM', iv, tagLength: 128 }, key, text)
  const wrapped = await subtle.encrypt(
    { name: 'RSA-OAEP' },
    await importPublicKey(publicKeyPem),
    await subtle.exportKey('raw', key),
  )
  const flipped = iv.map((byte) => byte ^ 0xff)
  return {
    body: {
      encrypted_flow_data: base64(data),
      encrypted_aes_key: base64(wrapped),
      initial_vector: base64(iv),
    },
    async open(answer) {
      const bytes = Uint8Array.from(atob(answer), (sign) => sign.charCodeAt(0))
      const plain = await subtle.decrypt({ name: 'AES-GCM', iv: flipped, tagLength: 128 }, key, bytes)
      return JSON.parse(new TextDecoder().decode(plain)) as unknown
    },
  }
}

function importPublicKey(pem: string) {
  const der = Uint8Array.from(atob(pem.replace(/-----[A-Z ]+-----|\s/g, '')), (sign) => sign.charCodeAt(0))
  return subtle.importKey('spki', der, { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['encrypt'])
}

function base64(bytes: ArrayBuffer | Uint8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}
