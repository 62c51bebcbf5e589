import type { ConsoleTroubleDetail } from './types.ts'

const css = `
:host {
  display: block; position: relative; min-height: 12rem; height: 24rem; contain: content;
  background: light-dark(#fbfcfd, #0b0f14);
}
:host([hidden]) { display: none }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
iframe { display: block; width: 100%; height: 100%; border: 0 }
.notice {
  position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: .5rem;
  padding: 1.5rem; overflow: auto; text-align: center; font: 0.875rem/1.5 system-ui, sans-serif;
  background: light-dark(#f5f7f9, #0d1218); color: light-dark(#1a222d, #e3e9f0);
}
/* The screen stays in sight where only the next ticket is missing. */
.notice.strip { inset: 0 0 auto; padding: .75rem 1rem; box-shadow: 0 1px 4px #0004 }
.notice[hidden] { display: none }
h2 { margin: 0; font-size: 1rem }
p { margin: 0; max-width: 60ch; overflow-wrap: anywhere; color: light-dark(#525c69, #9aa7b5) }
button {
  margin-top: .5rem; padding: .375rem .875rem; font: inherit; font-weight: 500; cursor: pointer;
  border: 1px solid light-dark(#d8dee6, #29323e); border-radius: 7px;
  background: light-dark(#fff, #151b23); color: inherit;
}
button:focus-visible { outline: 2px solid light-dark(#0b5cad, #6cb6ff); outline-offset: 2px }
`

/** Says in words why the element shows no console. */
export class Notice {
  readonly #box = document.createElement('div')
  readonly #title = document.createElement('h2')
  readonly #next = document.createElement('p')

  constructor(root: ShadowRoot, onRetry: () => void) {
    // A page's Content-Security-Policy may forbid style elements, so the sheet is built here.
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [sheet]
    const retry = document.createElement('button')
    retry.type = 'button'
    retry.textContent = 'Try again'
    retry.addEventListener('click', onRetry)
    this.#box.className = 'notice'
    this.#box.role = 'alert'
    this.#box.hidden = true
    this.#box.append(this.#title, this.#next, retry)
    root.append(this.#box)
  }

  /** @param over the notice lies over a screen that must stay visible */
  show({ title, next }: ConsoleTroubleDetail, over: boolean): void {
    this.#title.textContent = title
    this.#next.textContent = next
    this.#box.classList.toggle('strip', over)
    this.#box.hidden = false
  }

  hide(): void {
    this.#box.hidden = true
  }
}
