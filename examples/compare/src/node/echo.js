const { WebSocketServer } = require('ws');

new WebSocketServer({ port: Number(process.argv[2]), path: '/echo' }).on('connection', socket => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })); // nothing can wait here
  socket.on('error', () => {});
});
