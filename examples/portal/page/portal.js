const find = (selector) => document.querySelector(selector)
const bmsConsole = find('bms-console')

// A console needs nothing but a fresh ticket whenever it asks for one.
bmsConsole.getTicket = async () => {
  const answer = await fetch(`ticket?server=${encodeURIComponent(bmsConsole.server)}`, { method: 'POST' })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}

function open(server) {
  find('#name').textContent = server.name
  bmsConsole.setAttribute('label', `Console of ${server.name}`)
  bmsConsole.setAttribute('server', server.id)
  for (const button of document.querySelectorAll('#servers button'))
    button.setAttribute('aria-current', String(button.value === server.id))
}

const servers = await (await fetch('servers.json')).json()
for (const server of servers) {
  const button = document.createElement('button')
  const about = document.createElement('small')
  about.textContent = `${server.about} · ${server.role}`
  button.append(server.name, about)
  button.value = server.id
  button.addEventListener('click', () => open(server))
  const item = document.createElement('li')
  item.append(button)
  find('#servers').append(item)
}

let live = false
bmsConsole.addEventListener('console-state', ({ detail }) => {
  live = detail.state !== 'ended' && detail.state !== 'idle'
  find('#state').value = detail.mayType ? detail.state : `${detail.state}, watching`
  find('#state').dataset.state = detail.state
  find('#line').textContent = live ? 'Disconnect' : 'Connect'
})

for (const type of ['ready', 'state', 'title', 'bell', 'error', 'ended', 'ticket-expiring', 'trouble']) {
  bmsConsole.addEventListener(`console-${type}`, ({ detail }) => {
    const item = document.createElement('li')
    const name = document.createElement('b')
    name.textContent = type
    item.append(new Date().toTimeString().slice(0, 8), name, detail ? JSON.stringify(detail) : '')
    find('#events').prepend(item)
  })
}

find('#line').addEventListener('click', () => (live ? bmsConsole.disconnect() : bmsConsole.connect()))

find('#transcript').addEventListener('click', async () => {
  const text = await bmsConsole.getTranscript()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = `${find('#name').textContent}.txt`
  link.click()
  URL.revokeObjectURL(link.href)
})

const setTheme = (theme) => {
  document.documentElement.dataset.theme = theme
  bmsConsole.setAttribute('theme', theme)
  find('#theme').textContent = theme === 'dark' ? 'Light theme' : 'Dark theme'
}
find('#theme').addEventListener('click', () =>
  setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
)

setTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
open(servers[0])
