#include <App.h>
#include <string>

struct Nothing {};

int main(int, char **argv) { // nothing can wait here: a handler runs on the loop
    uWS::App().ws<Nothing>("/echo", {
        .message = [](auto *socket, std::string_view message, uWS::OpCode opcode) { socket->send(message, opcode); }
    }).listen(std::stoi(argv[1]), [](auto *) {}).run();
}
