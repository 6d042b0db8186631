function follow(url, onMessage, onGap, onReady = () => {}) {
  let position = "", delay = 500;
  function connect() {
    const mark = url.includes("?") ? "&" : "?";
    const socket = new WebSocket(url + mark + "after=" + encodeURIComponent(position));
    socket.onmessage = event => {
      const message = JSON.parse(event.data);
      if ("recovered" in message) {
        if (position && !message.recovered) onGap();
        delay = 500;
        onReady(socket);
      } else {
        onMessage(message.d);
      }
      position = message.p;
    };
    socket.onclose = () => {
      setTimeout(connect, delay * (0.5 + Math.random()));
      delay = Math.min(2 * delay, 30000);
    };
  }
  connect();
}
