#include <App.h>
#include <string>

struct Nothing {};

int main(int, char **argv) { // the files are read once
    uWS::SSLApp({.key_file_name = argv[3], .cert_file_name = argv[2]}).ws<Nothing>("/echo", {
        .message = [](auto *socket, std::string_view message, uWS::OpCode opcode) { socket->send(message, opcode); }
    }).get("/health", [](auto *response, auto *) {
        response->end("ok\n");
    }).listen(std::stoi(argv[1]), [](auto *) {}).run();
}
