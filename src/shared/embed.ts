import * as z from 'zod/mini'
import { Cause } from './cause.ts'
import { Chord } from './chord.ts'
import { TerminalSize } from './terminal-size.ts'
import { CurrentUser } from './user.ts'

/**
 * The messages between an embedded console and the page around it, by `postMessage`. Each side accepts messages from
 * one exact origin, and sends to that origin only.
 */
export const EMBED_VERSION = 1

/** Tells our messages from others that a page may post */
const envelope = { channel: z.literal('bms-console'), version: z.literal(EMBED_VERSION) }

const text = (max: number) => z.string().check(z.maxLength(max))

/** A launch ticket: a JWT that the portal's backend has signed. */
export const LaunchTicket = z.string().check(z.minLength(1), z.maxLength(8_192))

export const EmbedTheme = z.enum(['light', 'dark'])
/** BCP 47, e.g. `de`. A language that we do not have falls back to English. */
export const Language = z.string().check(z.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/))
/** `none`: the console has no bar of its own. */
export const EmbedChrome = z.enum(['bar', 'none'])
export type EmbedChrome = z.infer<typeof EmbedChrome>
const FontSize = z.number().check(z.int(), z.gte(9), z.lte(28))

/** From the page around to the console. */
export const EmbedCommand = z.discriminatedUnion('type', [
  /** Comes first. The console answers `ready` and reports events from then on. */
  z.object({ ...envelope, type: z.literal('hello') }),
  /** The ticket that opens the console, if it was not in the address */
  z.object({ ...envelope, type: z.literal('launch'), ticket: LaunchTicket }),
  /** A new ticket for the same user and server, sent before the current one ends. The screen stays. */
  z.object({ ...envelope, type: z.literal('renew-ticket'), ticket: LaunchTicket }),
  z.object({ ...envelope, type: z.literal('connect') }),
  z.object({ ...envelope, type: z.literal('disconnect') }),
  z.object({ ...envelope, type: z.literal('focus') }),
  /** Typed unchanged, as if from the keyboard */
  z.object({ ...envelope, type: z.literal('send'), text: text(4_096) }),
  /** Handled as every paste: cleaned, paced, and confirmed if it has several lines */
  z.object({ ...envelope, type: z.literal('paste'), text: text(1_048_576) }),
  z.object({
    ...envelope,
    type: z.literal('set'),
    theme: z.optional(EmbedTheme),
    language: z.optional(Language),
    fontSize: z.optional(FontSize),
    chrome: z.optional(EmbedChrome),
    /** Keys that go to the page around, as `key`, and not to the line */
    passKeys: z.optional(z.array(Chord).check(z.maxLength(64))),
  }),
  /** Opens the search of the scrollback. */
  z.object({ ...envelope, type: z.literal('find') }),
  /** Opens the keypad, or closes it. */
  z.object({ ...envelope, type: z.literal('keypad') }),
  /** Makes the terminal as large as the frame lets it be, or of a size that stays. */
  z.object({ ...envelope, type: z.literal('set-size'), size: z.union([z.literal('fit'), TerminalSize]) }),
  z.object({ ...envelope, type: z.literal('take-keyboard') }),
  /** The console answers with a `transcript` of the same id. */
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

/** From the console to the page around it. */
export const EmbedEvent = z.discriminatedUnion('type', [
  z.object({ ...envelope, type: z.literal('ready') }),
  z.object({
    ...envelope,
    type: z.literal('state'),
    state: EmbedState,
    /** Whether keys typed here reach the line */
    mayType: z.boolean(),
  }),
  /** The terminal's title. The machine sets it, so show it as plain text. */
  z.object({ ...envelope, type: z.literal('title'), title: text(256) }),
  z.object({ ...envelope, type: z.literal('bell') }),
  /** How large the terminal is. `follows`: another viewer decides. */
  z.object({ ...envelope, type: z.literal('size'), ...TerminalSize.shape, follows: z.boolean() }),
  /** One of `passKeys` was pressed, as it was listed there. */
  z.object({ ...envelope, type: z.literal('key'), keys: z.string() }),
  /** Something failed. `retries`: the console tries again by itself. The words are in the console's language. */
  z.object({
    ...envelope,
    type: z.literal('error'),
    cause: Cause,
    title: z.string(),
    next: z.string(),
    detail: z.nullable(z.string()),
    retries: z.boolean(),
  }),
  /** The session is over. null: the user or the page disconnected */
  z.object({ ...envelope, type: z.literal('ended'), cause: z.nullable(Cause) }),
  /** The console needs a new ticket. */
  z.object({
    ...envelope,
    type: z.literal('ticket-expiring'),
    /** ISO 8601, by the clock of the browser, which console and host page share */
    expiresAt: z.string(),
    /** The time left when this was sent. Consoles of earlier versions do not tell it. */
    expiresInMs: z.optional(z.number()),
  }),
  z.object({ ...envelope, type: z.literal('transcript'), id: z.string(), text: z.string() }),
])
export type EmbedEvent = z.infer<typeof EmbedEvent>

/** `POST /api/embed/exchange` turns a launch ticket into a bearer, which the page keeps in memory only. */
export const ExchangeRequest = z.object({ ticket: LaunchTicket })
export type ExchangeRequest = z.infer<typeof ExchangeRequest>

export const EmbedGrant = z.object({
  bearer: z.string(),
  /** How long the bearer is good, unless it is renewed */
  expiresInMs: z.number(),
  server: z.string(),
  user: CurrentUser,
  theme: z.nullable(EmbedTheme),
  language: z.nullable(z.string()),
})
export type EmbedGrant = z.infer<typeof EmbedGrant>

/** Settings that the server writes into the embedded page's HTML, as JSON. */
export const EmbedSettings = z.object({
  /** Pages that may embed it; empty: embedding is off */
  origins: z.array(z.string()),
})
export type EmbedSettings = z.infer<typeof EmbedSettings>

/**
 * `GET /api/embed/check` tells any page whether it may embed the console. A frame that the browser refuses stays blank,
 * and with this answer the page around can say why.
 */
export const EmbedCheck = z.object({ enabled: z.boolean(), allowed: z.boolean() })
export type EmbedCheck = z.infer<typeof EmbedCheck>
