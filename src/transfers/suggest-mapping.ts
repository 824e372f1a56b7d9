import type { AttributeDefinition } from '../contacts/attribute-definitions.ts'
import { systemAttributes } from '../model/contact-attributes.ts'
import type { FileColumn } from './describe-file.ts'
import type { Target } from './import-mapping.ts'

/** How headers say it in English, German, Spanish, Portuguese, French, Italian, Dutch, Indonesian, Hindi, Turkish and Arabic. */
const aliases: Record<string, string> = {
  phone_number: `phone|number|phonenumber|phoneno|mobile|mobilenumber|mobilephone|cell|cellphone|whatsapp|whatsappnumber|waid|msisdn|
    contactnumber|tel|telephone|telefon|telefonnummer|handy|handynummer|mobil|mobilnummer|telefono|numerodetelefono|celular|
    movil|telefone|numero|telephoneportable|portable|numerodetelephone|mobiel|telefoonnummer|nomorhp|nomortelepon|nohp|
    cellulare|numerotelefono|फोन|मोबाइल|telefonnumarasi|ceptelefonu|gsm|هاتف|رقمالهاتف|جوال`,
  country_code:
    'countrycode|callingcode|dialcode|isdcode|landesvorwahl|vorwahl|ländervorwahl|codigopais|codigodepais|ddi|indicatif|kodenegara',
  external_customer_id: `externalcustomerid|externalid|customerid|customerno|customernumber|userid|clientid|crmid|kundennummer|
    kundennr|kundenid|idcliente|codigocliente|codigodocliente|numeroclient|idclient|codicecliente|klantnummer|idpelanggan|musterino`,
  bsuid: 'bsuid|businessscopeduserid',
  email: `email|emailaddress|mail|emailid|correo|correoelectronico|adresseemail|courriel|mailadresse|emailadresse|eposta|posta|ईमेल|بريد`,
  name: `name|fullname|contactname|displayname|vollername|nombrecompleto|nomecompleto|nomcomplet|nomecognome|naam|nama|namalengkap|नाम|adsoyad|الاسم`,
  first_name:
    'firstname|givenname|forename|vorname|nombre|primeironome|nome|prenom|voornaam|namadepan|isim|ad',
  last_name:
    'lastname|surname|familyname|nachname|familienname|apellido|apellidos|sobrenome|nom|nomdefamille|cognome|achternaam|namabelakang|soyad|soyisim',
  date_of_birth: `dateofbirth|dob|birthday|birthdate|geburtsdatum|geburtstag|fechadenacimiento|nacimiento|datadenascimento|
    nascimento|datedenaissance|datadinascita|geboortedatum|tanggallahir|dogumtarihi`,
  gender: 'gender|sex|geschlecht|genero|sexo|genre|sesso|geslacht|jeniskelamin|cinsiyet',
  city: 'city|town|stadt|ort|wohnort|ciudad|cidade|ville|citta|stad|kota|sehir',
  state: 'state|province|region|bundesland|estado|provincia|etat|provinsi|il',
  country: 'country|land|pais|paese|negara|ulke|देश',
  language: 'language|locale|lang|sprache|idioma|lingua|langue|taal|bahasa|dil',
  time_zone: 'timezone|tz|zeitzone|zonahoraria|fusohorario|fuseauhoraire|fusoorario|tijdzone|zonawaktu',
  tags: 'tags|tag|labels|label|etiquetas|etiquettes|etichette|schlagworte|etiketler',
  opt_in: `optin|optedin|whatsappopted|whatsappoptin|consent|marketingconsent|subscribed|einwilligung|zustimmung|consentimiento|
    consentimento|consentement|consenso|toestemming|persetujuan|izin`,
}

const targetOfHeader = new Map(
  Object.entries(aliases).flatMap(([target, words]) =>
    [target, ...words.split('|')].map((word) => [fold(word), target] as const),
  ),
)
const systemNames = new Set(systemAttributes.filter(({ writable }) => writable).map(({ name }) => name))
const many = new Set(['tags'])

/** A first mapping by the headers; what nothing fits is left out. Each target is taken once, by the first column. */
export function suggestMapping(columns: FileColumn[], definitions: AttributeDefinition[]): Target[] {
  const custom = new Map(
    definitions.flatMap(({ name, label }) => [
      [fold(name), name],
      [fold(label), name],
    ]),
  )
  const taken = new Set<string>()
  return columns.map(({ name: column, samples }): Target => {
    const header = fold(column)
    const own = custom.get(header)
    const found = targetOfHeader.get(header) ?? (own === undefined ? phoneBySamples(samples) : undefined)
    const key = own ?? found
    if (key === undefined || (taken.has(key) && !many.has(key))) return { column, to: 'ignore' }
    taken.add(key)
    if (own !== undefined) return { column, to: 'attribute', name: own }
    return toTarget(column, key)
  })
}

function toTarget(column: string, to: string): Target {
  if (to === 'email') return { column, to, identifies: false }
  if (to === 'tags') return { column, to, separator: ',' }
  if (to === 'phone_number' || to === 'country_code' || to === 'external_customer_id') return { column, to }
  if (to === 'bsuid' || to === 'opt_in') return { column, to }
  return systemNames.has(to) ? { column, to: 'attribute', name: to } : { column, to: 'ignore' }
}

/** A column that no header explains, all of whose samples are international numbers. */
function phoneBySamples(samples: string[]): string | undefined {
  const filled = samples.filter((sample) => sample.trim() !== '')
  return filled.length > 0 && filled.every((sample) => /^\s*(\+|00)[\d\s().-]{8,20}$/.test(sample))
    ? 'phone_number'
    : undefined
}

/** Without accents, case, spaces and signs. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
