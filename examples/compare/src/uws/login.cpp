#include <App.h>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

struct Member { std::string user; };

static std::string userOf(std::string cookies) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return cookies.find("sid=s3cret") != std::string::npos ? "Ada" : "";
}

int main(int, char **argv) {
    uWS::App().ws<Member>("/chat", {
        .upgrade = [](auto *response, auto *request, auto *context) {
            auto gone = std::make_shared<bool>(false); // the response must not be touched after that
            response->onAborted([gone] { *gone = true; });
            std::string key(request->getHeader("sec-websocket-key")), cookies(request->getHeader("cookie"));
            std::string protocol(request->getHeader("sec-websocket-protocol"));
            std::string extensions(request->getHeader("sec-websocket-extensions"));
            auto *loop = uWS::Loop::get();
            std::thread([=] {
                std::string user = userOf(cookies);
                loop->defer([=] {
                    if (*gone) {
                        return;
                    }
                    response->cork([=] { // one write, as within a handler
                        if (user.empty()) {
                            response->writeStatus("401 Unauthorized")->end("Log in first");
                        } else {
                            response->template upgrade<Member>({user}, key, protocol, extensions, context);
                        }
                    });
                });
            }).detach();
        },
        .open = [](auto *socket) { socket->send("Hello, " + socket->getUserData()->user, uWS::OpCode::TEXT); }
    }).listen(std::stoi(argv[1]), [](auto *) {}).run();
}
