// What pages do beyond forms and links; each works without it, only less conveniently.
for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('[data-copy]')
  if (!button) return
  await navigator.clipboard.writeText(button.dataset.copy)
  // Pressed twice, it must not remember the answer as its label.
  button.dataset.label ??= button.innerHTML
  button.textContent = 'Copied'
  setTimeout(() => {
    button.innerHTML = button.dataset.label
  }, 1500)
})

// On a telephone the tabs are one row that scrolls: the open one is in sight. Not by scrollIntoView, from
// where the Tab key would go on instead of from the beginning.
const tab = document.querySelector('.tabs [aria-current]')
if (tab) tab.closest('.tabs').scrollLeft = tab.offsetLeft - tab.offsetWidth

// What was wrong is read first.
document.querySelector('[data-focus]')?.focus()

// A setup link's secret stands in the fragment, which browsers send to nobody.
const form = document.querySelector('[data-fragment-form]')
if (form) {
  const missing = document.querySelector('[data-fragment-missing]')
  const token = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  if (/^[A-Za-z0-9_-]{43}$/.test(token)) {
    form.elements.token.value = token
    form.hidden = false
    missing.hidden = true
  } else {
    missing.textContent =
      'This link is incomplete. Copy the whole link into the address bar, or ask for a new one.'
  }
}

// Parts that htmx brings have copy buttons of their own.
document.addEventListener('htmx:after:swap', () => {
  for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false
})
