/** A response of one JSON object a line, split where a network may split it. */
export function ndjson(...events: readonly object[]): Response {
  const bytes = new TextEncoder().encode(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return new Response(
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 37) controller.enqueue(bytes.slice(at, at + 37))
        controller.close()
      },
    }),
  )
}
