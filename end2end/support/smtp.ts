// A mail server that takes every mail and keeps it.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { cleanUpLater } from './processes.ts';

export interface Mail {
  recipients: string[];
  /** Headers and body, as they came. */
  text: string;
}

export interface MailServer {
  /** For the program's `--smtp-url`. */
  url: string;
  mails: Mail[];
  close: () => void;
}

export async function startMailServer(): Promise<MailServer> {
  return start(converse);
}

/** One that accepts every connection and never says a word. */
export async function startSilentMailServer(): Promise<MailServer> {
  return start((socket) => socket.on('error', () => socket.destroy()));
}

async function start(answer: typeof converse): Promise<MailServer> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    answer(socket, (mail) => mails.push(mail));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = cleanUpLater(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return { url: `smtp://127.0.0.1:${port}`, mails, close };
}

/** The least of RFC 5321 that a client needs. */
function converse(socket: Socket, keep: (mail: Mail) => void): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let recipients: string[] = [];
  let text: string[] | undefined;
  let rest = '';
  const hear = (line: string) => {
    if (text) {
      if (line !== '.') return text.push(line);
      keep({ recipients, text: text.join('\n') });
      [recipients, text] = [[], undefined];
      return say('250 kept');
    }
    const word = line.slice(0, 4).toUpperCase();
    if (word === 'RCPT') recipients.push(line.match(/<(.*)>/)?.[1] ?? line);
    if (word === 'DATA') {
      text = [];
      return say('354 go on');
    }
    if (word === 'QUIT') return socket.end('221 good bye\r\n');
    return say('250 fine');
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString()).split('\r\n');
    rest = lines.pop() ?? '';
    lines.forEach(hear);
  });
  say('220 ready');
}
