function follow(url, onMessage, onGap, onReady = () => {}) {
  let position = "", delay = 500;
  function connect() {
    const mark = url.includes("?") ? "&" : "?";
    const socket = new WebSocket(url + mark + "after=" + encodeURIComponent(position));
    socket.onmessage = event => {
      const message = JSON.parse(event.data), before = position;
      position = message.p; // first: what throws below is not called again for this message
      if ("recovered" in message) {
        delay = 500;
        if (before && !message.recovered) onGap();
        onReady(socket);
      } else {
        onMessage(message.d);
      }
    };
    socket.onclose = () => {
      setTimeout(connect, delay * (0.5 + Math.random()));
      delay = Math.min(2 * delay, 30000);
    };
  }
  connect();
}
