const { WebSocketServer } = require('ws');

new WebSocketServer({ port: Number(process.argv[2]), path: '/quotes' }).on('connection', socket => {
  socket.on('message', data => {
    const question = JSON.parse(data);
    socket.send(JSON.stringify({ id: question.id, price: question.symbol.length }));
  });
  socket.on('error', () => {});
});
