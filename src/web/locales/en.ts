import type { Cause } from '../../shared/cause.ts'

interface CauseWords {
  title: string
  next: string
}

const causes: Record<Cause, CauseWords> = {
  'bad-request': { title: 'The request was refused', next: 'Go back to the list and open the server again.' },
  'signed-out': { title: "The cloud does not accept the proxy's credentials", next: 'Ask the operator to check the credentials that this console uses, then reconnect.' },
  'no-permission': { title: 'You may not open this console', next: 'Ask your cloud administrator for the permission bms:servers:serialConsole.' },
  'server-not-found': { title: 'This server does not exist', next: 'It may have been deleted. Go back to the list.' },
  'server-not-ready': { title: 'The server is not ready for a console', next: 'It may still be in provisioning. We keep trying.' },
  'server-not-running': { title: 'The server is powered off', next: 'Power it on, then reconnect.' },
  'unsupported-os': { title: 'Windows has no serial console here', next: 'The cloud offers none for Windows servers: use remote desktop instead.' },
  throttled: { title: 'Too many requests', next: 'The cloud asked us to slow down. We try again when it allows.' },
  'cloud-timeout': { title: 'The cloud does not answer', next: 'The server itself may be fine. We keep trying.' },
  'cloud-unreachable': { title: 'The cloud cannot be reached', next: 'The connection from this console to the cloud is down. We keep trying.' },
  'cloud-error': { title: 'The cloud failed', next: 'Its answer was not usable. We keep trying.' },
  'console-url-refused': { title: 'The console is at an address that is not trusted', next: 'Ask the operator to add the gateway to BMS_CONSOLE_GATEWAYS if it is yours.' },
  'gateway-unreachable': { title: 'The serial gateway cannot be reached', next: 'A firewall may be in the way. We keep trying with a fresh link.' },
  'gateway-refused': { title: 'The gateway refused the link', next: 'It hung up before the first byte, as it does when a link has expired. We ask for a fresh one.' },
  'origin-refused': { title: 'The gateway refuses this page', next: 'Several fresh links were refused. Ask the operator to allow this page in the gateway ([console] allowed_origins), or to set the transport to relay.' },
  'gateway-closed': { title: 'The gateway closed the line', next: 'We reconnect with a fresh link.' },
  'network-lost': { title: 'The network is gone', next: 'Check your connection. We reconnect as soon as it is back.' },
  'taken-over': { title: 'Somebody else took the console', next: 'A serial port has one reader. Reconnect to take it back.' },
  'idle-limit': { title: 'The console was idle for too long', next: 'Reconnect to go on.' },
  'operator-ended': { title: 'An operator ended this console', next: 'Ask them before you reconnect.' },
  'ticket-refused': { title: 'The ticket was used or too old', next: 'We ask for a new one.' },
  'protocol-error': { title: 'The other side is not understood', next: 'The gateway speaks another protocol. Tell the operator what the detail below says.' },
  'proxy-unreachable': { title: 'This console’s own server cannot be reached', next: 'It may be restarting. We keep trying.' },
  'proxy-restarting': { title: 'This console’s own server restarts', next: 'We reconnect when it is back.' },
  'proxy-error': { title: 'This console’s own server failed', next: 'Its log has the reason. We keep trying.' },
}

const status = {
  active: 'Active', stopped: 'Stopped', building: 'Building', rebooting: 'Rebooting', error: 'Error', deleted: 'Deleted', unknown: 'Unknown',
}

/** English: the source of every text. */
export const en = {
  causes,
  shell: { skip: 'Skip to the content', theme: 'Change theme (now {theme})', light: 'light', dark: 'dark', notFound: 'There is no such page', toList: 'All servers' },
  servers: {
    title: 'Servers', count: '{count, plural, one {# server} other {# servers}}', search: 'Search servers', refresh: 'Refresh', updated: 'Updated {time}',
    name: 'Name', status: 'Status', power: 'Power', os: 'Operating system', addresses: 'Addresses', zone: 'Zone', flavor: 'Flavor', console: 'Console', open: 'Open console',
    windows: 'No serial console on Windows', unknownOs: 'May be refused: system unknown', on: 'On', off: 'Off', unknownPower: 'Unknown', none: 'This project has no bare-metal servers', noMatch: 'No server matches “{query}”', clear: 'Clear search',
    hardware: '{vcpus} vCPU · {memory} GiB · {disk} GiB disk', loading: 'Loading servers', retry: 'Try again', detail: 'Technical detail', statuses: status,
  },
  console: {
    back: 'All servers', terminal: 'Serial console', retry: 'Reconnect', disconnect: 'Disconnect', detail: 'Technical detail',
    idle: 'Not connected', issuing: 'Asking the cloud', opening: 'Opening the line', silent: 'Connected, silent', live: 'Live', waiting: 'Reconnecting', ended: 'Ended', userEnded: 'You disconnected', userEndedNext: 'What was shown stays here. Reconnect to go on.',
    again: 'Next try in {seconds} s', now: 'Try now', silentTitle: 'Nothing received yet', silentNext: 'An idle login prompt prints nothing until Enter is pressed. If it stays silent, somebody else may hold the port, or the machine is off.', pressEnter: 'Press Enter',
    notSent: 'Not sent: the line is down.', seam: 'line lost, back after {seconds} s', sendKeys: 'Send keys', control: 'Control', functionKeys: 'Function keys', navigation: 'Navigation', sysrq: 'Magic SysRq', sysrqNone: 'Not available: a web gateway cannot send a BREAK, and no SysRq sequence is configured',
    sysrqKeys: { h: 'Help', s: 'Sync disks', u: 'Remount read-only', b: 'Reboot at once', e: 'Terminate all tasks', i: 'Kill all tasks', t: 'Show tasks', m: 'Show memory', w: 'Show blocked tasks', f: 'Run the OOM killer', r: 'Take keyboard from raw mode', o: 'Power off' },
    paste: 'Paste', pasteTitle: 'Paste {lines, plural, one {# line} other {# lines}}?', pasteWarning: 'Each line end is an Enter: the machine may run every line.', pasteRemoved: '{count, plural, one {# control character was} other {# control characters were}} taken out.', pasteBlocked: 'The browser did not allow reading the clipboard. Use Ctrl+Shift+V.', cancel: 'Cancel', pasting: 'Pasting {percent} %',
    copy: 'Copy selection', download: 'Download scrollback', larger: 'Larger text', smaller: 'Smaller text', fullScreen: 'Full screen', leaveHint: 'Ctrl+F6 leaves the terminal', copyPasteHint: 'Ctrl+Shift+C copies, Ctrl+Shift+V pastes', toolbar: 'Console tools',
    linkTitle: 'Open this link?', linkWarning: 'It was printed by the server. Check where it leads.', openLink: 'Open',
  },
}
