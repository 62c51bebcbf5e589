import { causes } from './de-causes.ts'
import { deConsole } from './de-console.ts'
import { deConsoles } from './de-consoles.ts'
import { deInPlace } from './de-in-place.ts'
import { dePages } from './de-pages.ts'
import { dePower } from './de-power.ts'
import { deSendKeys } from './de-send-keys.ts'
import { deServer } from './de-server.ts'
import { deSharing } from './de-sharing.ts'
import { deTerminal } from './de-terminal.ts'
import { deTools } from './de-tools.ts'
import { deWay } from './de-way.ts'
import type { Words } from './en.ts'

/** German, with "Sie". */
export const de: Words = {
  causes,
  shell: {
    tryAgain: 'Erneut versuchen',
    missing: 'Dieser Teil konnte nicht geladen werden.',
    outdated:
      'Diese Seite stammt aus einer früheren Version von BMS Console. Laden Sie sie neu, um diesen Teil zu öffnen.',
    reload: 'Seite neu laden',
    close: 'Schließen',
    skip: 'Zum Inhalt springen',
    theme: 'Zum {theme} Design wechseln',
    light: 'hellen',
    dark: 'dunklen',
    notFound: 'Seite nicht gefunden',
    notFoundNext: 'Prüfen Sie die Adresse oder gehen Sie zur Liste der Server.',
    toList: 'Alle Server',
    detail: 'Technische Details',
    permission: 'Es fehlt die Berechtigung {permission}.',
    nextTry: 'Die Cloud wird frühestens in {time} wieder gefragt',
    nextTryNow: 'Die Cloud kann jetzt wieder gefragt werden',
    cancel: 'Abbrechen',
  },
  power: {
    title: 'Ein/Aus',
    of: 'Ein/Aus: {name}',
    actions: {
      'power-on': 'Einschalten',
      reboot: 'Neu starten',
      'hard-reboot': 'Neustart erzwingen',
      'power-off': 'Ausschalten',
      nmi: 'NMI senden',
    },
    states: {
      off: 'Ausgeschaltet',
      rebooting: 'Startet neu',
      'powering-on': 'Wird eingeschaltet',
      'powering-off': 'Wird ausgeschaltet',
      other: 'Aktion läuft',
    },
  },
  durations: { s: '{n} s', min: '{n} min', h: '{n} h', d: '{n} d' },
  sizes: { bytes: '{size} B', kib: '{size} KiB', mib: '{size} MiB' },
  ...dePages,
  powering: dePower,
  console: deConsole,
  consoles: deConsoles,
  server: deServer,
  way: deWay,
  inPlace: deInPlace,
  sharing: deSharing,
  sendKeys: deSendKeys,
  ...deTools,
  ...deTerminal,
  embed: {
    waiting: 'Warten auf das Portal',
    opening: 'Konsole wird geöffnet',
    alone: {
      title: 'Öffnen Sie diese Konsole im Portal',
      next: 'Gehen Sie zurück zum Portal und öffnen Sie sie erneut. Jedes Ticket gilt einmal und übersteht kein Neuladen.',
    },
    misplaced: {
      title: 'Dieses Portal darf die Konsole nicht anzeigen',
      next: 'Für die Administration: Nehmen Sie seinen Ursprung, {origin}, in BMS_CONSOLE_EMBED_ORIGINS auf.',
      nextUnknown:
        'Es hat keine Begrüßung gesendet. Für die Administration: Nehmen Sie seinen genauen Ursprung in BMS_CONSOLE_EMBED_ORIGINS auf und senden Sie „hello“ aus dem Portal.',
    },
    over: {
      title: 'Ihr Zugriff auf diese Konsole ist abgelaufen',
      next: 'Öffnen Sie sie erneut im Portal, um fortzufahren. Die Ausgabe bleibt bis dahin hier.',
    },
  },
}
