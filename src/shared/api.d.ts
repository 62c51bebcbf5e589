import * as z from 'zod/mini'
import type { AuditFilter } from './audit.ts'
/** The proxy's HTTP API. Paths are built here and nowhere else. */
export declare const paths: {
  servers: () => string
  server: (id: string) => string
  issueConsole: (id: string) => string
  relay: (session: string) => string
  power: (id: string) => string
  about: () => string
  /** The page to embed */
  embed: (server: string) => string
  embedExchange: () => string
  embedCheck: () => string
  signIn: () => string
  signInIam: () => string
  signInProjects: () => string
  /** @param to the page's own path to come back to */
  signInOidc: (to: string) => string
  signOut: () => string
  recordings: (query: { q?: string; server?: string; page?: number }) => string
  recording: (id: string) => string
  recordingMatches: (id: string, q: string) => string
  recordingCast: (id: string) => string
  recordingText: (id: string) => string
  /** @param before the cursor that the page before gave */
  audit: (
    query: AuditFilter & {
      before?: string | undefined
    },
  ) => string
  auditCsv: (query: AuditFilter) => string
}
/** Every answer that is not 2xx has this body. */
export declare const ApiError: z.ZodMiniObject<
  {
    error: z.ZodMiniObject<
      {
        cause: z.ZodMiniEnum<{
          'audit-off': 'audit-off'
          'bad-request': 'bad-request'
          'cloud-error': 'cloud-error'
          'cloud-timeout': 'cloud-timeout'
          'cloud-unreachable': 'cloud-unreachable'
          'code-needed': 'code-needed'
          'console-url-refused': 'console-url-refused'
          'credentials-refused': 'credentials-refused'
          'embed-off': 'embed-off'
          'gateway-closed': 'gateway-closed'
          'gateway-refused': 'gateway-refused'
          'gateway-unreachable': 'gateway-unreachable'
          'idle-limit': 'idle-limit'
          'launch-refused': 'launch-refused'
          'network-lost': 'network-lost'
          'no-permission': 'no-permission'
          'no-role': 'no-role'
          'no-serial-console': 'no-serial-console'
          'operator-ended': 'operator-ended'
          'origin-refused': 'origin-refused'
          'protocol-error': 'protocol-error'
          'proxy-error': 'proxy-error'
          'proxy-restarting': 'proxy-restarting'
          'proxy-unreachable': 'proxy-unreachable'
          'recording-kept': 'recording-kept'
          'recording-not-found': 'recording-not-found'
          'recording-under-way': 'recording-under-way'
          'recordings-off': 'recordings-off'
          'role-forbids': 'role-forbids'
          'server-not-found': 'server-not-found'
          'server-not-ready': 'server-not-ready'
          'server-not-running': 'server-not-running'
          'session-limit': 'session-limit'
          'sign-in-failed': 'sign-in-failed'
          'sign-in-needed': 'sign-in-needed'
          'sign-in-throttled': 'sign-in-throttled'
          'signed-out': 'signed-out'
          'taken-over': 'taken-over'
          throttled: 'throttled'
          'ticket-refused': 'ticket-refused'
          'time-limit': 'time-limit'
          'unsupported-os': 'unsupported-os'
          'user-limit': 'user-limit'
          'viewer-limit': 'viewer-limit'
        }>
        detail: z.ZodMiniOptional<z.ZodMiniString<string>>
        code: z.ZodMiniOptional<z.ZodMiniString<string>>
        requestId: z.ZodMiniOptional<z.ZodMiniString<string>>
        retryAfter: z.ZodMiniOptional<z.ZodMiniNumber<number>>
      },
      z.core.$strip
    >
  },
  z.core.$strip
