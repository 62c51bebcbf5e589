import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  key: string
  cert: string
}

interface Wanted {
  /** As openssl's `subjectAltName` has them */
  names?: string
  /** Days from now, or dates of the past */
  valid?: { from: string; until: string }
}

const CONFIG = `[ca]
default_ca = made
[made]
new_certs_dir = .
database = issued/index
serial = issued/serial
default_md = sha256
policy = policy
unique_subject = no
[policy]
commonName = supplied
`

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** A certificate authority that nobody trusts, made for one test. It needs openssl. */
export class TestAuthority {
  /** Goes with `remove` */
  readonly folder = mkdtempSync(join(tmpdir(), 'bms-ca-'))
  /** Its own certificate, PEM */
  readonly pem: string

  constructor() {
    mkdirSync(join(this.folder, 'issued'))
    writeFileSync(join(this.folder, 'config'), CONFIG)
    writeFileSync(join(this.folder, 'issued/index'), '')
    writeFileSync(join(this.folder, 'issued/serial'), '01')
    this.#openssl('req', '-x509', ...KEY, '-subj', '/CN=Test CA', '-keyout', 'ca.key', '-out', 'ca.pem')
    this.pem = this.#read('ca.pem')
  }

  /** The path of its certificate */
  get file(): string {
    return join(this.folder, 'ca.pem')
  }

  /** A certificate for this machine, unless it is wanted for other names. */
  issue({ names = 'DNS:localhost,IP:127.0.0.1', valid }: Wanted = {}): Certificate {
    writeFileSync(join(this.folder, 'names'), `subjectAltName = ${names}\n`)
    this.#openssl('req', ...KEY, '-subj', '/CN=leaf', '-keyout', 'leaf.key', '-out', 'leaf.csr')
    const when = valid ? ['-startdate', valid.from, '-enddate', valid.until] : ['-days', '2']
    const by = ['-config', 'config', '-cert', 'ca.pem', '-keyfile', 'ca.key']
    this.#openssl(
      'ca',
      '-batch',
      ...by,
      ...when,
      ...['-in', 'leaf.csr', '-out', 'leaf.pem', '-notext', '-extfile', 'names'],
    )
    return { key: this.#read('leaf.key'), cert: this.#read('leaf.pem') }
  }

  /** The same key, for whom knows its password */
  locked(key: string): string {
    writeFileSync(join(this.folder, 'open.key'), key)
    this.#openssl('pkey', '-in', 'open.key', '-aes256', '-passout', 'pass:secret', '-out', 'locked.key')
    return this.#read('locked.key')
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  #read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8')
  }

  #openssl(...command: string[]): void {
    execFileSync('openssl', command, { cwd: this.folder, stdio: 'ignore' })
  }
}

export const expired = { from: '20200101000000Z', until: '20210101000000Z' }
export const early = { from: '20980101000000Z', until: '20990101000000Z' }
