import type { Words } from './en.ts'

/** German for what was wrong on the way to the cloud or to a gateway. */
export const deWay: Words['way'] = {
  'certificate-unknown':
    'BMS Console vertraut dem Aussteller des Zertifikats nicht. Für Administratoren: Geben Sie den Aussteller mit OS_CACERT an, nur für Gateways mit BMS_CONSOLE_GATEWAY_CACERT.',
  'certificate-expired': 'Das Zertifikat ist abgelaufen. Der Betreiber muss es erneuern.',
  'certificate-early':
    'Das Zertifikat ist noch nicht gültig. Für Administratoren: Prüfen Sie die Uhren dieses Servers und des Ausstellers.',
  'certificate-name':
    'Das Zertifikat gilt für andere Namen, die in den technischen Details stehen. Entweder ist die Adresse falsch, oder dort antwortet jemand anderes.',
  'no-tls':
    'Dort wird kein TLS gesprochen. Für Administratoren: Prüfen Sie den Port, und ob die Adresse mit http oder https beginnt.',
  'name-unknown':
    'Der Name lässt sich nicht auflösen. Für Administratoren: Prüfen Sie den Namen und das DNS dieses Servers. Kennt nur ein Proxy den Namen, setzen Sie HTTPS_PROXY.',
  refused:
    'Die Verbindung wurde abgelehnt: Dort läuft kein Dienst. Für Administratoren: Prüfen Sie den Port, und ob der Dienst läuft.',
  'no-route': 'Es gibt keinen Weg dorthin. Für Administratoren: Prüfen Sie das Netz dieses Servers.',
  timeout:
    'Es kam keine rechtzeitige Antwort. Vielleicht blockiert eine Firewall. Führt der Weg nur über einen Proxy, setzen Administratoren HTTPS_PROXY.',
  'proxy-credentials':
    'Der Proxy auf dem Weg verlangt andere Zugangsdaten. Für Administratoren: Prüfen Sie Name und Passwort in HTTPS_PROXY oder HTTP_PROXY.',
  'proxy-refused':
    'Der Proxy auf dem Weg verweigert die Verbindung. Für Administratoren: Erlauben Sie sie dort, oder nehmen Sie die Adresse in NO_PROXY auf.',
  'proxy-failed':
    'Der Proxy auf dem Weg konnte die Verbindung nicht herstellen. Für Administratoren: Braucht dieser Server keinen Proxy dafür, nehmen Sie die Adresse in NO_PROXY auf.',
  'proxy-timeout':
    'Der Proxy auf dem Weg hat nicht rechtzeitig geantwortet. Vielleicht blockiert eine Firewall. Für Administratoren: Prüfen Sie HTTPS_PROXY oder HTTP_PROXY.',
  'proxy-unreachable':
    'Der Proxy auf dem Weg ist nicht erreichbar. Für Administratoren: Prüfen Sie HTTPS_PROXY oder HTTP_PROXY; die technischen Details sagen, was geschehen ist.',
  goesOn: 'Wir versuchen es weiter.',
}