>
export type ApiError = z.infer<typeof ApiError>
export declare const ServerList: z.ZodMiniObject<
  {
    servers: z.ZodMiniArray<
      z.ZodMiniObject<
        {
          id: z.ZodMiniString<string>
          name: z.ZodMiniString<string>
          status: z.ZodMiniEnum<{
            active: 'active'
            building: 'building'
            deleted: 'deleted'
            error: 'error'
            rebooting: 'rebooting'
            stopped: 'stopped'
            unknown: 'unknown'
          }>
          power: z.ZodMiniEnum<{
            off: 'off'
            on: 'on'
            unknown: 'unknown'
          }>
          task: z.ZodMiniNullable<
            z.ZodMiniEnum<{
              other: 'other'
              'powering-off': 'powering-off'
              'powering-on': 'powering-on'
              rebooting: 'rebooting'
            }>
          >
          os: z.ZodMiniObject<
            {
              windowsConsole: z.ZodMiniBoolean<boolean>
              family: z.ZodMiniEnum<{
                linux: 'linux'
                unknown: 'unknown'
                windows: 'windows'
              }>
              image: z.ZodMiniNullable<z.ZodMiniString<string>>
            },
            z.core.$strip
          >
          addresses: z.ZodMiniArray<
            z.ZodMiniObject<
              {
                address: z.ZodMiniString<string>
                version: z.ZodMiniUnion<readonly [z.ZodMiniLiteral<4>, z.ZodMiniLiteral<6>]>
                kind: z.ZodMiniEnum<{
                  fixed: 'fixed'
                  floating: 'floating'
                }>
                mac: z.ZodMiniNullable<z.ZodMiniString<string>>
              },
              z.core.$strip
            >
          >
          zone: z.ZodMiniNullable<z.ZodMiniString<string>>
          flavor: z.ZodMiniObject<
            {
              name: z.ZodMiniString<string>
              vcpus: z.ZodMiniNullable<z.ZodMiniNumber<number>>
              memoryMiB: z.ZodMiniNullable<z.ZodMiniNumber<number>>
              diskGiB: z.ZodMiniNullable<z.ZodMiniNumber<number>>
            },
            z.core.$strip
          >
          tags: z.ZodMiniArray<z.ZodMiniString<string>>
          locked: z.ZodMiniBoolean<boolean>
          region: z.ZodMiniNullable<z.ZodMiniString<string>>
          project: z.ZodMiniNullable<
            z.ZodMiniObject<
              {
                id: z.ZodMiniString<string>
                name: z.ZodMiniNullable<z.ZodMiniString<string>>
              },
              z.core.$strip
            >
          >
          enterpriseProject: z.ZodMiniNullable<z.ZodMiniString<string>>
          created: z.ZodMiniNullable<z.ZodMiniString<string>>
        },
        z.core.$strip
      >
    >
    missing: z.ZodMiniArray<
      z.ZodMiniObject<
        {
          where: z.ZodMiniString<string>
          failure: z.ZodMiniObject<
            {
              cause: z.ZodMiniEnum<{
                'audit-off': 'audit-off'
                'bad-request': 'bad-request'
                'cloud-error': 'cloud-error'
                'cloud-timeout': 'cloud-timeout'
                'cloud-unreachable': 'cloud-unreachable'
                'code-needed': 'code-needed'
                'console-url-refused': 'console-url-refused'
                'credentials-refused': 'credentials-refused'
                'embed-off': 'embed-off'
                'gateway-closed': 'gateway-closed'
                'gateway-refused': 'gateway-refused'
                'gateway-unreachable': 'gateway-unreachable'
                'idle-limit': 'idle-limit'
                'launch-refused': 'launch-refused'
                'network-lost': 'network-lost'
                'no-permission': 'no-permission'
                'no-role': 'no-role'
                'no-serial-console': 'no-serial-console'
                'operator-ended': 'operator-ended'
                'origin-refused': 'origin-refused'
                'protocol-error': 'protocol-error'
                'proxy-error': 'proxy-error'
                'proxy-restarting': 'proxy-restarting'
                'proxy-unreachable': 'proxy-unreachable'
                'recording-kept': 'recording-kept'
                'recording-not-found': 'recording-not-found'
                'recording-under-way': 'recording-under-way'
                'recordings-off': 'recordings-off'
                'role-forbids': 'role-forbids'
                'server-not-found': 'server-not-found'
                'server-not-ready': 'server-not-ready'
                'server-not-running': 'server-not-running'
                'session-limit': 'session-limit'
                'sign-in-failed': 'sign-in-failed'
                'sign-in-needed': 'sign-in-needed'
                'sign-in-throttled': 'sign-in-throttled'
                'signed-out': 'signed-out'
                'taken-over': 'taken-over'
                throttled: 'throttled'
                'ticket-refused': 'ticket-refused'
                'time-limit': 'time-limit'
                'unsupported-os': 'unsupported-os'
                'user-limit': 'user-limit'
                'viewer-limit': 'viewer-limit'
              }>
              detail: z.ZodMiniOptional<z.ZodMiniString<string>>
              code: z.ZodMiniOptional<z.ZodMiniString<string>>
              requestId: z.ZodMiniOptional<z.ZodMiniString<string>>
              retryAfter: z.ZodMiniOptional<z.ZodMiniNumber<number>>
            },
            z.core.$strip
          >
        },
        z.core.$strip
      >
    >
  },
  z.core.$strip
