import type { Words } from './en.ts'

export const causes: Words['causes'] = {
  'bad-request': {
    title: 'Die Anfrage wurde abgelehnt',
    next: 'Gehen Sie zurück zur Liste und öffnen Sie den Server erneut.',
  },
  'signed-out': {
    title: 'Die Cloud nimmt die Zugangsdaten des Proxys nicht an',
    next: 'Bitten Sie den Betreiber, die Zugangsdaten dieser Konsole zu prüfen, und verbinden Sie dann neu.',
  },
  'no-permission': {
    title: 'Sie dürfen diese Konsole nicht öffnen',
    next: 'Bitten Sie Ihre Cloud-Administration um die Berechtigung bms:servers:serialConsole.',
  },
  'server-not-found': {
    title: 'Diesen Server gibt es nicht',
    next: 'Vielleicht wurde er gelöscht. Gehen Sie zurück zur Liste.',
  },
  'server-not-ready': {
    title: 'Der Server ist noch nicht bereit für eine Konsole',
    next: 'Vielleicht wird er noch eingerichtet. Wir versuchen es weiter.',
  },
  'server-not-running': {
    title: 'Der Server ist ausgeschaltet',
    next: 'Schalten Sie ihn ein und verbinden Sie dann neu.',
  },
  'unsupported-os': {
    title: 'Windows hat hier keine serielle Konsole',
    next: 'Die Cloud bietet sie für Windows-Server nicht an: Nutzen Sie stattdessen Remotedesktop.',
  },
  'no-serial-console': {
    title: 'Die Cloud bietet für diesen Server keine serielle Konsole',
    next: 'Ihr Betreiber muss serielle Konsolen auf dem Host der Maschine einschalten. Verbinden Sie dann neu.',
  },
  throttled: {
    title: 'Zu viele Anfragen',
    next: 'Die Cloud bittet um weniger Anfragen. Wir versuchen es wieder, sobald sie es erlaubt.',
  },
  'cloud-timeout': {
    title: 'Die Cloud antwortet nicht',
    next: 'Der Server selbst kann in Ordnung sein. Wir versuchen es weiter.',
  },
  'cloud-unreachable': {
    title: 'Die Cloud ist nicht erreichbar',
    next: 'Die Verbindung von dieser Konsole zur Cloud ist unterbrochen. Wir versuchen es weiter.',
  },
  'cloud-error': {
    title: 'Fehler in der Cloud',
    next: 'Ihre Antwort war nicht brauchbar. Wir versuchen es weiter.',
  },
  'console-url-refused': {
    title: 'Die Adresse der Konsole ist nicht vertrauenswürdig',
    next: 'Falls das Gateway zu Ihnen gehört, bitten Sie den Betreiber, es in BMS_CONSOLE_GATEWAYS aufzunehmen.',
  },
  'gateway-unreachable': {
    title: 'Das serielle Gateway ist nicht erreichbar',
    next: 'Vielleicht ist eine Firewall im Weg. Wir versuchen es mit einem neuen Link weiter.',
  },
  'gateway-refused': {
    title: 'Das Gateway hat den Link abgelehnt',
    next: 'Es hat vor dem ersten Byte aufgelegt, wie bei einem abgelaufenen Link. Wir holen einen neuen.',
  },
  'origin-refused': {
    title: 'Das Gateway lehnt diese Seite ab',
    next: 'Mehrere neue Links wurden abgelehnt. Bitten Sie den Betreiber, diese Seite im Gateway zuzulassen ([console] allowed_origins) oder das Relay als Übertragungsweg einzustellen.',
  },
  'gateway-closed': {
    title: 'Das Gateway hat die Leitung geschlossen',
    next: 'Wir verbinden mit einem neuen Link.',
  },
  'network-lost': {
    title: 'Das Netz ist weg',
    next: 'Prüfen Sie Ihre Verbindung. Wir verbinden neu, sobald sie wieder da ist.',
  },
  'taken-over': {
    title: 'Jemand anderes hat die Konsole übernommen',
    next: 'An einem seriellen Anschluss kann nur eine Person lesen. Verbinden Sie neu, um ihn zurückzuholen.',
  },
  'idle-limit': {
    title: 'Die Konsole war zu lange unbenutzt',
    next: 'Verbinden Sie neu, um weiterzuarbeiten.',
  },
  'time-limit': {
    title: 'Die Sitzung hat ihre Höchstdauer erreicht',
    next: 'Verbinden Sie neu, um eine weitere zu beginnen.',
  },
  'session-limit': {
    title: 'Es sind zu viele Konsolen offen',
    next: 'Diese Installation ist ausgelastet. Warten Sie, bis eine geschlossen wird, oder bitten Sie den Betreiber, BMS_CONSOLE_MAX_SESSIONS zu erhöhen.',
  },
  'user-limit': {
    title: 'Sie haben zu viele Konsolen offen',
    next: 'Schließen Sie eine davon und verbinden Sie dann neu.',
  },
  'viewer-limit': {
    title: 'Zu viele sehen dieser Konsole zu',
    next: 'Warten Sie, bis jemand geht, und verbinden Sie dann neu.',
  },
  'operator-ended': {
    title: 'Diese Konsole wurde für alle beendet',
    next: 'Fragen Sie zuerst, wer sie beendet hat, bevor Sie neu verbinden.',
  },
  'ticket-refused': {
    title: 'Das Ticket war schon benutzt oder zu alt',
    next: 'Wir holen ein neues.',
  },
  'protocol-error': {
    title: 'Die Gegenseite ist nicht zu verstehen',
    next: 'Das Gateway spricht ein anderes Protokoll. Geben Sie die Einzelheiten unten an den Betreiber weiter.',
  },
  'recordings-off': {
    title: 'Konsolen werden hier nicht aufgezeichnet',
    next: 'Falls doch, bitten Sie den Betreiber, BMS_CONSOLE_RECORDINGS zu setzen.',
  },
  'recording-not-found': {
    title: 'Diese Aufzeichnung gibt es nicht',
    next: 'Sie wurde gelöscht oder war zu alt. Gehen Sie zurück zur Liste der Aufzeichnungen.',
  },
  'recording-under-way': {
    title: 'Diese Konsole wird noch aufgezeichnet',
    next: 'Löschen Sie die Aufzeichnung, nachdem die Konsole beendet ist.',
  },
  'recording-kept': {
    title: 'Aufzeichnungen können hier nicht gelöscht werden',
    next: 'Sie bleiben, bis sie zu alt sind. Fragen Sie den Betreiber, falls diese vorher weg muss.',
  },
  'audit-off': {
    title: 'Hier gibt es kein Audit-Log',
    next: 'Falls doch, bitten Sie den Betreiber, BMS_CONSOLE_AUDIT auf stdout oder file zu setzen.',
  },
  'sign-in-needed': {
    title: 'Sie sind nicht angemeldet',
    next: 'Ihre Anmeldung ist abgelaufen oder hat nie begonnen. Melden Sie sich an, dann geht es weiter.',
  },
  'sign-in-throttled': {
    title: 'Zu viele fehlgeschlagene Anmeldungen',
    next: 'Warten Sie eine Weile, bevor Sie es erneut versuchen. Andere werden dadurch nicht aufgehalten.',
  },
  'sign-in-failed': {
    title: 'Die Anmeldung ist fehlgeschlagen',
    next: 'Beginnen Sie von vorn. Falls es wieder nicht geht, geben Sie die Einzelheiten unten an den Betreiber weiter.',
  },
  'credentials-refused': {
    title: 'Die Cloud nimmt diese Zugangsdaten nicht an',
    next: 'Prüfen Sie Konto, Benutzername und Passwort, oder nehmen Sie ein Token, das noch gültig ist.',
  },
  'code-needed': {
    title: 'Dieses Konto verlangt einen Code',
    next: 'Geben Sie den Code ein, den Ihre Authenticator-App gerade zeigt.',
  },
  'no-role': {
    title: 'Sie haben hier keine Rolle',
    next: 'Sie sind angemeldet, aber keine Ihrer Gruppen darf diese Konsole nutzen. Bitten Sie den Betreiber um eine Rolle.',
  },
  'role-forbids': {
    title: 'Ihre Rolle erlaubt das nicht',
    next: 'Bitten Sie den Betreiber dieser Konsole um eine Rolle, die es erlaubt.',
  },
  'launch-refused': {
    title: 'Das Ticket dieser Konsole ist nicht gültig',
    next: 'Öffnen Sie die Konsole noch einmal aus dem Portal. Falls das nicht hilft, braucht der Betreiber des Portals die Einzelheiten unten.',
  },
  'embed-off': {
    title: 'Diese Konsole kann hier nicht eingebettet werden',
    next: 'Ihr Betreiber muss die umgebende Seite in BMS_CONSOLE_EMBED_ORIGINS nennen.',
  },
  'proxy-unreachable': {
    title: 'Der Server dieser Konsole ist nicht erreichbar',
    next: 'Vielleicht startet er gerade neu. Wir versuchen es weiter.',
  },
  'proxy-restarting': {
    title: 'Der Server dieser Konsole startet neu',
    next: 'Wir verbinden neu, sobald er wieder da ist.',
  },
  'proxy-error': {
    title: 'Fehler im Server dieser Konsole',
    next: 'Der Grund steht in seinem Log. Wir versuchen es weiter.',
  },
}
