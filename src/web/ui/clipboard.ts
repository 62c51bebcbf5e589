/** @returns false when the browser refuses. On an insecure origin a page has no clipboard at all. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/**
 * @param html what programs take that show colours. It may still be on its way: Safari wants the question during the click.
 * @returns false when the browser refuses
 */
export async function copyHtml(html: Promise<string>, text: string): Promise<boolean> {
  const blob = (type: string, content: string) => new Blob([content], { type })
  try {
    await navigator.clipboard.write([
      new ClipboardItem({
        'text/html': html.then((content) => blob('text/html', content)),
        'text/plain': blob('text/plain', text),
      }),
    ])
    return true
  } catch {
    return false
  }
}

/** @returns null when the browser refuses */
export async function readClipboard(): Promise<string | null> {
  try {
    return await navigator.clipboard.readText()
  } catch {
    return null
  }
}
