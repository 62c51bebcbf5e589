import * as z from 'zod/mini'
export declare const AuditAction: z.ZodMiniEnum<{
  'close-console': 'close-console'
  'delete-recording': 'delete-recording'
  'end-session': 'end-session'
  'open-console': 'open-console'
  other: 'other'
  power: 'power'
  'read-audit': 'read-audit'
  'read-recording': 'read-recording'
  'sign-in': 'sign-in'
  'sign-out': 'sign-out'
  'start-recording': 'start-recording'
  'stop-recording': 'stop-recording'
  'take-keyboard': 'take-keyboard'
}>
export type AuditAction = z.infer<typeof AuditAction>
export declare const AuditOutcome: z.ZodMiniEnum<{
  done: 'done'
  failed: 'failed'
  refused: 'refused'
}>
export type AuditOutcome = z.infer<typeof AuditOutcome>
/** One line of the audit log. Never what was typed or printed, never a token. */
export declare const AuditEvent: z.ZodMiniObject<
  {
    time: z.ZodMiniString<string>
    action: z.ZodMiniEnum<{
      'close-console': 'close-console'
      'delete-recording': 'delete-recording'
      'end-session': 'end-session'
      'open-console': 'open-console'
      other: 'other'
      power: 'power'
      'read-audit': 'read-audit'
      'read-recording': 'read-recording'
      'sign-in': 'sign-in'
      'sign-out': 'sign-out'
      'start-recording': 'start-recording'
      'stop-recording': 'stop-recording'
      'take-keyboard': 'take-keyboard'
    }>
    outcome: z.ZodMiniEnum<{
      done: 'done'
      failed: 'failed'
      refused: 'refused'
    }>
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
    user: z.ZodMiniNullable<
      z.ZodMiniObject<
        {
          id: z.ZodMiniString<string>
          name: z.ZodMiniString<string>
        },
        z.core.$strip
      >
    >
    from: z.ZodMiniString<string>
    server: z.ZodMiniNullable<
      z.ZodMiniObject<
        {
          id: z.ZodMiniString<string>
          name: z.ZodMiniNullable<z.ZodMiniString<string>>
        },
        z.core.$strip
      >
    >
    session: z.ZodMiniNullable<z.ZodMiniString<string>>
    durationMs: z.ZodMiniNullable<z.ZodMiniNumber<number>>
    bytesIn: z.ZodMiniNullable<z.ZodMiniNumber<number>>
    bytesOut: z.ZodMiniNullable<z.ZodMiniNumber<number>>
    detail: z.ZodMiniNullable<z.ZodMiniString<string>>
  },
  z.core.$strip
>
export type AuditEvent = z.infer<typeof AuditEvent>
/** Which events are asked for. */
export declare const AuditFilter: z.ZodMiniObject<
  {
    user: z.ZodMiniOptional<z.ZodMiniString<string>>
    server: z.ZodMiniOptional<z.ZodMiniString<string>>
    action: z.ZodMiniOptional<
      z.ZodMiniEnum<{
        'close-console': 'close-console'
        'delete-recording': 'delete-recording'
        'end-session': 'end-session'
        'open-console': 'open-console'
        other: 'other'
        power: 'power'
        'read-audit': 'read-audit'
        'read-recording': 'read-recording'
        'sign-in': 'sign-in'
        'sign-out': 'sign-out'
        'start-recording': 'start-recording'
        'stop-recording': 'stop-recording'
        'take-keyboard': 'take-keyboard'
      }>
    >
    outcome: z.ZodMiniOptional<
      z.ZodMiniEnum<{
        done: 'done'
        failed: 'failed'
        refused: 'refused'
      }>
    >
    from: z.ZodMiniOptional<z.ZodMiniISODateTime>
    to: z.ZodMiniOptional<z.ZodMiniISODateTime>
  },
  z.core.$strip
>
export type AuditFilter = z.infer<typeof AuditFilter>
/** Where a page of events begins, as the page before it told. */
export declare const AuditCursor: z.ZodMiniString<string>
/** Events, newest first. */
export declare const AuditList: z.ZodMiniObject<
  {
    events: z.ZodMiniArray<
      z.ZodMiniObject<
        {
          time: z.ZodMiniString<string>
          action: z.ZodMiniEnum<{
            'close-console': 'close-console'
            'delete-recording': 'delete-recording'
            'end-session': 'end-session'
            'open-console': 'open-console'
            other: 'other'
            power: 'power'
            'read-audit': 'read-audit'
            'read-recording': 'read-recording'
            'sign-in': 'sign-in'
            'sign-out': 'sign-out'
            'start-recording': 'start-recording'
            'stop-recording': 'stop-recording'
            'take-keyboard': 'take-keyboard'
          }>
          outcome: z.ZodMiniEnum<{
            done: 'done'
            failed: 'failed'
            refused: 'refused'
          }>
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
          user: z.ZodMiniNullable<
            z.ZodMiniObject<
              {
                id: z.ZodMiniString<string>
                name: z.ZodMiniString<string>
              },
              z.core.$strip
            >
          >
          from: z.ZodMiniString<string>
          server: z.ZodMiniNullable<
            z.ZodMiniObject<
              {
                id: z.ZodMiniString<string>
                name: z.ZodMiniNullable<z.ZodMiniString<string>>
              },
              z.core.$strip
            >
          >
          session: z.ZodMiniNullable<z.ZodMiniString<string>>
          durationMs: z.ZodMiniNullable<z.ZodMiniNumber<number>>
          bytesIn: z.ZodMiniNullable<z.ZodMiniNumber<number>>
          bytesOut: z.ZodMiniNullable<z.ZodMiniNumber<number>>
          detail: z.ZodMiniNullable<z.ZodMiniString<string>>
        },
        z.core.$strip
      >
    >
    older: z.ZodMiniNullable<z.ZodMiniString<string>>
    complete: z.ZodMiniBoolean<boolean>
    kept: z.ZodMiniEnum<{
      file: 'file'
      memory: 'memory'
    }>
    unwritten: z.ZodMiniNumber<number>
  },
  z.core.$strip
>
export type AuditList = z.infer<typeof AuditList>
