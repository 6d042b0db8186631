#include <App.h>
#include <string>

struct Member { std::string room; };

int main(int, char **argv) {
    uWS::App().ws<Member>("/rooms/:room", {
        .upgrade = [](auto *response, auto *request, auto *context) {
            response->template upgrade<Member>({std::string(request->getParameter(0))},
                request->getHeader("sec-websocket-key"), request->getHeader("sec-websocket-protocol"),
                request->getHeader("sec-websocket-extensions"), context);
        },
        .open = [](auto *socket) { socket->subscribe(socket->getUserData()->room); },
        .message = [](auto *socket, std::string_view text, uWS::OpCode opcode) {
            socket->publish(socket->getUserData()->room, text, opcode);
            socket->send(text, opcode);
        }
    }).listen(std::stoi(argv[1]), [](auto *) {}).run();
}
