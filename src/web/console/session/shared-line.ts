import type { Moment } from '../../../shared/clock.ts'
import type { LineMark, ViewerMay } from '../../../shared/relay-protocol.ts'
import type { TerminalSize } from '../../../shared/terminal-size.ts'
import type { RelayEvent } from '../transport/transport.ts'
import { leftOf, type Wait } from './model.ts'
import { arrivalNews, hasKeyboard, type News, type Viewers, viewerNews } from './viewers.ts'

type Limit = Extract<RelayEvent, { type: 'warning' }>['limit']

/** What the page shows of a line that the relay shares between viewers. */
export interface SharedLine {
  /** What our role lets us do here. Null until the relay says so, and on a line without a relay. */
  may: ViewerMay | null
  /** Who is on this line. Null on a line that is not shared. */
  viewers: Viewers | null
  /** Whether the line is being recorded. Null where it cannot be. */
  recording: { on: boolean; mayChange: boolean } | null
  /** The session ends soon unless somebody asks to stay. */
  warning: { limit: Limit; ends: Wait } | null
  /** The size of all terminals on the line. Null where nobody has told one. */
  size: TerminalSize | null
  /** The lines that people have marked. Null where the relay keeps none, and on a line without a relay. */
  marks: readonly LineMark[] | null
  /** The last change worth a sentence. Each one is a new object. */
  news: News | null
}

export const aloneOnLine: SharedLine = {
  may: null,
  viewers: null,
  recording: null,
  warning: null,
  size: null,
  marks: null,
  news: null,
}

/** What is remembered beside what is shown. */
export interface SharedLineModel {
  shown: SharedLine
  /** The viewer to whom we handed the keyboard, so that the change is no news to us. */
  handedTo: string | null
  /** The last list said that another has the keyboard. That is no news after a cut. */
  watched: boolean
  /** Every limit that was announced, and how long it leaves. The page shows the first. */
  limits: ReadonlyMap<Limit, Wait>
}

export const initialSharedLine: SharedLineModel = {
  shown: aloneOnLine,
  handedTo: null,
  watched: false,
  limits: new Map(),
}

export type SharedLineEvent =
  | Extract<RelayEvent, { type: 'joined' | 'viewers' | 'recording' | 'warning' | 'size' | 'marks' }>
  | { type: 'handed'; viewer: string }
  | { type: 'closed' }

/** The next model after something happened among the line's viewers. */
export function reduceSharedLine(
  model: SharedLineModel,
  event: SharedLineEvent,
  now: Moment,
): SharedLineModel {
  const { shown } = model
  switch (event.type) {
    case 'joined':
      return { ...model, shown: { ...shown, may: event.may } }
    case 'viewers': {
      const viewers = { you: event.you, all: event.viewers }
      const arrival = model.watched ? null : arrivalNews(viewers)
      const news = shown.viewers ? viewerNews(shown.viewers, viewers, model.handedTo) : arrival
      return {
        ...model,
        handedTo: hasKeyboard(viewers) ? model.handedTo : null,
        watched: arrivalNews(viewers) !== null,
        shown: { ...shown, viewers, news: news ?? shown.news },
      }
    }
    case 'handed':
      return { ...model, handedTo: event.viewer }
    case 'recording': {
      const { on, mayChange } = event
      const changed = on !== (shown.recording?.on ?? false)
      const news: News | null = changed ? { kind: on ? 'recorded' : 'not-recorded' } : shown.news
      return { ...model, shown: { ...shown, recording: { on, mayChange }, news } }
    }
    case 'warning': {
      const limits = new Map(model.limits)
      if (event.endsInMs === null) limits.delete(event.limit)
      else limits.set(event.limit, { since: now, ms: event.endsInMs })
      const [first] = [...limits].sort(([, one], [, other]) => leftOf(one, now) - leftOf(other, now))
      const warning = first ? { limit: first[0], ends: first[1] } : null
      return { ...model, limits, shown: { ...shown, warning } }
    }
    case 'size':
      return { ...model, shown: { ...shown, size: event.size } }
    case 'marks':
      return { ...model, shown: { ...shown, marks: event.marks } }
    case 'closed':
      // Our rights and the marks stay: they are the same on the next connection.
      return { ...model, limits: new Map(), shown: { ...aloneOnLine, may: shown.may, marks: shown.marks } }
  }
}
