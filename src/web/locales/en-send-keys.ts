/** English for the menu of keys, and the question before a grave SysRq command. */
export const enSendKeys = {
  ask: '{action} with SysRq {key}?',
  /** With dots where a question comes first. */
  sysrq: {
    h: 'Help',
    s: 'Sync disks',
    u: 'Remount read-only',
    b: 'Reboot immediately…',
    e: 'Terminate all tasks…',
    i: 'Kill all tasks…',
    t: 'Show tasks',
    m: 'Show memory',
    w: 'Show blocked tasks',
    f: 'Run the OOM killer',
    r: 'Take keyboard from raw mode',
    o: 'Power off…',
  },
  lost: {
    b: 'The kernel restarts the server at once. Programs are not stopped, disks are not synced, and unsaved data is lost.',
    e: 'The kernel ends all programs (SIGTERM), except init. Services and everyone’s shells stop.',
    i: 'The kernel kills all programs (SIGKILL), except init. Unsaved data is lost.',
    o: 'The kernel powers the server off at once. Programs are not stopped, and unsaved data is lost.',
  },
  names: {
    interrupt: 'interrupt',
    endOfInput: 'end of input',
    suspend: 'suspend',
    quit: 'quit',
    eraseWord: 'erase word',
    eraseLine: 'erase line',
    clearScreen: 'clear screen',
  },
  noSysrq: "Not available: a web gateway can't send a break, and no SysRq sequence is configured",
}
