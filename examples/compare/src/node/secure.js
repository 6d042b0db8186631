const fs = require('fs');
const https = require('https');
const { WebSocketServer } = require('ws');

const pem = () => ({ cert: fs.readFileSync(process.argv[3]), key: fs.readFileSync(process.argv[4]) });
const server = https.createServer(pem(), (request, response) => {
  response.writeHead(request.url === '/health' ? 200 : 404).end(request.url === '/health' ? 'ok\n' : '');
});
fs.watchFile(process.argv[3], () => server.setSecureContext(pem()));

new WebSocketServer({ server, path: '/echo' }).on('connection', socket => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on('error', () => {});
});
server.listen(Number(process.argv[2]));
