/** The field has the focus, and all its text is replaced by the next key. `select` alone gives the focus in Chromium only. */
export function focusAndSelect(field: HTMLInputElement | HTMLTextAreaElement | null): void {
  field?.focus()
  field?.select()
}
