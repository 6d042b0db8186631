const fs = require('fs');
const path = require('path');
const { randomUUID } = require('crypto');
const { WebSocketServer } = require('ws');

const options = { port: Number(process.argv[2]), path: '/upload', maxPayload: 0 }; // a message has to fit into memory

new WebSocketServer(options).on('connection', socket => {
  socket.on('message', data => {
    fs.writeFile(path.join(process.argv[3], randomUUID() + '.bin'), data, failure => {
      socket.close(failure ? 1011 : 1000);
    });
  });
  socket.on('error', () => {});
});
