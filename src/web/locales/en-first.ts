import type { Cause } from '../../shared/cause.ts'
import { enPages } from './en-pages.ts'

interface CauseWords {
  title: string
  next: string
}

const causes: Record<Cause, CauseWords> = {
  'bad-request': {
    title: 'The request is not valid',
    next: 'Go back to the list and open the server again.',
  },
  'signed-out': {
    title: "The cloud rejected BMS Console's credentials",
    next: 'Ask your administrator to check them, then reconnect.',
  },
  'no-permission': {
    title: "You don't have permission",
    next: 'Ask your cloud administrator for access.',
  },
  'server-not-found': { title: 'Server not found', next: 'Go back to the list and choose another server.' },
  'server-not-ready': {
    title: 'The server is not ready for a console',
    next: "We'll keep trying until it is.",
  },
  'server-not-running': {
    title: 'The server is powered off',
    next: "Power it on. We'll keep trying until it runs.",
  },
  'server-busy': {
    title: "The server can't do this in its present state",
    next: 'Wait until its current operation ends, then look at its state again.',
  },
  'unsupported-os': {
    title: 'No serial console on Windows',
    next: 'The cloud offers none for Windows servers. Use remote desktop instead.',
  },
  'no-serial-console': {
    title: 'No serial console for this server',
    next: 'Ask your cloud administrator to turn on serial consoles on its host, then reconnect.',
  },
  throttled: { title: 'Too many requests', next: "We'll try again as soon as it's allowed." },
  'cloud-timeout': { title: 'The cloud is not responding', next: "We'll keep trying." },
  'cloud-unreachable': {
    title: "Can't reach the cloud",
    next: "BMS Console can't connect to it. We'll keep trying.",
  },
  'cloud-error': {
    title: 'The cloud request failed',
    next: "The cloud's response was an error or not readable. We'll keep trying.",
  },
  'no-endpoint': {
    title: 'The cloud has no servers in this region',
    next: "Ask your administrator to check the region and the interface in BMS Console's settings.",
  },
  'list-incomplete': {
    title: 'The list is incomplete',
    next: 'The cloud failed before it had listed all servers. Refresh the list.',
  },
  'answer-too-long': {
    title: "The cloud's response is too long",
    next: 'Send the technical details below to your administrator.',
  },
  'console-url-refused': {
    title: 'The gateway is not trusted',
    next: 'If the gateway is yours, ask your administrator to add it to BMS_CONSOLE_GATEWAYS.',
  },
  'gateway-unreachable': { title: "Can't reach the gateway", next: "We'll keep trying with a new link." },
  'gateway-not-encrypted': {
    title: "The browser won't open an unencrypted gateway",
    next: 'This page is on https, the gateway on plain ws. Ask your administrator to put TLS in front of the gateway, or to set BMS_CONSOLE_TRANSPORT to relay.',
  },
  'gateway-forbidden': {
    title: "This page isn't allowed to reach the gateway",
    next: "Reload the page. If that doesn't help: a page's security policy can't name an IPv6 address, so ask your administrator to give the gateway a host name or to set BMS_CONSOLE_TRANSPORT to relay.",
  },
  'gateway-hung-up': {
    title: 'The gateway hung up before sending any data',
    next: "Either it rejects the link, or the server's host is down: it does the same in both cases. The next try uses a new link.",
  },
  'origin-doubtful': {
    title: 'The gateway hung up at once',
    next: "Either it rejects this page or the link, or the server's host is down: it does the same in each case. The next try uses a new link.",
  },
  'origin-refused': {
    title: 'The gateway hangs up on every try',
    next: "It hung up on several new links before sending any data. If the server's host is down, reconnect when it's back. If not, the gateway rejects this page: ask your administrator to allow its origin there ([console] allowed_origins) or to set the transport to relay.",
  },
  'gateway-closed': { title: 'The gateway closed the connection', next: "We'll reconnect with a new link." },
  'gateway-silent': {
    title: 'The gateway stopped answering',
    next: "We'll reconnect with a new link.",
  },
  'network-lost': {
    title: "You're offline",
    next: "Check your connection. We'll reconnect when you're back online.",
  },
  'relay-silent': {
    title: 'BMS Console stopped answering',
    next: "We'll reconnect. If this goes on, check your network.",
  },
  'in-use': {
    title: 'This console may be in use',
    next: 'Opening it may end another line.',
  },
  'taken-over': { title: 'This console is open in another tab', next: 'Reconnect to use it here.' },
  'idle-limit': { title: 'The session timed out', next: 'No one typed for too long. Reconnect to continue.' },
  'time-limit': { title: 'The session reached its time limit', next: 'Reconnect to start a new one.' },
  'session-limit': {
    title: 'Too many consoles are open',
    next: 'Wait until one is closed, or ask your administrator to raise BMS_CONSOLE_MAX_SESSIONS.',
  },
  'user-limit': { title: 'You have too many consoles open', next: 'Close one of them, then reconnect.' },
  'viewer-limit': {
    title: 'This console has too many viewers',
    next: 'Wait until one of them leaves, then reconnect.',
  },
  'operator-ended': {
    title: 'This console was ended for everyone',
    next: 'Ask the person who ended it before you reconnect.',
  },
  'no-viewer': {
    title: 'This console was closed because everyone left',
    next: 'Reconnect to open it again.',
  },
  'ticket-refused': { title: 'The ticket is used or expired', next: "We'll get a new one." },
  'protocol-error': {
    title: 'Unexpected response from the gateway',
    next: 'Send the technical details below to your administrator.',
  },
  'page-outdated': {
    title: 'This page is older than the server',
    next: 'Reload the page.',
  },
  'log-off': {
    title: 'History is turned off',
    next: 'To keep what servers print, ask your administrator to set BMS_CONSOLE_LINE_LOG_DIR.',
  },
  'boot-not-found': {
    title: 'Boot not found',
    next: 'Choose another boot, or go to the end of the history.',
  },
  'recordings-off': {
    title: 'Recording is turned off',
    next: 'To turn it on, ask your administrator to set BMS_CONSOLE_RECORDINGS.',
  },
  'recording-not-found': { title: 'Recording not found', next: 'Go back to the list of recordings.' },
  'recording-under-way': {
    title: 'This console is still being recorded',
    next: 'Delete the recording after it ends.',
  },
  'recording-kept': {
    title: "Recordings can't be deleted here",
    next: 'They are kept until they expire. Ask your administrator if this one has to go sooner.',
  },
  'recording-limit': {
    title: 'This recording takes too much work',
    next: 'Searching or exporting it needs more time or memory than the server allows. Download it as asciicast instead.',
  },
  'recordings-busy': {
    title: 'Too many searches and exports at once',
    next: 'Try again in a minute.',
  },
  'audit-off': {
    title: 'The audit log is turned off',
    next: 'To turn it on, ask your administrator to set BMS_CONSOLE_AUDIT to stdout or file.',
  },
  'sign-in-needed': { title: "You're signed out", next: 'Your session has expired. Sign in to continue.' },
  'sign-in-throttled': { title: 'Too many failed sign-ins', next: 'Wait a while, then try again.' },
  'sign-in-failed': {
    title: 'Sign-in failed',
    next: 'Try again. If it keeps failing, send the technical details below to your administrator.',
  },
  'credentials-refused': {
    title: 'The cloud rejected these credentials',
    next: 'Check what you entered, then try again.',
  },
  'code-needed': { title: 'This account needs a code', next: 'Enter the code from your authenticator app.' },
  'no-role': {
    title: "You don't have a role here",
    next: "You're signed in, but none of your groups has access. Ask your administrator for a role.",
  },
  'no-project': {
    title: 'You belong to no project in the cloud',
    next: 'Ask your cloud administrator to add you to a project.',
  },
  'role-forbids': {
    title: "Your role doesn't allow this",
    next: 'Ask your administrator for a role that does.',
  },
  'launch-refused': {
    title: 'This ticket is not valid',
    next: "Open the console from the portal again. If that doesn't help, send the technical details below to the portal's administrator.",
  },
  'embed-off': {
    title: "This console can't be embedded here",
    next: 'Ask your administrator to add this page to BMS_CONSOLE_EMBED_ORIGINS.',
  },
  'proxy-unreachable': { title: "Can't reach BMS Console", next: "We'll keep trying." },
  'proxy-restarting': { title: 'BMS Console is restarting', next: "We'll reconnect when it's back." },
  'proxy-restarted': {
    title: 'BMS Console was restarted',
    next: "We're reconnecting. What the server printed meanwhile is lost.",
  },
  'line-moved': {
    title: 'This console has moved',
    next: "Another replica of BMS Console has it now. We're reconnecting.",
  },
  'store-unreachable': {
    title: "BMS Console can't reach its store",
    next: "We'll keep trying. Consoles come back with it.",
  },
  'too-many-requests': {
    title: 'Too many requests from here',
    next: "BMS Console limits requests for each user and address. We'll try again shortly.",
  },
  overloaded: {
    title: 'BMS Console is overloaded',
    next: "Open consoles keep working. We'll try again shortly.",
  },
  'proxy-error': { title: 'BMS Console failed', next: "Its log has the reason. We'll keep trying." },
}

