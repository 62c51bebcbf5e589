/**
 * Takes the SysRq sequence and the command key after it out of the typed text, as the kernel's serial driver does. The
 * text may come in any split. A character that does not continue the sequence releases all that was held back.
 */
export class SysRqFilter {
  #matched = ''

  constructor(
    readonly sequence: string,
    readonly onCommand: (key: string) => void,
  ) {}

  /** @returns what goes on to the terminal */
  take(char: string): string {
    if (this.#matched === this.sequence) {
      this.#matched = ''
      this.onCommand(char)
      return ''
    }
    const matched = this.#matched + char
    if (this.sequence.startsWith(matched)) {
      this.#matched = matched
      return ''
    }
    this.#matched = ''
    return matched
  }
}

/** What the kernel says to a command key; null for an unknown key */
export function sysRqAnswer(key: string): string | null {
  return Object.hasOwn(answers, key) ? (answers[key] ?? null) : null
}

const answers: Readonly<Record<string, string>> = {
  h: 'HELP : reboot(b) crash(c) terminate-all-tasks(e) memory-full-oom-kill(f) kill-all-tasks(i) show-memory-usage(m) poweroff(o) unraw(r) sync(s) show-task-states(t) unmount(u) show-blocked-tasks(w)',
  s: 'Emergency Sync',
  u: 'Emergency Remount R/O',
  b: 'Resetting',
  o: 'Power Off',
  t: 'Show State',
  m: 'Show Memory',
  w: 'Show Blocked State',
  e: 'Terminate All Tasks',
  i: 'Kill All Tasks',
  f: 'Manual OOM execution',
  r: 'Keyboard mode set to system default',
}
