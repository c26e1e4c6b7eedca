// NodeDouble: a control socket with scripted replies, and a loop that waits for what must come.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace signaling::turn {

// Runs the loop until `done`; false: not within five seconds.
inline bool run_until(boost::asio::io_context& io, const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!done() && std::chrono::steady_clock::now() < end) {
    io.restart();
    io.run_one_for(std::chrono::milliseconds(50));
  }
  return done();
}

inline std::string http(unsigned status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

class NodeDouble {
  using Local = boost::asio::local::stream_protocol;

 public:
  NodeDouble(boost::asio::io_context& io, std::string path) : io_(io), path_(std::move(path)) { open(); }
  ~NodeDouble() { close(); }
  NodeDouble(const NodeDouble&) = delete;
  NodeDouble& operator=(const NodeDouble&) = delete;

  // What the request line "GET /x" is answered with, byte for byte; an empty text: nothing is ever answered.
  std::map<std::string, std::string> replies;
  std::vector<std::string> requests;  // request lines and bodies, as they came

  void open() {
    std::filesystem::remove(path_);
    acceptor_ = std::make_unique<Local::acceptor>(io_, Local::endpoint(path_));
    accept();
  }
  // As when the process ends: the socket and every connection are gone.
  void close() {
    acceptor_.reset();
    for (const auto& connection : connections_) connection->socket.close();
    connections_.clear();
    streams_.clear();
  }
  [[nodiscard]] std::size_t readers() const { return streams_.size(); }
  void tell(const std::string& line) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", line.size() + 1);
    for (const auto& stream : streams_) boost::asio::write(stream->socket, boost::asio::buffer(size + line + "\n\r\n"));
  }

 private:
  struct Connection {
    explicit Connection(Local::socket accepted) : socket(std::move(accepted)) {}
    Local::socket socket;
    std::string input;
    std::string output;
  };
  void accept() {
    acceptor_->async_accept([this](boost::system::error_code error, Local::socket socket) {
      if (error) return;
      connections_.push_back(std::make_shared<Connection>(std::move(socket)));
      read(connections_.back());
      accept();
    });
  }
  void read(const std::shared_ptr<Connection>& connection) {
    boost::asio::async_read_until(connection->socket, boost::asio::dynamic_buffer(connection->input), "\r\n\r\n",
                                  [this, connection](boost::system::error_code error, std::size_t size) {
                                    if (!error) answer(connection, size);
                                  });
  }
  void answer(const std::shared_ptr<Connection>& connection, std::size_t header) {
    const std::string line = connection->input.substr(0, connection->input.find(" HTTP/1.1"));
    requests.push_back(line + ' ' + connection->input.substr(header));
    if (line == "GET /v1/events") {
      connection->output = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
      streams_.push_back(connection);
    } else {
      connection->output = replies.count(line) ? replies[line] : http(404, "{}");
    }
    if (connection->output.empty()) return;
    boost::asio::async_write(connection->socket, boost::asio::buffer(connection->output),
                             [connection](boost::system::error_code, std::size_t) {});
  }

  boost::asio::io_context& io_;
  std::string path_;
  std::unique_ptr<Local::acceptor> acceptor_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> streams_;
};

}  // namespace signaling::turn
