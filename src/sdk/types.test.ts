import { expectTypeOf, test } from 'vitest'
import type { EmbedCommand, EmbedEvent, EmbedState } from '../shared/embed.ts'
import type {
  BmsConsoleEventMap,
  ConsoleChrome,
  ConsoleSettings,
  ConsoleState,
  ConsoleTheme,
} from './types.ts'

type PublicEvent = Exclude<EmbedEvent, { type: 'transcript' }>
type DetailOf<T extends PublicEvent['type']> = BmsConsoleEventMap[`console-${T}`]['detail']
/** Causes are plain strings in the published types: a portal is not to be broken by a new one. */
type Loose<T> = { [K in keyof T]: K extends 'cause' ? string | Extract<T[K], null> : T[K] }
type Carried<T extends PublicEvent['type']> = Loose<
  Omit<Extract<PublicEvent, { type: T }>, 'channel' | 'version' | 'type'>
>

type Set = Omit<Extract<EmbedCommand, { type: 'set' }>, 'channel' | 'version' | 'type'>

test('the published types are the contract’s', () => {
  expectTypeOf<ConsoleState>().toEqualTypeOf<EmbedState>()
  expectTypeOf<ConsoleTheme>().toEqualTypeOf<NonNullable<Set['theme']>>()
  expectTypeOf<
    Exclude<keyof BmsConsoleEventMap, 'console-trouble'>
  >().toEqualTypeOf<`console-${PublicEvent['type']}`>()
  expectTypeOf<Carried<'state'>>().toEqualTypeOf<DetailOf<'state'>>()
  expectTypeOf<Carried<'title'>>().toEqualTypeOf<DetailOf<'title'>>()
  expectTypeOf<Carried<'size'>>().toEqualTypeOf<DetailOf<'size'>>()
  expectTypeOf<Carried<'key'>>().toEqualTypeOf<DetailOf<'key'>>()
  expectTypeOf<ConsoleChrome>().toEqualTypeOf<NonNullable<Set['chrome']>>()
  expectTypeOf<Carried<'error'>>().toEqualTypeOf<DetailOf<'error'>>()
  expectTypeOf<Carried<'ended'>>().toEqualTypeOf<DetailOf<'ended'>>()
  // The duration is always there: the element works it out where the console does not tell it.
  expectTypeOf<keyof Carried<'ticket-expiring'>>().toEqualTypeOf<keyof DetailOf<'ticket-expiring'>>()
  expectTypeOf<DetailOf<'ticket-expiring'>>().toEqualTypeOf<{ expiresAt: string; expiresInMs: number }>()
  expectTypeOf<DetailOf<'ready' | 'bell'>>().toEqualTypeOf<null>()
  expectTypeOf<ConsoleSettings>().toExtend<Set>()
})
