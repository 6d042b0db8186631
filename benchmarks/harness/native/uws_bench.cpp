#include "App.h"
#include <cstring>
#include <string>
#include <iostream>
struct D {};
template <bool SSL> void run(uWS::TemplatedApp<SSL> &&app, int port, bool deflate) {
  typename uWS::TemplatedApp<SSL>::template WebSocketBehavior<D> b;
  b.compression = deflate ? uWS::CompressOptions(uWS::SHARED_COMPRESSOR | uWS::SHARED_DECOMPRESSOR) : uWS::DISABLED;
  b.maxPayloadLength = 17 * 1024 * 1024; b.idleTimeout = 0; b.maxBackpressure = 64*1024*1024; b.sendPingsAutomatically=false;
  b.message = [](auto *ws, std::string_view m, uWS::OpCode op) { ws->send(m, op, true); };
  app.template ws<D>("/*", std::move(b)).listen("127.0.0.1", port, [](auto *s){ if(s) std::cout << "listening" << std::endl; else exit(1);}).run();
}
int main(int c, char **v) {
  std::string mode = v[1]; int port = atoi(v[2]);
  if (mode == "echo") run<false>(uWS::App(), port, c > 3 && !strcmp(v[3], "on"));
#ifndef NOSSL
  else if (mode == "tls") { uWS::SocketContextOptions o; o.key_file_name = v[3]; o.cert_file_name = v[4];
    run<true>(uWS::SSLApp(o), port, false); }
#endif
  else if (mode == "fan") {
    uWS::App app; uWS::App::WebSocketBehavior<D> b;
    b.compression = uWS::DISABLED; b.maxPayloadLength = 17*1024*1024; b.idleTimeout = 0; b.maxBackpressure = 64*1024*1024;
    b.open = [](auto *ws) { ws->subscribe("room"); };
    b.message = [&app](auto *ws, std::string_view m, uWS::OpCode op) { app.publish("room", m, op); };
    app.ws<D>("/*", std::move(b)).listen("127.0.0.1", port, [](auto *s){ if(s) std::cout << "listening" << std::endl; else exit(1);}).run();
  }
}
