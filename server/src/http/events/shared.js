// The one event stream of all pages of a browser. Over HTTP/1.1 a browser opens at most six
// connections to a server: with a stream for each page, the seventh page would wait for ever.
//
// A page connects when somebody begins to look at it, says "looking" then and every ten seconds,
// and says "away" when nobody looks any more. The stream is open for as long as somebody looks.
const FORGOTTEN_AFTER_SECONDS = 30;

/** When each page was last heard. One that crashed never says that it is away. */
const pages = new Map();
let stream = null;
/** What pages were told last, for the next one: that something changed, or that the line is lost. */
let latest = null;

function tell(news) {
  latest = news;
  for (const page of pages.keys()) page.postMessage(news);
}

function open() {
  stream = new EventSource('/events');
  stream.onmessage = ({ data }) => tell({ data, heardAt: Date.now() });
  stream.onerror = () => tell({ isLost: true });
}

function close() {
  stream?.close();
  stream = latest = null;
}

function keep(page) {
  const isNew = !pages.has(page);
  pages.set(page, Date.now());
  // A stream that the server refused stays closed; by now somebody may be signed in again.
  if (!stream || stream.readyState === EventSource.CLOSED) open();
  else if (isNew && latest) page.postMessage(latest);
}

function forget(page) {
  pages.delete(page);
  if (pages.size === 0) close();
}

onconnect = ({ ports: [page] }) => {
  page.onmessage = ({ data }) => (data === 'looking' ? keep(page) : forget(page));
};

setInterval(() => {
  const forgotten = Date.now() - FORGOTTEN_AFTER_SECONDS * 1000;
  for (const [page, heardAt] of pages) if (heardAt < forgotten) forget(page);
}, 10_000);
