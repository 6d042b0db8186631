// One node of Socket.IO with the adapter for Redis streams: socketio.mjs PORT REDIS_PORT. Everyone gets what anyone says.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-streams-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const [port, redisPort] = process.argv.slice(2).map(Number);
const redis = createClient({ url: `redis://127.0.0.1:${redisPort}` });
await redis.connect();
const http = createServer();
const io = new Server(http, { adapter: createAdapter(redis), transports: ["websocket"] });
io.on("connection", socket => socket.on("m", text => io.emit("m", text)));
http.listen(port, "127.0.0.1");
