'use strict';
// Node's ws as a peer of both roles. The first line on stdout is the port of its server; after that, a line of JSON on
// stdin is a command, and a line on stdout is its result.
//
// The server takes its options from the query of the URL, so that each connection can have others. It echoes, closes
// when told "close <code> <reason>", and pings when told "ping <payload>".
const { createServer } = require('node:http');
const { createInterface } = require('node:readline');
const { WebSocket, WebSocketServer } = require('ws');

const say = (...words) => process.stdout.write(words.join(' ') + '\n');

const http = createServer((request, response) => response.writeHead(404).end());
http.on('upgrade', (request, socket, head) => {
  const options = JSON.parse(new URL(request.url, 'http://localhost').searchParams.get('options'));
  new WebSocketServer({ noServer: true, ...options }).handleUpgrade(request, socket, head, serve);
});

function serve(ws) {
  const socket = ws._socket;
  ws.on('message', (data, isBinary) => {
    const command = isBinary ? [] : data.toString().split(' ');
    if (command[0] === 'close') {
      command.length === 1 ? ws.close() : ws.close(Number(command[1]), command.slice(2).join(' '));
    } else if (command[0] === 'ping') {
      ws.ping(command[1]);
    } else {
      ws.send(data, { binary: isBinary });
    }
  });
  ws.on('pong', payload => ws.send('pong ' + payload));
  ws.on('error', error => say('error', error.code));
  ws.on('close', (code, reason) =>
    say('closed', code, reason, 'received', socket.bytesRead, 'sent', socket.bytesWritten));
}

let seed = 1;
const random = below => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};
const noise = length => Buffer.from(Array.from({ length }, () => random(256)));

// Refers back by any distance up to 40,000 bytes.
function echoes(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const to = Math.min(length, at + 1 + random(200));
    const distance = 1 + random(40000);
    for (; at < to; at++) bytes[at] = distance <= at ? bytes[at - distance] : random(256);
  }
  return bytes;
}

function messages() {
  const all = ['', 'x', 'Grüße, 世界 🪵', 'Grüße, 世界 🪵 '.repeat(5000)];
  for (const length of [0, 1, 125, 126, 65535, 65536, 200000]) all.push(echoes(length));
  for (const length of [1, 126, 65536, 200000]) all.push(noise(length));
  const again = noise(200);
  return all.concat(again, again, again);
}

// Sends all messages, compares their echoes, pings, then closes.
function converse(ws) {
  const sent = messages();
  const wrong = [];
  let at = 0;
  let pong = 'none';
  ws.on('open', () => sent.forEach(message => ws.send(message)));
  ws.on('message', (data, isBinary) => {
    const expected = sent[at++];
    if (isBinary === (typeof expected === 'string') || !data.equals(Buffer.from(expected))) wrong.push(at);
    if (at === sent.length) ws.ping('marco');
  });
  ws.on('pong', payload => {
    pong = payload;
    ws.close(4000, 'enough');
  });
  return () => ['echoes', at, 'wrong', wrong.length, 'pong', pong];
}

// Sends one text, and reports the last text that it receives.
function tell(ws, text) {
  let heard = 'none';
  ws.on('open', () => ws.send(text));
  ws.on('message', data => (heard = data));
  return () => ['heard', heard];
}

// Sends a long message that compresses to next to nothing.
function bomb(ws, length) {
  ws.on('open', () => ws.send(Buffer.alloc(length)));
  return () => [];
}

// Closes at once.
function close(ws, code, reason) {
  ws.on('open', () => (code === undefined ? ws.close() : ws.close(code, reason)));
  return () => [];
}

const conversations = { converse, tell, bomb, close };

createInterface({ input: process.stdin }).on('line', line => {
  const { url, options, act, with: args } = JSON.parse(line);
  const ws = new WebSocket(url, options);
  const result = conversations[act](ws, ...args);
  let socket;
  let extensions;
  ws.on('upgrade', response => {
    socket = response.socket;
    extensions = response.headers['sec-websocket-extensions'] ?? 'none';
  });
  ws.on('error', error => say('error', error.code ?? error.message));
  ws.on('close', (code, reason) => {
    const traffic = ['received', socket?.bytesRead, 'sent', socket?.bytesWritten];
    say(...result(), 'closed', code, reason, ...traffic, 'agreed', extensions);
  });
});
process.stdin.on('end', () => process.exit());

http.listen(0, '127.0.0.1', () => say(http.address().port));
