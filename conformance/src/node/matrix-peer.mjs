// Echoes for the matrix, run by Node, Deno and Bun: "IMPLEMENTATION client URL" or "IMPLEMENTATION server".
//
// Says "version V", as a server "port N", and at the end of a connection "closed CODE REASON". A text "close", "ping" or
// "fragments" asks for that; a call that the API does not have is answered with MISSING. A server gets its key and
// certificate from the file that TLS_PEM names.
import { readFileSync } from 'node:fs';

const [implementation, role, url] = process.argv.slice(2);
const MISSING = 'the API has no such call';
const WORDS = ['in ', 'three ', 'frames'];
const say = (...words) => console.log(words.join(' ').trim());
const closed = (code, reason) => say('closed', code, reason);
const pem = process.env.TLS_PEM && readFileSync(process.env.TLS_PEM);
const version = name =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

/** Answers a message: `can` has close, and ping and fragments where the API has them. */
function answer(data, send, can) {
  if (data === 'close') can.close(4000, 'as you wish');
  else if (data === 'ping' || data === 'fragments') can[data] ? can[data]() : send(MISSING);
  else send(data);
}

/** The API of browsers, which undici, Deno and Bun have; `ping` is an addition of some. */
function web(socket, ping) {
  socket.binaryType = 'arraybuffer';
  const can = { close: (code, reason) => socket.close(code, reason), ping };
  socket.onmessage = event => answer(event.data, data => socket.send(data), can);
  socket.onclose = event => closed(event.code, event.reason);
}

function ws(socket) {
  const can = {
    close: (code, reason) => socket.close(code, reason),
    ping: () => socket.ping('marco'),
    fragments: () => WORDS.forEach((word, i) => socket.send(word, { fin: i === WORDS.length - 1 })),
  };
  socket.on('message', (data, isBinary) => answer(isBinary ? data : data.toString(), x => socket.send(x), can));
  socket.on('error', () => {});
  socket.on('close', (code, reason) => closed(code, reason));
}

/** A WebSocket of ws in a stream of HTTP/2, which ws itself opens neither as a client nor as a server. */
async function inStream(stream, isServer) {
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(null, [], { autoPong: true, maxPendingAutoPongs: 100, closeTimeout: 30_000 });
  socket._isServer = isServer;
  ws(socket);
  socket.setSocket(stream, Buffer.alloc(0), { maxPayload: 0, allowSynchronousEvents: true });
  return socket;
}

const clients = {
  async http2() {
    const { connect } = await import('node:http2');
    say('version', process.versions.node);
    const { protocol, host, pathname } = new URL(url);
    const session = connect((protocol === 'wss:' ? 'https://' : 'http://') + host, { ca: pem });
    session.on('error', () => closed(1006, ''));
    session.once('remoteSettings', ({ enableConnectProtocol }) => {
      if (!enableConnectProtocol) throw new Error('the server does not announce WebSockets');
      const head = { ':method': 'CONNECT', ':protocol': 'websocket', ':path': pathname, 'sec-websocket-version': '13' };
      const stream = session.request(head, { endStream: false });
      stream.on('error', () => {});
      stream.once('response', async ({ ':status': status }) => {
        if (status !== 200) throw new Error('refused with ' + status);
        (await inStream(stream, false)).on('close', () => session.close());
      });
    });
  },
  async ws() {
    const { WebSocket } = await import('ws');
    say('version', version('ws'));
    ws(new WebSocket(url));
  },
  async undici() {
    const { WebSocket, ping } = await import('undici');
    say('version', version('undici'));
    const socket = new WebSocket(url);
    web(socket, ping && (() => ping(socket, Buffer.from('marco'))));
  },
  async deno() {
    say('version', Deno.version.deno);
    web(new WebSocket(url));
  },
  async bun() {
    say('version', Bun.version);
    const socket = new WebSocket(url);
    web(socket, () => socket.ping('marco'));
  },
};

const servers = {
  async http2() {
    const { createServer, createSecureServer } = await import('node:http2');
    say('version', process.versions.node);
    const options = { settings: { enableConnectProtocol: true } };
    const server = pem ? createSecureServer({ key: pem, cert: pem, ...options }) : createServer(options);
    server.on('sessionError', () => {});
    server.on('stream', (stream, head) => {
      stream.on('error', () => {});
      const taken = head[':method'] === 'CONNECT' && head[':protocol'] === 'websocket';
      stream.respond({ ':status': taken ? 200 : 400 }, { endStream: !taken });
      if (taken) inStream(stream, true);
    });
    server.listen(0, '127.0.0.1', () => say('port', server.address().port));
  },
  async ws(options) {
    const { WebSocketServer } = await import('ws');
    const { createServer } = await import(pem ? 'node:https' : 'node:http');
    say('version', version('ws'));
    const http = createServer(pem ? { key: pem, cert: pem } : {});
    new WebSocketServer({ server: http, ...options }).on('connection', ws);
    http.listen(0, '127.0.0.1', () => say('port', http.address().port));
  },
  'ws-deflate': () => servers.ws({ perMessageDeflate: true }),
  async deno() {
    say('version', Deno.version.deno);
    const keys = pem ? { key: pem.toString(), cert: pem.toString() } : {};
    const onListen = ({ port }) => say('port', port);
    Deno.serve({ hostname: '127.0.0.1', port: 0, onListen, ...keys }, request => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      web(socket);
      return response;
    });
  },
  async bun(options) {
    say('version', Bun.version);
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      ...(pem ? { tls: { key: pem, cert: pem } } : {}),
      fetch: (request, self) => (self.upgrade(request) ? undefined : new Response('', { status: 400 })),
      websocket: {
        ...options,
        message(socket, data) {
          const can = { close: (code, reason) => socket.close(code, reason), ping: () => socket.ping('marco') };
          answer(data, x => socket.send(x), can);
        },
        close: (socket, code, reason) => closed(code, reason),
      },
    });
    say('port', server.port);
  },
  'bun-deflate': () => servers.bun({ perMessageDeflate: true }),
};

// The test that has started this process ends it by closing its input.
process.stdin.on('end', () => process.exit()).resume();
await (role === 'client' ? clients : servers)[implementation]();
