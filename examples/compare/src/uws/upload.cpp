#include <App.h>
#include <fstream>
#include <string>

struct Nothing {};

int main(int, char **argv) { // a message has to fit into memory, and the disk blocks the loop
    int count = 0;
    uWS::App().ws<Nothing>("/upload", {
        .maxPayloadLength = 1 << 30,
        .message = [&](auto *socket, std::string_view message, uWS::OpCode) {
            std::ofstream(argv[2] + ("/" + std::to_string(count++)), std::ios::binary) << message;
            socket->end(1000);
        }
    }).listen(std::stoi(argv[1]), [](auto *) {}).run();
}
