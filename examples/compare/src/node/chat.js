const { WebSocketServer } = require('ws');

const rooms = new Map();

new WebSocketServer({ port: Number(process.argv[2]) }).on('connection', (socket, request) => {
  const room = decodeURIComponent(request.url.split('/')[2]);
  if (!rooms.has(room)) rooms.set(room, new Set());
  rooms.get(room).add(socket);
  socket.on('message', (data, isBinary) => {
    for (const member of rooms.get(room)) member.send(data, { binary: isBinary });
  });
  socket.on('close', () => rooms.get(room).delete(socket));
  socket.on('error', () => {});
});
