import type { Words } from './en.ts'

/** German for power. */
export const dePower: Words['powering'] = {
  askFirst: '{action} …',
  ask: '{name}: {action}?',
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
