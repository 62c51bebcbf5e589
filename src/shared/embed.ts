import * as z from 'zod/mini'
import { Cause } from './cause.ts'
import { CurrentUser } from './user.ts'

/**
 * What an embedded console and the page around it say to each other by `postMessage`. Each side takes a message only
 * from the exact origin that it expects, and sends to that origin only.
 */
export const EMBED_VERSION = 1

/** Tells our messages from others that a page may post. */
const envelope = { channel: z.literal('bms-console'), version: z.literal(EMBED_VERSION) }

const text = (max: number) => z.string().check(z.maxLength(max))

/** A launch ticket: a JWT that the portal's backend has signed. */
export const LaunchTicket = z.string().check(z.minLength(1), z.maxLength(8_192))

export const EmbedTheme = z.enum(['light', 'dark'])
/** BCP 47, e.g. `de`; one that we do not have falls back to English. */
export const Language = z.string().check(z.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/))
const FontSize = z.number().check(z.int(), z.gte(9), z.lte(28))

/** What the page around tells the console. */
export const EmbedCommand = z.discriminatedUnion('type', [
  /** Comes first: the console answers `ready`, and from then on tells what happens. */
  z.object({ ...envelope, type: z.literal('hello') }),
  /** The ticket to open the console with, where it did not come in the address. */
  z.object({ ...envelope, type: z.literal('launch'), ticket: LaunchTicket }),
  /** A new ticket for the same user and server, before the one in use ends. The screen stays. */
  z.object({ ...envelope, type: z.literal('renew-ticket'), ticket: LaunchTicket }),
  z.object({ ...envelope, type: z.literal('connect') }),
  z.object({ ...envelope, type: z.literal('disconnect') }),
  z.object({ ...envelope, type: z.literal('focus') }),
  /** Typed as it is, as if from the keyboard. */
  z.object({ ...envelope, type: z.literal('send'), text: text(4_096) }),
  /** Goes the way of every paste: cleaned, paced, and asked for where it has several lines. */
  z.object({ ...envelope, type: z.literal('paste'), text: text(1_048_576) }),
  z.object({
    ...envelope,
    type: z.literal('set'),
    theme: z.optional(EmbedTheme),
    language: z.optional(Language),
    fontSize: z.optional(FontSize),
  }),
  /** Answered by `transcript` with the same id. */
  z.object({ ...envelope, type: z.literal('get-transcript'), id: text(64) }),
])
export type EmbedCommand = z.infer<typeof EmbedCommand>

export const EmbedState = z.enum([
  'idle',
  'issuing',
  'opening',
  'silent',
  'live',
  'recovering',
  'waiting',
  'ended',
])
export type EmbedState = z.infer<typeof EmbedState>

/** What the console tells the page around it. */
export const EmbedEvent = z.discriminatedUnion('type', [
  z.object({ ...envelope, type: z.literal('ready') }),
  z.object({
    ...envelope,
    type: z.literal('state'),
    state: EmbedState,
    /** Whether what is typed here reaches the line. */
    mayType: z.boolean(),
  }),
  /** What the machine calls its terminal: text from the line, to be shown as text. */
  z.object({ ...envelope, type: z.literal('title'), title: text(256) }),
  z.object({ ...envelope, type: z.literal('bell') }),
  /** Something did not work; `retries` when the console goes on by itself. Words are in the console's language. */
  z.object({
    ...envelope,
    type: z.literal('error'),
    cause: Cause,
    title: z.string(),
    next: z.string(),
    detail: z.nullable(z.string()),
    retries: z.boolean(),
  }),
  /** The session is over. null: because somebody here disconnected */
  z.object({ ...envelope, type: z.literal('ended'), cause: z.nullable(Cause) }),
  /** A new ticket is needed by then, ISO 8601. */
  z.object({ ...envelope, type: z.literal('ticket-expiring'), expiresAt: z.string() }),
  z.object({ ...envelope, type: z.literal('transcript'), id: z.string(), text: z.string() }),
])
export type EmbedEvent = z.infer<typeof EmbedEvent>

/** `POST /api/embed/exchange`: a launch ticket for a bearer that the page keeps in memory only. */
export const ExchangeRequest = z.object({ ticket: LaunchTicket })
export type ExchangeRequest = z.infer<typeof ExchangeRequest>

export const EmbedGrant = z.object({
  bearer: z.string(),
  /** ISO 8601: until then, unless it is renewed */
  expiresAt: z.string(),
  server: z.string(),
  user: CurrentUser,
  theme: z.nullable(EmbedTheme),
  language: z.nullable(z.string()),
})
export type EmbedGrant = z.infer<typeof EmbedGrant>

/** What the embedded page is served with, as JSON in its own HTML. */
export const EmbedSettings = z.object({
  /** The pages that may embed it; none: embedding is off. */
  origins: z.array(z.string()),
})
export type EmbedSettings = z.infer<typeof EmbedSettings>

/**
 * `GET /api/embed/check`, readable by any page: whether the page that asks may embed the console. A frame that the
 * browser refuses is blank; by this the page around can say why.
 */
export const EmbedCheck = z.object({ enabled: z.boolean(), allowed: z.boolean() })
export type EmbedCheck = z.infer<typeof EmbedCheck>
