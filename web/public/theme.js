// Runs before the first paint so that a dark room never sees a white flash; a file of its own because the page allows no inline script.
;(() => {
  let kept = {}
  try {
    kept = JSON.parse(localStorage.getItem('tributary.preferences') || '{}')
  } catch {}
  const root = document.documentElement
  if (kept.theme && kept.theme !== 'system') root.dataset.theme = kept.theme
  if (kept.density) root.dataset.density = kept.density
})()
