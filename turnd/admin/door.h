// Door: one listening socket of the control plane and the clients that came through it (operations.md D6).
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "turnd/admin/http_connection.h"
#include "turnd/base/endpoint.h"

namespace turnd::admin {

// Descriptors held for the moment in which the process has none left: giving one up lets one client in.
class SpareDescriptors {
 public:
  static constexpr std::size_t kSpares = 16;
  SpareDescriptors() { refill(); }
  ~SpareDescriptors();
  SpareDescriptors(const SpareDescriptors&) = delete;
  SpareDescriptors& operator=(const SpareDescriptors&) = delete;

  void refill();
  // False: none left.
  [[nodiscard]] bool give_up_one();

 private:
  std::vector<int> spares_;
};

class Door : public std::enable_shared_from_this<Door> {
 public:
  using Protocol = boost::asio::generic::stream_protocol;

  // Takes over a listening descriptor. `family` is its AF_ constant.
  Door(boost::asio::io_context& io, int listener, int family,
       std::shared_ptr<const HttpConnection::Surroundings> around);

  void open();
  // Stops accepting and ends every connection.
  void close();
  // Stops accepting; who is connected stays.
  void stop_accepting();
  [[nodiscard]] std::size_t connections() const { return connections_.size(); }
  [[nodiscard]] int listener() { return acceptor_.native_handle(); }

 private:
  void accept();
  void on_accepted(Protocol::socket socket);
  void retry_accept(const boost::system::error_code& why);
  void make_room();

  boost::asio::basic_socket_acceptor<Protocol> acceptor_;
  boost::asio::steady_timer retry_;
  std::shared_ptr<const HttpConnection::Surroundings> around_;
  SpareDescriptors spares_;
  std::unordered_map<HttpConnection*, std::weak_ptr<HttpConnection>> connections_;
};

}  // namespace turnd::admin
