import * as z from 'zod/mini'
/**
 * What an embedded console and the page around it say to each other by `postMessage`. Each side takes a message only
 * from the exact origin that it expects, and sends to that origin only.
 */
export declare const EMBED_VERSION = 1
/** A launch ticket: a JWT that the portal's backend has signed. */
export declare const LaunchTicket: z.ZodMiniString<string>
export declare const EmbedTheme: z.ZodMiniEnum<{
  dark: 'dark'
  light: 'light'
}>
/** What the page around tells the console. */
export declare const EmbedCommand: z.ZodMiniDiscriminatedUnion<
  [
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'hello'>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'launch'>
        ticket: z.ZodMiniString<string>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'renew-ticket'>
        ticket: z.ZodMiniString<string>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'connect'>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'disconnect'>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'focus'>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'send'>
        text: z.ZodMiniString<string>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'paste'>
        text: z.ZodMiniString<string>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'set'>
        theme: z.ZodMiniOptional<
          z.ZodMiniEnum<{
            dark: 'dark'
            light: 'light'
          }>
        >
        language: z.ZodMiniOptional<z.ZodMiniString<string>>
        fontSize: z.ZodMiniOptional<z.ZodMiniNumber<number>>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'get-transcript'>
        id: z.ZodMiniString<string>
      },
      z.core.$strip
    >,
  ],
  'type'
>
export type EmbedCommand = z.infer<typeof EmbedCommand>
export declare const EmbedState: z.ZodMiniEnum<{
  ended: 'ended'
  idle: 'idle'
  issuing: 'issuing'
  live: 'live'
  opening: 'opening'
  recovering: 'recovering'
  silent: 'silent'
  waiting: 'waiting'
}>
export type EmbedState = z.infer<typeof EmbedState>
/** What the console tells the page around it. */
export declare const EmbedEvent: z.ZodMiniDiscriminatedUnion<
  [
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'ready'>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'state'>
        state: z.ZodMiniEnum<{
          ended: 'ended'
          idle: 'idle'
          issuing: 'issuing'
          live: 'live'
          opening: 'opening'
          recovering: 'recovering'
          silent: 'silent'
          waiting: 'waiting'
        }>
        mayType: z.ZodMiniBoolean<boolean>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'title'>
        title: z.ZodMiniString<string>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'bell'>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'error'>
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
        title: z.ZodMiniString<string>
        next: z.ZodMiniString<string>
        detail: z.ZodMiniNullable<z.ZodMiniString<string>>
        retries: z.ZodMiniBoolean<boolean>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'ended'>
        cause: z.ZodMiniNullable<
          z.ZodMiniEnum<{
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
        >
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'ticket-expiring'>
        expiresAt: z.ZodMiniString<string>
      },
      z.core.$strip
    >,
    z.ZodMiniObject<
      {
        channel: z.ZodMiniLiteral<'bms-console'>
        version: z.ZodMiniLiteral<1>
        type: z.ZodMiniLiteral<'transcript'>
        id: z.ZodMiniString<string>
        text: z.ZodMiniString<string>
      },
      z.core.$strip
    >,
  ],
  'type'
>
export type EmbedEvent = z.infer<typeof EmbedEvent>
/** `POST /api/embed/exchange`: a launch ticket for a bearer that the page keeps in memory only. */
export declare const ExchangeRequest: z.ZodMiniObject<
  {
    ticket: z.ZodMiniString<string>
  },
  z.core.$strip
>
export type ExchangeRequest = z.infer<typeof ExchangeRequest>
export declare const EmbedGrant: z.ZodMiniObject<
  {
    bearer: z.ZodMiniString<string>
    expiresAt: z.ZodMiniString<string>
    server: z.ZodMiniString<string>
    user: z.ZodMiniObject<
      {
        name: z.ZodMiniString<string>
        role: z.ZodMiniEnum<{
          admin: 'admin'
          operator: 'operator'
          viewer: 'viewer'
        }>
      },
      z.core.$strip
    >
    theme: z.ZodMiniNullable<
      z.ZodMiniEnum<{
        dark: 'dark'
        light: 'light'
      }>
    >
    language: z.ZodMiniNullable<z.ZodMiniString<string>>
  },
  z.core.$strip
>
export type EmbedGrant = z.infer<typeof EmbedGrant>
/** What the embedded page is served with, as JSON in its own HTML. */
export declare const EmbedSettings: z.ZodMiniObject<
  {
    origins: z.ZodMiniArray<z.ZodMiniString<string>>
  },
  z.core.$strip
>
export type EmbedSettings = z.infer<typeof EmbedSettings>
/**
 * `GET /api/embed/check`, readable by any page: whether the page that asks may embed the console. A frame that the
 * browser refuses is blank; by this the page around can say why.
 */
export declare const EmbedCheck: z.ZodMiniObject<
  {
    enabled: z.ZodMiniBoolean<boolean>
    allowed: z.ZodMiniBoolean<boolean>
  },
  z.core.$strip
>
export type EmbedCheck = z.infer<typeof EmbedCheck>
