const http = require('http');
const { WebSocketServer } = require('ws');

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function userOf(session) {
  await sleep(200);
  return session === 's3cret' ? 'Ada' : null;
}

const webSockets = new WebSocketServer({ noServer: true });

http.createServer().on('upgrade', async (request, socket, head) => {
  socket.on('error', () => {});
  const session = /(?:^|; *)sid=([^;]*)/.exec(request.headers.cookie || '');
  const user = await userOf(session && session[1]);
  if (!user) {
    socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\nConnection: close\r\n\r\nLog in first');
    return;
  }
  webSockets.handleUpgrade(request, socket, head, webSocket => {
    webSocket.on('error', () => {});
    webSocket.send('Hello, ' + user);
  });
}).listen(Number(process.argv[2]));
