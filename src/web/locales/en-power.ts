/** English for power: menus, questions and progress, which load when a person opens them. */
export const enPower = {
  /** In the menu: a question comes first. */
  askFirst: '{action}…',
  /** Before a reason or a summary */
  before: '{what}: ',
  ask: '{action} {name}?',
  askNmi: 'Send an NMI to {name}?',
  askMany: '{action} {count, plural, one {# server} other {# servers}}?',
  askManyNmi: 'Send an NMI to {count, plural, one {# server} other {# servers}}?',
  doMany: '{action} ({count, number})',
  ableOf: '{able, number} of {count, number}',
  noneAble: '{action}: no server can do this now',
  noneAbleNext: 'Each server is listed with its reason.',
  skipped: '{count, plural, one {# server is skipped} other {# servers are skipped}}',
  servers: 'Servers',
  again: 'Again for the failed ({count, number})',
  close: 'Close',
  leave: 'Leave it running',
  closeLeaves: 'You can close this dialog: it goes on, and a note shows how.',
  waitingLost: 'What waits its turn is not done if you leave BMS Console.',
  held: 'Too many requests were sent, so this pauses. It goes on as soon as the cloud allows it.',
  over: 'This has ended for every server.',
  summary: {
    done: '{done, number} of {count, number} done',
    failed: '{count, number} failed',
    unfinished: '{count, number} not finished',
  },
  steps: {
    waiting: 'Waits its turn',
    asking: 'Asking the cloud',
    running: 'Accepted, in progress',
    late: 'Not finished after {time}',
    done: 'Done',
    sent: 'Sent',
    refused: 'Not done: {why}',
    unheard: 'Not confirmed: {why}',
    failed: 'Failed in the cloud',
    unseen: "Accepted, but we can't see how it ends: {why}",
    'given-up': "Not finished after {time}, and we've stopped looking",
  },
  lateNext:
    "The cloud has accepted it and may still finish it. We'll keep looking, and you can leave it running.",
  underWay: 'Power actions',
  showProgress: 'Show progress',
  dismiss: 'Dismiss',
  /** What the action means, for one server or several. */
  lost: {
    'power-on': 'Nothing is lost. What a server prints while it boots appears in its console.',
    reboot:
      "The operating system is asked to restart. It interrupts everyone working there, and programs that don't stop in time lose unsaved work.",
    'hard-reboot':
      'This is a reset: the operating system is not asked. Data not written to disk is lost, and file systems may need repair.',
    'power-off':
      "This stops everything running there, and no one can reach it until it's powered on. Some clouds ask the operating system first. Others cut the power immediately, and data not written to disk is lost.",
    nmi: 'A non-maskable interrupt stops the operating system, whatever it is doing. Most treat it as a crash: they write a crash dump if they are set up to, and restart. Data not written to disk is lost.',
  },
  /** The same, on a cloud that asks no operating system. */
  forced: {
    reboot:
      'This cloud forces every reboot: the operating system is not asked. Data not written to disk is lost, and file systems may need repair.',
    'power-off':
      "This stops everything running there, and no one can reach it until it's powered on. This cloud cuts the power immediately, and data not written to disk is lost.",
  },
  accepted: '{action} requested',
  notAccepted: '{action} was not confirmed',
  noPermission: 'Your cloud administrator has to allow it',
  lookFirst: "Check the server's state before you try again.",
  roleForbids: "Your role doesn't allow it",
  obstacles: {
    'already-on': 'Already on',
    'already-off': 'Already off',
    'powered-off': 'Server is off. Power it on first.',
    'task-under-way': 'Another operation is in progress',
    locked: 'Server is locked in the cloud',
    building: 'Server is still being created',
    deleted: 'Server is deleted',
    'in-error': 'Server is in error. Use Force reboot.',
  },
}
