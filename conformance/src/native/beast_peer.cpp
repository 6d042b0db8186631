// Echoes for the matrix with Boost.Beast: "MODE client URL" or "MODE server"; it compresses if MODE is "deflate".
//
// Says "version V", as a server "port N", and at the end of a connection "closed CODE REASON". A text "close", "ping" or
// "fragments" asks for that.
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/version.hpp>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using Peer = websocket::stream<tcp::socket>;

static void compress(Peer& peer) {
  websocket::permessage_deflate option;
  option.client_enable = true;
  option.server_enable = true;
  peer.set_option(option);
}

static void send(Peer& peer, const std::string& data, bool text) {
  peer.text(text);
  peer.write(asio::buffer(data));
}

static void send_in_frames(Peer& peer) {
  const std::string words[] = {"in ", "three ", "frames"};
  peer.text(true);
  for (int i = 0; i < 3; i++) {
    peer.write_some(i == 2, asio::buffer(words[i]));
  }
}

static void echo(Peer& peer) {
  beast::flat_buffer buffer;
  beast::error_code error;
  while (peer.read(buffer, error), !error) {
    std::string data = beast::buffers_to_string(buffer.data());
    bool text = peer.got_text();
    buffer.clear();
    if (text && data == "close") {
      peer.close({static_cast<websocket::close_code>(4000), "as you wish"}, error);
      break;
    }
    if (text && data == "ping") {
      peer.ping("marco");
    } else if (text && data == "fragments") {
      send_in_frames(peer);
    } else {
      send(peer, data, text);
    }
  }
  bool told = peer.reason().code != websocket::close_code::none;
  std::cout << "closed " << (told ? peer.reason().code : 1006) << " " << peer.reason().reason << std::endl;
}

/** Of ws://HOST:PORT/. */
static void connect(const std::string& url, bool deflate) {
  std::string authority = url.substr(5, url.find('/', 5) - 5);
  std::size_t colon = authority.rfind(':');
  asio::io_context context;
  Peer peer(context);
  if (deflate) compress(peer);
  tcp::endpoint address(asio::ip::make_address(authority.substr(0, colon)), std::stoi(authority.substr(colon + 1)));
  peer.next_layer().connect(address);
  peer.handshake(authority, "/");
  echo(peer);
}

static void serve(bool deflate) {
  asio::io_context context;
  tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
  std::cout << "port " << acceptor.local_endpoint().port() << std::endl;
  while (true) {
    Peer peer(acceptor.accept());
    try {
      if (deflate) compress(peer);
      peer.accept();
      echo(peer);
    } catch (const boost::system::system_error& error) {
      std::cout << "closed 1006 " << error.what() << std::endl;
    }
  }
}

/** The test that has started this process ends it by closing its input. */
static void end_with_input() {
  std::string line;
  while (std::getline(std::cin, line)) {
  }
  std::_Exit(0);
}

int main(int, char** arguments) {
  std::thread(end_with_input).detach();
  std::cout << "version " << BOOST_VERSION / 100000 << "." << BOOST_VERSION / 100 % 1000 << std::endl;
  std::string mode = arguments[1];
  bool deflate = mode == "deflate";
  std::string role = arguments[2];
  role == "client" ? connect(arguments[3], deflate) : serve(deflate);
}
