"""Echoes for the matrix: "IMPLEMENTATION client URL" or "IMPLEMENTATION server".

Says "version V", as a server "port N", and at the end of a connection "closed CODE REASON". A text "close", "ping" or
"fragments" asks for that; a call that the API does not have is answered with MISSING. Trust and key are the file TLS_PEM.
"""

import asyncio
import os
import socket
import ssl
import sys
import threading

MISSING = "the API has no such call"
WORDS = ["in ", "three ", "frames"]
PEM = os.environ.get("TLS_PEM")


def say(*words):
    print(*words, flush=True)


def client_tls(url):
    return ssl.create_default_context(cafile=PEM) if url.startswith("wss") else None


def server_tls():
    if not PEM:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


def listening():
    """A socket on a free port, for servers that take one."""
    bound = socket.create_server(("127.0.0.1", 0))
    say("port", bound.getsockname()[1])
    return bound


async def answer(data, send, can):
    """Answers a message: "can" has close, and ping and fragments where the API has them."""
    if data == "close":
        await can["close"](4000, "as you wish")
    elif data in ("ping", "fragments"):
        await (can[data]() if data in can else send(MISSING))
    else:
        await send(data)


# python-websockets


async def websockets_echo(peer):
    import websockets

    async def in_pieces():
        for word in WORDS:
            yield word

    can = {
        "close": peer.close,
        "ping": lambda: peer.ping("marco"),
        "fragments": lambda: peer.send(in_pieces()),
    }
    try:
        async for data in peer:
            await answer(data, peer.send, can)
    except websockets.exceptions.ConnectionClosed:
        pass
    say("closed", peer.close_code, peer.close_reason)


async def websockets_client(url):
    import websockets

    say("version", websockets.version.version)
    tls = client_tls(url)
    async with websockets.connect(url, **({"ssl": tls} if tls else {})) as peer:
        await websockets_echo(peer)


async def websockets_server():
    import websockets

    say("version", websockets.version.version)
    async with websockets.serve(websockets_echo, "127.0.0.1", 0, ssl=server_tls()) as server:
        say("port", server.sockets[0].getsockname()[1])
        await asyncio.Future()


# aiohttp


async def aiohttp_echo(peer):
    import aiohttp

    async def close(code, reason):
        await peer.close(code=code, message=reason.encode())

    async def send(data):
        await (peer.send_str(data) if isinstance(data, str) else peer.send_bytes(data))

    can = {"close": close, "ping": lambda: peer.ping(b"marco")}
    code, reason = 1006, ""
    while True:
        message = await peer.receive()
        if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            await answer(message.data, send, can)
        else:
            if message.type == aiohttp.WSMsgType.CLOSE:
                code, reason = message.data, message.extra
            break
    say("closed", code, reason)


async def aiohttp_client(url):
    import aiohttp

    say("version", aiohttp.__version__)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url, ssl=client_tls(url)) as peer:
            await aiohttp_echo(peer)


async def aiohttp_server():
    import aiohttp
    from aiohttp import web

    async def serve(request):
        peer = web.WebSocketResponse()
        await peer.prepare(request)
        await aiohttp_echo(peer)
        return peer

    say("version", aiohttp.__version__)
    app = web.Application()
    app.add_routes([web.get("/", serve)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listening(), ssl_context=server_tls()).start()
    await asyncio.Future()


# Servers of ASGI: uvicorn with python-websockets or wsproto, hypercorn with wsproto


async def asgi(scope, receive, send):
    if scope["type"] != "websocket":
        while True:  # the lifespan of the application
            event = await receive()
            await send({"type": event["type"] + ".complete"})
            if event["type"] == "lifespan.shutdown":
                return

    async def reply(data):
        key = "text" if isinstance(data, str) else "bytes"
        await send({"type": "websocket.send", key: data})

    async def close(code, reason):
        await send({"type": "websocket.close", "code": code, "reason": reason})

    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] != "websocket.receive":
            break
        data = event.get("text")
        await answer(event["bytes"] if data is None else data, reply, {"close": close})
    say("closed", event.get("code", 1005), event.get("reason") or "")


async def uvicorn_server(implementation="websockets"):
    import uvicorn

    say("version", uvicorn.__version__)
    config = uvicorn.Config(asgi, ws=implementation, log_level="critical")
    await uvicorn.Server(config).serve(sockets=[listening()])


def uvicorn_wsproto_server():
    return uvicorn_server("wsproto")


async def hypercorn_server():
    from importlib.metadata import version

    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    say("version", version("hypercorn"))
    bound = listening()
    config = Config()
    config.bind = ["fd://%d" % bound.fileno()]
    config.errorlog = None
    config.certfile = config.keyfile = PEM
    await serve(asgi, config)


# Tornado


def tornado_can(peer):
    async def close(code, reason):
        peer.close(code, reason)

    async def ping():
        peer.ping(b"marco")

    return {"close": close, "ping": ping}


async def tornado_client(url):
    import tornado
    from tornado.httpclient import HTTPRequest
    from tornado.websocket import websocket_connect

    say("version", tornado.version)
    peer = await websocket_connect(HTTPRequest(url, ssl_options=client_tls(url)))
    while True:
        data = await peer.read_message()
        if data is None:
            break
        await answer(data, lambda x: peer.write_message(x, isinstance(x, bytes)), tornado_can(peer))
    say("closed", peer.close_code, peer.close_reason or "")


async def tornado_server(compression=False):
    import tornado
    from tornado import web, websocket
    from tornado.httpserver import HTTPServer

    class Peer(websocket.WebSocketHandler):
        def get_compression_options(self):
            return {} if compression else None

        async def on_message(self, data):
            await answer(data, lambda x: self.write_message(x, isinstance(x, bytes)), tornado_can(self))

        def on_close(self):
            say("closed", self.close_code or 1005, self.close_reason or "")

    say("version", tornado.version)
    server = HTTPServer(web.Application([("/", Peer)]), ssl_options=server_tls())
    bound = listening()
    bound.setblocking(False)
    server.add_sockets([bound])
    await asyncio.Future()


def tornado_deflate_server():
    return tornado_server(True)


def end_with_input():
    """The test that has started this process ends it by closing its input."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    name, role = sys.argv[1:3]
    asyncio.run(globals()[name + "_" + role](*sys.argv[3:]))
