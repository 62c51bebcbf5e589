import { expect } from 'vitest'

interface Answer {
  headers: Record<string, unknown>
  body: string
}

/**
 * For tests: the events of a search, as NDJSON brings them.
 * @param parse reads one event
 */
export function searchAnswer<Event extends { type: string }>(
  response: Answer,
  parse: (event: unknown) => Event,
) {
  expect(response.headers['content-type']).toContain('application/x-ndjson')
  const events = response.body
    .trim()
    .split('\n')
    .map((line) => parse(JSON.parse(line)))
  const isA =
    <Type extends Event['type']>(type: Type) =>
    (event: Event): event is Extract<Event, { type: Type }> =>
      event.type === type
  const end = events.at(-1)
  if (!end || !isA('end')(end)) throw new Error('The search has no end.')
  return { events, hits: events.filter(isA('hit')), end }
}
