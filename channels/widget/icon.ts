export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" ' +
  'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><rect x="3" y="4" width="18" height="16" rx="2.5"/>' +
  '<path d="M3 8.5h18"/><path d="M6 6.25h.01M8.25 6.25h.01"/><path d="M12 11.5h5.5v4H15l-1.75 1.75V15.5H12z"/></svg>'
