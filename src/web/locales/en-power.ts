/** English for power: menus, questions and progress, which load when a person opens them. */
export const enPower = {
  /** In the menu: a question comes first. */
  askFirst: '{action}…',
  ask: '{action} {name}?',
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
