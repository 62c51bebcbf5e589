import type { Words } from './en.ts'

/** German for power. */
export const dePower: Words['powering'] = {
  askFirst: '{action} …',
  before: '{what}: ',
  ask: '{name}: {action}?',
  askNmi: 'NMI an {name} senden?',
  askMany: '{count, plural, one {# Server} other {# Server}}: {action}?',
  askManyNmi: 'NMI an {count, plural, one {# Server} other {# Server}} senden?',
  doMany: '{action} ({count, number})',
  ableOf: '{able, number} von {count, number}',
  noneAble: '{action}: Das geht jetzt bei keinem Server',
  noneAbleNext: 'Bei jedem Server steht der Grund.',
  skipped: '{count, plural, one {# Server wird übergangen} other {# Server werden übergangen}}',
  servers: 'Server',
  again: 'Erneut für die fehlgeschlagenen ({count, number})',
  close: 'Schließen',
  leave: 'Weiterlaufen lassen',
  closeLeaves: 'Sie können diesen Dialog schließen: Es geht weiter, und ein Hinweis zeigt wie.',
  waitingLost: 'Was noch wartet, entfällt, wenn Sie BMS Console verlassen.',
  held: 'Es waren zu viele Anfragen, daher eine Pause. Es geht weiter, sobald die Cloud es erlaubt.',
  over: 'Für jeden Server ist es beendet.',
  summary: {
    done: '{done, number} von {count, number} erledigt',
    failed: '{count, number} fehlgeschlagen',
    unfinished: '{count, number} nicht fertig',
  },
  steps: {
    waiting: 'Wartet',
    asking: 'Die Cloud wird gefragt',
    running: 'Angenommen, läuft',
    late: 'Nach {time} nicht fertig',
    done: 'Erledigt',
    sent: 'Gesendet',
    refused: 'Nicht ausgeführt: {why}',
    unheard: 'Nicht bestätigt: {why}',
    failed: 'In der Cloud fehlgeschlagen',
    unseen: 'Angenommen, aber das Ende ist nicht zu sehen: {why}',
    'given-up': 'Nach {time} nicht fertig, wird nicht mehr verfolgt',
  },
  lateNext:
    'Die Cloud hat es angenommen und führt es vielleicht noch aus. Wir sehen weiter nach, und Sie können es weiterlaufen lassen.',
  underWay: 'Ein/Aus-Aktionen',
  showProgress: 'Fortschritt zeigen',
  dismiss: 'Ausblenden',
  lost: {
    'power-on': 'Es geht nichts verloren. Was ein Server beim Start ausgibt, erscheint in seiner Konsole.',
    reboot:
      'Das Betriebssystem wird zum Neustart aufgefordert. Alle, die dort arbeiten, werden unterbrochen. Programme, die nicht rechtzeitig enden, verlieren nicht gespeicherte Daten.',
    'hard-reboot':
      'Das ist ein Zurücksetzen: Das Betriebssystem wird nicht gefragt. Daten, die nicht auf der Platte sind, gehen verloren, und Dateisysteme müssen eventuell repariert werden.',
    'power-off':
      'Damit endet alles, was dort läuft. Bis zum Einschalten ist nichts mehr erreichbar. Manche Clouds fragen zuerst das Betriebssystem. Andere schalten sofort den Strom ab, und Daten, die nicht auf der Platte sind, gehen verloren.',
    nmi: 'Ein nicht maskierbarer Interrupt hält das Betriebssystem an, was immer es gerade tut. Die meisten behandeln das als Absturz: Sie schreiben ein Speicherabbild, wenn das eingerichtet ist, und starten neu. Daten, die nicht auf der Platte sind, gehen verloren.',
  },
  forced: {
    reboot:
      'Diese Cloud erzwingt jeden Neustart: Das Betriebssystem wird nicht gefragt. Daten, die nicht auf der Platte sind, gehen verloren, und Dateisysteme müssen eventuell repariert werden.',
    'power-off':
      'Damit endet alles, was dort läuft. Bis zum Einschalten ist nichts mehr erreichbar. Diese Cloud schaltet sofort den Strom ab, und Daten, die nicht auf der Platte sind, gehen verloren.',
  },
  accepted: '{action}: angefordert',
  notAccepted: '{action}: nicht bestätigt',
  noPermission: 'Ihre Cloud-Administration muss es erlauben',
  lookFirst: 'Prüfen Sie den Zustand des Servers, bevor Sie es erneut versuchen.',
  roleForbids: 'Ihre Rolle erlaubt es nicht',
  obstacles: {
    'already-on': 'Bereits eingeschaltet',
    'already-off': 'Bereits ausgeschaltet',
    'powered-off': 'Server ist aus. Schalten Sie ihn zuerst ein.',
    'task-under-way': 'Eine andere Aktion läuft noch',
    locked: 'Server ist in der Cloud gesperrt',
    building: 'Server wird noch erstellt',
    deleted: 'Server ist gelöscht',
    'in-error': 'Server ist im Fehlerzustand. Nutzen Sie „Neustart erzwingen“.',
  },
}
