import { lookup as lookUp, type LookupAddress, type LookupOptions } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import { AppError } from '../src/model/errors.ts'

/**
 * Whom a call may reach whose address somebody typed in: the internet, never the machine itself, its network or a cloud's
 * metadata. An address is judged when the connection is made, so what a name turns into later changes nothing.
 */
export interface AddressGuard {
  /** Throws `blocked_address` of an address that is written out; names are judged by `lookup`. */
  check(host: string, port: number): void
  /** For `net.connect`: gives only addresses that may be reached. */
  lookup(port: number): Lookup
}

type Lookup = (
  host: string,
  options: LookupOptions,
  done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void

/** What is nobody's on the internet: IANA's special-purpose registries (RFC 6890 and later), and multicast. */
const special: [network: string, prefix: number, family: 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  // Of IPv6 only 2000::/3 is handed out; and of that, these carry an IPv4 address inside, or are examples.
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
]

const notPublic = new BlockList()
for (const [network, prefix, family] of special) notPublic.addSubnet(network, prefix, family)
const handedOut = new BlockList()
handedOut.addSubnet('2000::', 3, 'ipv6')

/** @param allow hosts, addresses and networks that may be reached though they are private: `10.1.0.0/16`, `crm.local:8080`. */
export function createAddressGuard(allow: readonly string[]): AddressGuard {
  const entries = allow.map(readEntry)
  const mayReach = (host: string, address: string, port: number) =>
    isPublic(address) ||
    entries.some((entry) => (entry.port ?? port) === port && (entry.host === host || entry.holds(address)))
  const refuse = (host: string) =>
    new AppError('blocked_address', `${host} is not on the internet: it may not be called from here`)
  return {
    check(host, port) {
      const name = bare(host)
      if (isIP(name) && !mayReach(name, name, port)) throw refuse(name)
    },
    lookup: (port) => (given, options, done) => {
      const host = bare(given).toLowerCase()
      lookUp(host, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, [])
        const reachable = addresses.filter(({ address }) => mayReach(host, address, port))
        const [first] = reachable
        if (!first) return done(refuse(host), [])
        if (options.all) done(null, reachable)
        else done(null, first.address, first.family)
      })
    },
  }
}

interface Entry {
  host: string
  port: number | undefined
  holds(address: string): boolean
}

/** `host`, `host:port`, `address`, `[v6]:port` or `network/prefix`. */
function readEntry(entry: string): Entry {
  const [, name = entry, port] = /^(.*?\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? []
  const [network = '', prefix] = bare(name).split('/')
  const list = new BlockList()
  const family = familyOf(network)
  if (family && prefix !== undefined) list.addSubnet(network, Number(prefix), family)
  else if (family) list.addAddress(network, family)
  return {
    host: bare(name).toLowerCase(),
    port: port === undefined ? undefined : Number(port),
    holds: (address) => list.check(address, familyOf(address) ?? 'ipv4'),
  }
}

function isPublic(address: string): boolean {
  if (familyOf(address) === 'ipv4') return !notPublic.check(address, 'ipv4')
  return handedOut.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}

/** Without the brackets of an IPv6 address in a URL. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}
