// One process of Bun: bun.js PORT. Everyone gets what anyone says.
const server = Bun.serve({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  fetch: (request, self) => (self.upgrade(request) ? undefined : new Response("WebSocket only", { status: 426 })),
  websocket: {
    open(socket) {
      socket.subscribe("oak");
      socket.send("ready");
    },
    message: (socket, text) => server.publish("oak", text),
  },
});
