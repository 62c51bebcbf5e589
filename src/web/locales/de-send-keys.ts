import type { enSendKeys } from './en-send-keys.ts'

/** See `en-send-keys.ts`. */
export const deSendKeys: typeof enSendKeys = {
  ask: '{action} mit SysRq {key}?',
  sysrq: {
    h: 'Hilfe',
    s: 'Platten synchronisieren',
    u: 'Nur lesbar einhängen',
    b: 'Sofort neu starten …',
    e: 'Alle Prozesse beenden …',
    i: 'Alle Prozesse abbrechen …',
    t: 'Prozesse zeigen',
    m: 'Speicher zeigen',
    w: 'Blockierte Prozesse zeigen',
    f: 'OOM-Killer ausführen',
    r: 'Tastatur aus Raw-Modus holen',
    o: 'Ausschalten …',
  },
  lost: {
    b: 'Der Kernel startet den Server sofort neu. Programme werden nicht beendet, Platten nicht synchronisiert, ungespeicherte Daten gehen verloren.',
    e: 'Der Kernel beendet alle Programme (SIGTERM) außer init. Dienste und die Shells aller Personen enden.',
    i: 'Der Kernel bricht alle Programme ab (SIGKILL) außer init. Ungespeicherte Daten gehen verloren.',
    o: 'Der Kernel schaltet den Server sofort aus. Programme werden nicht beendet, ungespeicherte Daten gehen verloren.',
  },
  names: {
    interrupt: 'unterbrechen',
    endOfInput: 'Ende der Eingabe',
    suspend: 'anhalten',
    quit: 'abbrechen',
    eraseWord: 'Wort löschen',
    eraseLine: 'Zeile löschen',
    clearScreen: 'Bildschirm leeren',
  },
  noSysrq:
    'Nicht verfügbar: Ein Web-Gateway kann kein BREAK senden, und es ist keine SysRq-Sequenz eingestellt',
}
