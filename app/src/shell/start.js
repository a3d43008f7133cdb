// Fetches the portal's module and starts it. Not before the page was painted: until then the
// reader's line belongs to what can be seen. A page that nobody looks at is not painted.
(function (script, module) {
  const frame = () => new Promise((then) => requestAnimationFrame(then));
  const breath = () => new Promise((then) => setTimeout(then));
  const start = async () => {
    if (!document.hidden) {
      await frame();
      await frame();
    }
    for (const part of document.querySelectorAll('link[rel="part"]')) part.rel = 'prefetch';
    const fetched = fetch(module);
    const portal = await import(script);
    await portal.default({ module_or_path: fetched });
    await breath();
    portal.hydrate();
  };
  start();
})