/** English that comes with every page. */
export const enFirst = {
  causes,
  shell: {
    tryAgain: 'Try again',
    missing: 'This part could not be loaded.',
    outdated: 'This page is from an earlier version of BMS Console. Reload it to open this part.',
    reload: 'Reload page',
    close: 'Close',
    skip: 'Skip to content',
    theme: 'Switch to {theme} theme',
    light: 'light',
    dark: 'dark',
    notFound: 'Page not found',
    notFoundNext: 'Check the address, or go to the list of servers.',
    toList: 'All servers',
    detail: 'Technical details',
    permission: 'The missing permission is {permission}.',
    nextTry: 'The cloud is asked again in {time} at the earliest',
    nextTryNow: 'The cloud can be asked again now',
    cancel: 'Cancel',
  },
  power: {
    title: 'Power',
    of: 'Power for {name}',
    actions: {
      'power-on': 'Power on',
      reboot: 'Reboot',
      'hard-reboot': 'Force reboot',
      'power-off': 'Power off',
      nmi: 'Send NMI',
    },
    states: {
      off: 'Powered off',
      rebooting: 'Rebooting',
      'powering-on': 'Powering on',
      'powering-off': 'Powering off',
      other: 'Operation in progress',
    },
  },
  durations: { s: '{n} s', min: '{n} min', h: '{n} h', d: '{n} d' },
  sizes: { bytes: '{size} B', kib: '{size} KiB', mib: '{size} MiB' },
  ...enPages,
  embed: {
    waiting: 'Waiting for the portal',
    opening: 'Opening console',
    alone: {
      title: 'Open this console from the portal',
      next: "Go back to the portal and open it again. Each ticket works once and doesn't survive a reload.",
    },
    misplaced: {
      title: 'This portal is not allowed to show the console',
      next: 'For administrators: add its origin, {origin}, to BMS_CONSOLE_EMBED_ORIGINS.',
      nextUnknown:
        "It didn't send a greeting. For administrators: add its exact origin to BMS_CONSOLE_EMBED_ORIGINS, and send “hello” from the portal.",
    },
    over: {
      title: 'Your access to this console has expired',
      next: 'Open it from the portal again to continue. The output stays here until then.',
    },
  },
}

export type FirstWords = typeof enFirst
