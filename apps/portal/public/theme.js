// Runs before the first paint, so that a dark page never flashes light. The shell's Theme service takes over afterwards.
(function () {
  var remembered = null;
  try {
    remembered = localStorage.getItem('bangui-theme');
  } catch {
    // Storage may be forbidden: follow the system then.
  }
  var isDark = remembered === 'dark' || (remembered !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