>
export type ServerList = z.infer<typeof ServerList>
export declare const ServerDetail: z.ZodMiniObject<
  {
    server: z.ZodMiniObject<
      {
        id: z.ZodMiniString<string>
        name: z.ZodMiniString<string>
        status: z.ZodMiniEnum<{
          active: 'active'
          building: 'building'
          deleted: 'deleted'
          error: 'error'
          rebooting: 'rebooting'
          stopped: 'stopped'
          unknown: 'unknown'
        }>
        power: z.ZodMiniEnum<{
          off: 'off'
          on: 'on'
          unknown: 'unknown'
        }>
        task: z.ZodMiniNullable<
          z.ZodMiniEnum<{
            other: 'other'
            'powering-off': 'powering-off'
            'powering-on': 'powering-on'
            rebooting: 'rebooting'
          }>
        >
        os: z.ZodMiniObject<
          {
            windowsConsole: z.ZodMiniBoolean<boolean>
            family: z.ZodMiniEnum<{
              linux: 'linux'
              unknown: 'unknown'
              windows: 'windows'
            }>
            image: z.ZodMiniNullable<z.ZodMiniString<string>>
          },
          z.core.$strip
        >
        addresses: z.ZodMiniArray<
          z.ZodMiniObject<
            {
              address: z.ZodMiniString<string>
              version: z.ZodMiniUnion<readonly [z.ZodMiniLiteral<4>, z.ZodMiniLiteral<6>]>
              kind: z.ZodMiniEnum<{
                fixed: 'fixed'
                floating: 'floating'
              }>
              mac: z.ZodMiniNullable<z.ZodMiniString<string>>
            },
            z.core.$strip
          >
        >
        zone: z.ZodMiniNullable<z.ZodMiniString<string>>
        flavor: z.ZodMiniObject<
          {
            name: z.ZodMiniString<string>
            vcpus: z.ZodMiniNullable<z.ZodMiniNumber<number>>
            memoryMiB: z.ZodMiniNullable<z.ZodMiniNumber<number>>
            diskGiB: z.ZodMiniNullable<z.ZodMiniNumber<number>>
          },
          z.core.$strip
        >
        tags: z.ZodMiniArray<z.ZodMiniString<string>>
        locked: z.ZodMiniBoolean<boolean>
        region: z.ZodMiniNullable<z.ZodMiniString<string>>
        project: z.ZodMiniNullable<
          z.ZodMiniObject<
            {
              id: z.ZodMiniString<string>
              name: z.ZodMiniNullable<z.ZodMiniString<string>>
            },
            z.core.$strip
          >
        >
        enterpriseProject: z.ZodMiniNullable<z.ZodMiniString<string>>
        created: z.ZodMiniNullable<z.ZodMiniString<string>>
      },
      z.core.$strip
    >
  },
  z.core.$strip
>
export type ServerDetail = z.infer<typeof ServerDetail>
export declare const PowerRequest: z.ZodMiniObject<
  {
    action: z.ZodMiniEnum<{
      'hard-reboot': 'hard-reboot'
      'power-off': 'power-off'
      'power-on': 'power-on'
      reboot: 'reboot'
    }>
  },
  z.core.$strip
>
export type PowerRequest = z.infer<typeof PowerRequest>
/** What the page needs to know of the installation before it shows anything. */
export declare const About: z.ZodMiniObject<
  {
    cloud: z.ZodMiniString<string>
    sandbox: z.ZodMiniBoolean<boolean>
    version: z.ZodMiniString<string>
    recordings: z.ZodMiniEnum<{
      always: 'always'
      off: 'off'
      'on-demand': 'on-demand'
    }>
  },
  z.core.$strip
>
export type About = z.infer<typeof About>
/**
 * An issued console. `direct` carries the gateway's tokenized URL: it is a password, kept in memory only and
 * never rendered. `relay` carries a one-use ticket for our own relay; the gateway's token stays on the server.
 */
export declare const IssuedConsole: z.ZodMiniDiscriminatedUnion<
  [
    z.ZodMiniObject<
      {
        transport: z.ZodMiniLiteral<'direct'>
        url: z.ZodMiniString<string>
        expiresAt: z.ZodMiniString<string>
        sysrq: z.ZodMiniNullable<
          z.ZodMiniObject<
            {
              sequence: z.ZodMiniString<string>
            },
            z.core.$strip
          >
        >
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        transport: z.ZodMiniLiteral<'relay'>
        session: z.ZodMiniString<string>
        ticket: z.ZodMiniString<string>
        expiresAt: z.ZodMiniString<string>
        sysrq: z.ZodMiniNullable<
          z.ZodMiniObject<
            {
              sequence: z.ZodMiniString<string>
            },
            z.core.$strip
          >
        >
      },
      z.core.$strip
    >,
  ],
  'transport'
>
export type IssuedConsole = z.infer<typeof IssuedConsole>
