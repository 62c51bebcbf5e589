import type { ConsoleCall } from './server-facts.ts'

/** A command that a person can paste into a shell. What is secret is a placeholder in it: we never have the value. */
export interface Command {
  kind: 'cli' | 'token' | 'console' | 'signed'
  text: string
}

/**
 * How a person asks the cloud for this server's serial console without BMS Console.
 * https://docs.openstack.org/python-openstackclient/latest/cli/command-objects/console-url.html
 * https://docs.openstack.org/api-ref/compute/#create-console
 * https://support.huaweicloud.com/intl/en-us/api-bms/bms_api_0621.html
 * https://docs.otc.t-systems.com/bare-metal-server/api-ref/
 */
export function commandsOf(call: ConsoleCall, serverId: string): Command[] {
  switch (call.api) {
    case 'nova': {
      const { base, minor, region } = call
      const server = `${base}/servers/${encodeURIComponent(serverId)}`
      return [
        { kind: 'cli', text: cli(serverId, region) },
        { kind: 'token', text: 'TOKEN=$(openstack token issue -f value -c id)' },
        {
          kind: 'console',
          text:
            minor !== null && minor >= REMOTE_CONSOLES
              ? post(`${server}/remote-consoles`, [versionHeader(minor)], remoteConsole)
              : post(`${server}/action`, [], serialConsole),
        },
      ]
    }
    case 'nova-action': {
      const path = `/v2.1/${encodeURIComponent(call.projectId)}/servers/${encodeURIComponent(serverId)}/action`
      return [
        { kind: 'cli', text: cli(serverId, call.region) },
        { kind: 'token', text: iamToken(call) },
        { kind: 'console', text: post(`${origin(call)}${path}`, [], serialConsole) },
        { kind: 'signed', text: signed(call, path, serialConsole) },
      ]
    }
    case 'bms': {
      const project = encodeURIComponent(call.projectId)
      const path = `/v1/${project}/baremetalservers/${encodeURIComponent(serverId)}/remote_console`
      return [
        { kind: 'token', text: iamToken(call) },
        { kind: 'console', text: post(`${origin(call)}${path}`, [], remoteConsole) },
        { kind: 'signed', text: signed(call, path, remoteConsole) },
      ]
    }
  }
}

type IamCall = Exclude<ConsoleCall, { api: 'nova' }>

/** Since microversion 2.6, consoles have their own path. */
const REMOTE_CONSOLES = 6
/** `OpenStack-API-Version` came with 2.27. */
const OWN_HEADER = 27

const remoteConsole = { remote_console: { protocol: 'serial', type: 'serial' } }
const serialConsole = { 'os-getSerialConsole': { type: 'serial' } }

const cli = (serverId: string, region: string | null) =>
  [
    'openstack',
    ...(region === null ? [] : ['--os-region-name', word(region)]),
    'console url show --serial',
    word(serverId),
  ].join(' ')

const versionHeader = (minor: number) =>
  minor >= OWN_HEADER
    ? `OpenStack-API-Version: compute 2.${minor}`
    : `X-OpenStack-Nova-API-Version: 2.${minor}`

const lines = (...parts: string[]) => parts.join(' \\\n  ')

const post = (url: string, headers: string[], body: object) =>
  lines(
    `curl -sS -X POST ${quoted(url)}`,
    '-H "X-Auth-Token: $TOKEN"',
    ...headers.map((header) => `-H ${quoted(header)}`),
    "-H 'Content-Type: application/json'",
    `-d ${quoted(JSON.stringify(body))}`,
  )

/** The answer's header has the token, which is a password. */
function iamToken({ iam, projectId }: IamCall): string {
  const user = { name: '<user>', password: '<password>', domain: { name: '<account>' } }
  const body = {
    auth: { identity: { methods: ['password'], password: { user } }, scope: { project: { id: projectId } } },
  }
  const url = `${(iam ?? 'https://<IAM endpoint>').replace(/\/+$/, '')}/v3/auth/tokens`
  const ask = lines(
    `curl -sS -D - -o /dev/null -X POST ${quoted(url)}`,
    "-H 'Content-Type: application/json'",
    `-d ${quoted(JSON.stringify(body))}`,
  )
  return `TOKEN=$(${ask} |\n  awk 'tolower($1) == "x-subject-token:" { print $2 }' | tr -d '\\r')`
}

/**
 * The request with an access key in place of a token.
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
 */
function signed(call: IamCall, path: string, body: object): string {
  const { host } = new URL(call.endpoint)
  const headers = 'host;x-project-id;x-sdk-date'
  const hash = "openssl dgst -sha256 -r | cut -d' ' -f1"
  return [
    "AK='<access key>'",
    "SK='<secret key>'",
    `BODY=${quoted(JSON.stringify(body))}`,
    'DATE=$(date -u +%Y%m%dT%H%M%SZ)',
    `HASH=$(printf %s "$BODY" | ${hash})`,
    `REQUEST=$(${lines(
      "printf '%s\\n' POST",
      quoted(`${path}/`),
      "''",
      quoted(`host:${host}`),
      quoted(`x-project-id:${call.projectId}`),
      '"x-sdk-date:$DATE"',
      "''",
      quoted(headers),
      '"$HASH"',
    )})`,
    `HASH=$(printf %s "$REQUEST" | ${hash})`,
    `SIGNATURE=$(${lines(
      `printf 'SDK-HMAC-SHA256\\n%s\\n%s' "$DATE" "$HASH" |`,
      `openssl dgst -sha256 -hmac "$SK" -r | cut -d' ' -f1`,
    )})`,
    lines(
      `curl -sS -X POST ${quoted(`${origin(call)}${path}`)}`,
      '-H "X-Sdk-Date: $DATE"',
      `-H ${quoted(`X-Project-Id: ${call.projectId}`)}`,
      `-H "Authorization: SDK-HMAC-SHA256 Access=$AK, SignedHeaders=${headers}, Signature=$SIGNATURE"`,
      "-H 'Content-Type: application/json'",
      '-d "$BODY"',
    ),
  ].join('\n')
}

const origin = ({ endpoint }: IamCall) => endpoint.replace(/\/+$/, '')

/** A shell takes all between single quotes as it is. What comes from a cloud must not become a command. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
const word = (text: string) => (/^[\w.:/-]+$/.test(text) ? text : quoted(text))
