import { once } from 'node:events'
import { type WebSocket, WebSocketServer } from 'ws'
import { expect, screen, seeOnScreen, test } from './stack.ts'

const lines = [
  'dash — en – quote ’ bullet • box ┌─┬─┐ │ │ └─┴─┘',
  'Příliš žluťoučký kůň úpěl ďábelské ódy',
  '日本語コンソール 한국어 콘솔 Ελληνικά кириллица',
  'combining e\u0301 rocket 🚀 four bytes 𠀀',
]

/**
 * A gateway in the place of the sandbox's, at the address that the proxy trusts: each byte is a frame of its own.
 * @returns the viewers' frames as they came
 */
async function startByteGateway(address: string, text: string) {
  const frames: { data: Buffer; isBinary: boolean }[] = []
  const { hostname, port } = new URL(`ws://${address}`)
  const server = new WebSocketServer({ host: hostname, port: Number(port), perMessageDeflate: false })
  await once(server, 'listening')
  server.on('connection', (viewer: WebSocket) => {
    viewer.on('message', (data: Buffer, isBinary) => void frames.push({ data, isBinary }))
    for (const byte of Buffer.from(text)) viewer.send(Buffer.of(byte))
  })
  return {
    frames,
    async close() {
      for (const viewer of server.clients) viewer.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('text that comes one byte a frame is whole on the screen, and typed text goes out whole', async ({
      page,
      stack,
    }) => {
      await stack.sandbox.killGateway()
      const coloured = lines.map((line, at) => `\x1b[1;3${at + 1}m${line}\x1b[0m\r\n`).join('')
      const gateway = await startByteGateway(stack.sandbox.gatewayHost, `${coloured}the end> `)
      try {
        await page.goto('/')
        await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
        await seeOnScreen(page, /the end>/)
        const shown = await screen(page)
        for (const line of lines) expect(shown).toContain(line)
        expect(shown).not.toContain('\ufffd')
        expect(shown).not.toContain('[0m')

        // As an input method gives it: composed first, then committed.
        const input = await page.context().newCDPSession(page)
        await input.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 })
        await input.send('Input.insertText', { text: 'kůň — 日本 🚀' })
        const sent = () => Buffer.concat(gateway.frames.map(({ data }) => data)).toString()
        await expect.poll(sent).toBe('kůň — 日本 🚀')
        // A gateway closes with 1003 on text frames.
        expect(gateway.frames.every(({ isBinary }) => isBinary)).toBe(true)
      } finally {
        await gateway.close()
      }
    })
  })
}
